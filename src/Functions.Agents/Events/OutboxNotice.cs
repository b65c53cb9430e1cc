using DataIngestion.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Agents.Events;

/// <summary>Says at start when nobody drains the outbox: a disabled publisher loses no event, but the queue grows until it is enabled.</summary>
internal sealed class OutboxNotice(IConfiguration settings, ILogger<OutboxNotice> logger) : IHostedService
{
    // Where the platform takes no dots in the names of environment variables, the Functions host reads underscores too.
    static readonly string[] Switches = [$"AzureWebJobs.{nameof(LifecycleEventPublisher)}.Disabled", $"AzureWebJobs_{nameof(LifecycleEventPublisher)}_Disabled"];

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (Switches.FirstOrDefault(name => settings[name] is "1" || bool.TryParse(settings[name], out var set) && set) is { } disabled)
        {
            logger.LogWarning(
                "'{Setting}' is set: lifecycle events are kept in the queue '{Queue}', which grows, and reach neither '{Stream}' nor the audit trail until it is removed",
                disabled, Queues.LifecycleEvents, EventStreams.Lifecycle);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
