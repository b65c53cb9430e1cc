using DataIngestion.Agents.Events;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Agents.Tests.Events;

public sealed class OutboxNoticeTests
{
    [Theory]
    [InlineData("AzureWebJobs.LifecycleEventPublisher.Disabled", "true", true)]
    [InlineData("AzureWebJobs_LifecycleEventPublisher_Disabled", "1", true)]
    [InlineData("AzureWebJobs.LifecycleEventPublisher.Disabled", "false", false)]
    [InlineData("AzureWebJobs.AuditTrail.Disabled", "true", false)]
    public async Task An_outbox_that_nobody_drains_is_named_at_start(string setting, string value, bool named)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [setting] = value }).Build();
        var log = new KeptLog();

        await new OutboxNotice(settings, log).StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(named, log.Warnings.Any(w => w.Contains("'lifecycle-events', which grows", StringComparison.Ordinal)));
    }

    sealed class KeptLog : ILogger<OutboxNotice>
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel is LogLevel.Warning)
                Warnings.Add(formatter(state, exception));
        }
    }
}
