using System.Text;
using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.Storage.Usage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Agents.Events;

/// <summary>Keeps every lifecycle event, once, under <c>audit/{yyyy}/{MM}/{dd}/{run}/{type}-{id}.json</c>.</summary>
public sealed class AuditTrail(BlobStore blobs, ILogger<AuditTrail> logger)
{
    /// <summary>Writes the events of a batch. An event delivered twice is kept once.</summary>
    [Function(nameof(AuditTrail))]
    public async Task RunAsync(
        [EventHubTrigger(EventStreams.Lifecycle, Connection = "EventHubs", ConsumerGroup = "audit")] string[] events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        var runs = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in events)
        {
            if (Read(text) is not { } happened || !RunId.TryParse(happened.Subject, out _, out var day))
                continue;
            runs.Add(happened.Subject);
            using var content = new MemoryStream(Encoding.UTF8.GetBytes(text), writable: false);
            await blobs.WriteOnceAsync(PathOf(happened, day), content, "application/cloudevents+json", cancellationToken);
        }

        if (runs.Count == 1) // a batch of several is used by all of them
            UsageScope.Attribute(UsageSubject.Of(runs.First()));
    }

    // The stream is open to other writers; what is not ours must not stop what is.
    LifecycleEvent? Read(string text)
    {
        try
        {
            if (JsonSerializer.Deserialize<LifecycleEvent>(text, ContractJson.Options) is { } happened && RunId.TryParse(happened.Subject, out _, out _))
                return happened;
        }
        catch (JsonException fault)
        {
            logger.LogWarning(fault, "An event on '{Stream}' is not a lifecycle event and was passed over", EventStreams.Lifecycle);
            return null;
        }

        logger.LogWarning("An event on '{Stream}' names no run and was passed over", EventStreams.Lifecycle);
        return null;
    }

    static LakePath PathOf(LifecycleEvent happened, DateTimeOffset day) =>
        new(Containers.Audit, $"{day:yyyy'/'MM'/'dd}/{happened.Subject}/{happened.Type}-{happened.Id}.json");
}
