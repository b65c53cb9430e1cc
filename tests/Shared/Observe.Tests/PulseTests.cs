using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.TestKit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Observe.Tests;

public sealed class PulseTests(AzuriteFixture azurite) : IDisposable
{
    readonly RecordedMetrics _recorded = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _recorded.Dispose();

    [Fact]
    public async Task Every_check_of_readiness_is_told_whichever_service_it_belongs_to()
    {
        var time = new FakeTimeProvider();
        var reporter = new HealthReporter(
            [new Probe("a", HealthStatus.Pass), new Probe("b", HealthStatus.Warn, Services.DataMerger), new Probe("c", HealthStatus.Fail), new Probe("start", HealthStatus.Fail, null, HealthQuestion.Startup)], time);
        using var pulse = new HealthPulse(reporter, _recorded.Meters, new Lifetime(), time);

        await pulse.BeatAsync(Cancel);

        Assert.Equal([("health.check{check=a}", 1), ("health.check{check=b}", 0.5), ("health.check{check=c}", 0)], _recorded.All.OrderBy(m => m.Series, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Queues_are_told_with_their_poison_twins_and_one_that_is_not_there_is_empty()
    {
        var clients = StorageClients.Connect(azurite.ConnectionString);
        var poison = clients.Queues.GetQueueClient(Queues.DataMerger + Queues.PoisonSuffix);
        await poison.CreateIfNotExistsAsync(cancellationToken: Cancel);
        await poison.SendMessageAsync("bad", Cancel);

        var depths = await new QueueDepths(clients, _recorded.Meters).LookAsync(Cancel);

        Assert.Equal(2 * Queues.All.Count, depths.Count);
        Assert.True(depths[poison.Name] >= 1);
        Assert.Equal([depths[poison.Name]], _recorded.Of($"queue.messages{{queue={poison.Name}}}"));
    }

    sealed class Probe(string name, HealthStatus status, string? service = null, HealthQuestion question = HealthQuestion.Ready) : IHealthProbe
    {
        public string Name => name;

        public string? Service => service;

        public HealthQuestion Question => question;

        public Task<HealthAnswer> CheckAsync(CancellationToken cancellationToken) => Task.FromResult<HealthAnswer>(new(status));
    }

    sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => new(canceled: true);

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication()
        {
        }
    }
}
