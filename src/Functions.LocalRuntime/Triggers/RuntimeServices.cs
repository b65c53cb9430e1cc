using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.LocalRuntime.Triggers.EventHubs;
using DataIngestion.LocalRuntime.Triggers.Queues;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Triggers;

/// <summary>What the triggers and invocations of one host share.</summary>
internal sealed record RuntimeServices
{
    public required ILoggerFactory Loggers { get; init; }

    /// <summary>The clock of schedules and time stamps.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The clock of leases and polling, which is the storage service's.</summary>
    public required TimeProvider StorageTime { get; init; }

    public required StorageClients Storage { get; init; }

    public required LocalEventLog Events { get; init; }

    public required QueueWakeups Wakeups { get; init; }

    public required InvocationTracker Invocations { get; init; }

    /// <summary>The client functions get; valid once the host has its address.</summary>
    public required Func<DurableTaskClient> Durable { get; init; }
}

/// <summary>Takes work from one source until it is stopped.</summary>
internal interface ITriggerListener : IDisposable
{
    /// <summary>Begins to take work. Returns at once; a source that does not answer is tried again for as long as it takes.</summary>
    void Start();

    /// <summary>Takes no more work and returns when everything it took is done.</summary>
    Task StopAsync();
}
