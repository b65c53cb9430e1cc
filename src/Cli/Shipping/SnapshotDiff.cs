using System.Text.Json.Nodes;

namespace DataIngestion.Cli.Shipping;

/// <summary>What differs between two snapshots of what an environment is made of.</summary>
/// <param name="Kind"><c>create</c>, <c>delete</c> or <c>modify</c>.</param>
/// <param name="Resource">Type and name of the resource.</param>
/// <param name="Changes">For a changed resource each property with what it was and what it becomes.</param>
internal sealed record ResourceChange(string Kind, string Resource, IReadOnlyList<PropertyChange> Changes);

/// <summary>A property that changes; null is "not there".</summary>
internal sealed record PropertyChange(string Path, string? Before, string? After);

/// <summary>Compares snapshots as the Bicep compiler writes them.</summary>
internal static class SnapshotDiff
{
    /// <summary>Every resource that would be made, removed or changed, in order.</summary>
    public static IReadOnlyList<ResourceChange> Of(string before, string after)
    {
        var old = ResourcesOf(before);
        var now = ResourcesOf(after);
        return
        [
            .. now.Where(r => !old.ContainsKey(r.Key)).Select(r => new ResourceChange("create", r.Key, [])),
            .. old.Where(r => !now.ContainsKey(r.Key)).Select(r => new ResourceChange("delete", r.Key, [])),
            .. now.Where(r => old.ContainsKey(r.Key)).Select(r => new ResourceChange("modify", r.Key, [.. Compare("", old[r.Key], r.Value)])).Where(c => c.Changes.Count > 0),
        ];
    }

    static SortedDictionary<string, JsonNode> ResourcesOf(string snapshot)
    {
        var resources = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        var root = JsonNode.Parse(snapshot);
        foreach (var resource in (root?["predictedResources"] as JsonArray ?? []).OfType<JsonObject>())
        {
            // The id names the group, type and name; without one these two have to do.
            var name = resource["id"]?.ToString() is { } id && id.Split("/providers/") is { Length: > 1 } parts
                ? string.Join(" on ", parts.Skip(1).Reverse())
                : $"{resource["type"]}/{resource["name"]}";
            resources[name] = resource;
        }

        return resources;
    }

    static IEnumerable<PropertyChange> Compare(string path, JsonNode? before, JsonNode? after)
    {
        if (before is JsonObject old && after is JsonObject now)
        {
            return old.Select(p => p.Key).Union(now.Select(p => p.Key), StringComparer.Ordinal)
                .SelectMany(name => Compare(path.Length == 0 ? name : $"{path}.{name}", old[name], now[name]));
        }

        if (before is JsonArray olds && after is JsonArray news && olds.Count == news.Count)
            return Enumerable.Range(0, olds.Count).SelectMany(i => Compare($"{path}[{i}]", olds[i], news[i]));
        return JsonNode.DeepEquals(before, after) ? [] : [new(path, before?.ToJsonString(), after?.ToJsonString())];
    }
}
