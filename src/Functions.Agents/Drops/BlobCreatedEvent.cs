using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataIngestion.Contracts;

namespace DataIngestion.Agents.Drops;

/// <summary>Event Grid's <c>Microsoft.Storage.BlobCreated</c>, in the CloudEvents 1.0 schema or in Event Grid's own.</summary>
/// <param name="Id">The event's id.</param>
/// <param name="Path">The blob.</param>
/// <param name="ETag">Its version when the event was raised.</param>
/// <param name="Length">Its bytes then.</param>
/// <param name="Time">When it was written.</param>
public sealed record BlobCreatedEvent(string Id, LakePath Path, string ETag, long Length, DateTimeOffset Time)
{
    const string Type = "Microsoft.Storage.BlobCreated";

    /// <summary>Reads a message of <see cref="Queues.DroppedFiles"/>.</summary>
    /// <param name="message">One event, or an array that holds one.</param>
    /// <exception cref="UnreadableMessageException">It is no such event, or one about another container.</exception>
    public static BlobCreatedEvent Read(string message)
    {
        try
        {
            var root = JsonNode.Parse(message);
            var happened = (root is JsonArray { Count: 1 } one ? one[0] : root) as JsonObject ?? throw Unreadable("is not one JSON object");
            var cloud = happened.ContainsKey("specversion");
            if (cloud && Text(happened, "specversion") is not "1.0")
                throw Unreadable($"has specversion '{Text(happened, "specversion")}': expected 1.0");
            if (Text(happened, cloud ? "type" : "eventType") is var type && type is not Type)
                throw Unreadable($"is of type '{type}': expected {Type}");

            var data = happened["data"] as JsonObject ?? throw Unreadable("has no data");
            return new(
                Text(happened, "id"),
                PathOf(Text(happened, "subject")),
                Text(data, "eTag"),
                data["contentLength"] is JsonValue value && value.TryGetValue<long>(out var length) && length >= 0 ? length : throw Unreadable("has no data.contentLength"),
                DateTimeOffset.TryParse(Text(happened, cloud ? "time" : "eventTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
                    ? time
                    : throw Unreadable("has a time that is none"));
        }
        catch (JsonException fault)
        {
            throw new UnreadableMessageException($"A message on '{Queues.DroppedFiles}' is not JSON: {fault.Message}", fault);
        }
    }

    // /blobServices/default/containers/{container}/blobs/{name}; the name is not escaped.
    static LakePath PathOf(string subject)
    {
        const string before = "/containers/", between = "/blobs/";
        var container = subject.IndexOf(before, StringComparison.Ordinal);
        var name = container < 0 ? -1 : subject.IndexOf(between, container + before.Length, StringComparison.Ordinal);
        if (name < 0 || subject[(container + before.Length)..name] is not Containers.Drop)
            throw Unreadable($"is about '{subject}': expected a blob of the container '{Containers.Drop}'");
        try
        {
            return new(Containers.Drop, subject[(name + between.Length)..]);
        }
        catch (ArgumentException fault)
        {
            throw new UnreadableMessageException($"A message on '{Queues.DroppedFiles}' names a blob that cannot be ingested: {fault.Message}", fault);
        }
    }

    static string Text(JsonObject from, string name) =>
        from[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : throw Unreadable($"has no '{name}'");

    static UnreadableMessageException Unreadable(string what) => new($"A message on '{Queues.DroppedFiles}' {what}.");
}
