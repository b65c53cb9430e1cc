using DataIngestion.Contracts;

namespace DataIngestion.Storage;

/// <summary>
/// Where lifecycle events wait to be published. A step appends its events before it reports itself done, so a crash can repeat an
/// event (with the same id) but not lose one. A function drains the queue into the event stream.
/// </summary>
public sealed class EventOutbox(MessageQueues queues)
{
    /// <summary>Appends events; returns when they are durable.</summary>
    public async Task AppendAsync(IEnumerable<LifecycleEvent> events, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        foreach (var happened in events)
            await queues.SendAsync(Queues.LifecycleEvents, happened, cancellationToken: cancellationToken);
    }
}
