using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DataIngestion.Contracts;

/// <summary>The kinds of lifecycle event: the <c>type</c> of the CloudEvent.</summary>
public static class LifecycleEventTypes
{
    /// <summary>A collection began.</summary>
    public const string CollectionStarted = "collection_started";

    /// <summary>A collection landed everything it set out to.</summary>
    public const string CollectionCompleted = "collection_completed";

    /// <summary>A collection failed; the run may still retry it.</summary>
    public const string CollectionFailed = "collection_failed";

    /// <summary>The converter settled a schema.</summary>
    public const string SchemaInferred = "schema_inferred";

    /// <summary>Typed Parquet was written.</summary>
    public const string FormatConverted = "format_converted";

    /// <summary>The quality gate gave its verdict.</summary>
    public const string QualityChecked = "quality_checked";

    /// <summary>A snapshot was published.</summary>
    public const string MergeCompleted = "merge_completed";

    /// <summary>A run began.</summary>
    public const string RunStarted = "run_started";

    /// <summary>A run published everything it set out to.</summary>
    public const string RunCompleted = "run_completed";

    /// <summary>A run ended without publishing; what it had begun was undone.</summary>
    public const string RunFailed = "run_failed";
}

/// <summary>A lifecycle event as CloudEvents 1.0 in JSON (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md). Delivered at least once; the same event always has the same id.</summary>
public sealed record LifecycleEvent
{
    /// <summary>CloudEvents version.</summary>
    [JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    /// <summary>Derived from what happened, not from when it was sent: see <see cref="Create"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The service that speaks, e.g. <c>/data-collector</c>.</summary>
    public required string Source { get; init; }

    /// <summary>See <see cref="LifecycleEventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The run it is about; also the partition key.</summary>
    public required string Subject { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>Always JSON.</summary>
    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    /// <summary>What happened, in the fields of the event's type; null when it lies in <see cref="DataRef"/>.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Where the data lie when they are too large for a message, as <c>container/name</c> (https://github.com/cloudevents/spec/blob/main/cloudevents/extensions/dataref.md).</summary>
    [JsonPropertyName("dataref")]
    public LakePath? DataRef { get; init; }

    /// <summary>W3C <c>traceparent</c> of the step that raised it (https://github.com/cloudevents/spec/blob/main/cloudevents/extensions/distributed-tracing.md); null for none.</summary>
    [JsonPropertyName("traceparent")]
    public string? TraceParent { get; init; }

    /// <summary>An event whose id is a hash of type, run and <paramref name="cause"/>, so that a step done twice reports one event twice, not two events.</summary>
    /// <param name="type">See <see cref="LifecycleEventTypes"/>.</param>
    /// <param name="service">See <see cref="Services"/>.</param>
    /// <param name="run">Run id.</param>
    /// <param name="cause">What tells this event from others of its type in the run, e.g. the command id.</param>
    /// <param name="time">When it happened.</param>
    /// <param name="data">Serialised as JSON.</param>
    public static LifecycleEvent Create(string type, string service, string run, string cause, DateTimeOffset time, object data) => new()
    {
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{type}\n{run}\n{cause}")).AsSpan(0, 16)),
        Source = $"/{service}",
        Type = type,
        Subject = run,
        Time = time,
        Data = JsonSerializer.SerializeToElement(data, ContractJson.Options),
    };
}
