using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DataIngestion.Infra.Tests.Bicep;

/// <summary>One resource as it would be deployed.</summary>
internal sealed partial class AzureResource(JsonObject json)
{
    public JsonObject Json => json;

    public string Id => Text("id") ?? "";

    public string Type => Text("type") ?? "";

    /// <summary>Its full name, a slash between parent and child.</summary>
    public string Name => Text("name") ?? "";

    /// <summary>Its own name, without its parents'.</summary>
    public string Leaf => Name[(Name.LastIndexOf('/') + 1)..];

    /// <summary>What an extension resource (a lock, a role assignment, a diagnostic setting) lies on; null for one without a host of its own.</summary>
    public string? Scope => UnresolvedExtension().Match(Id) is { Success: true } unresolved ? unresolved.Groups["scope"].Value
        : Id.LastIndexOf("/providers/", StringComparison.OrdinalIgnoreCase) is > 0 and var at ? Id[..at]
        : null;

    /// <summary>The resource that this is a child of.</summary>
    public string Parent => Id[..Id.LastIndexOf('/')] is var collection ? collection[..collection.LastIndexOf('/')] : "";

    /// <summary>The value at a path of names and indexes with dots between; null when there is none.</summary>
    public JsonNode? this[string path]
    {
        get
        {
            JsonNode? node = json;
            foreach (var step in path.Split('.'))
            {
                node = node switch
                {
                    JsonObject map => map.FirstOrDefault(p => p.Key.Equals(step, StringComparison.OrdinalIgnoreCase)).Value,
                    JsonArray list when int.TryParse(step, out var index) && index < list.Count => list[index],
                    _ => null,
                };
            }

            return node;
        }
    }

    /// <summary>The value at a path as text; null when there is none.</summary>
    public string? Text(string path) => this[path] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var other => other.ToJsonString(),
    };

    /// <summary>The entries of a list at a path.</summary>
    public IEnumerable<JsonNode> List(string path) => this[path] is JsonArray list ? list.OfType<JsonNode>() : [];

    /// <summary>Type and name, as messages call it.</summary>
    public override string ToString() => $"{Type} '{Name}'";

    // Its own name depends on what only Azure knows, such as an identity's object id.
    [GeneratedRegex(@"^\[extensionResourceId\('(?<scope>[^']+)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UnresolvedExtension();
}
