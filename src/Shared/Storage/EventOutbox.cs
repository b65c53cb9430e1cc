using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Storage;

/// <summary>
/// Where lifecycle events wait to be published. A step appends its events before it reports itself done, so a crash can repeat an
/// event (with the same id) but not lose one. A function drains the queue into the event stream.
/// </summary>
public sealed class EventOutbox(MessageQueues queues, BlobStore blobs)
{
    /// <summary>Appends events; returns when they are durable. Data that do not fit into a message go to <c>control/events/{id}.json</c>.</summary>
    public async Task AppendAsync(IEnumerable<LifecycleEvent> events, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        foreach (var raised in events)
        {
            var happened = raised with { TraceParent = raised.TraceParent ?? RunTrace.Current };
            var body = JsonSerializer.SerializeToUtf8Bytes(happened, ContractJson.Options);
            if (body.Length > MessageQueues.MaxMessageBytes && happened.Data is { } data)
            {
                var at = new LakePath(Containers.Control, $"events/{happened.Id}.json");
                await blobs.WriteJsonOnceAsync(at, data, cancellationToken);
                body = JsonSerializer.SerializeToUtf8Bytes(happened with { Data = null, DataRef = at }, ContractJson.Options);
            }

            await queues.SendRawAsync(Queues.LifecycleEvents, body, cancellationToken: cancellationToken);
        }
    }
}
