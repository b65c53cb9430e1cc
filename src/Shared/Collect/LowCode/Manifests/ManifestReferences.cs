using System.Text.RegularExpressions;

namespace DataIngestion.Collect;

/// <summary>
/// Follows references: a text <c>#/definitions/x</c> is replaced by what stands there, <c>$ref</c> in a mapping brings the fields in that the mapping does not have
/// itself, and <c>*ref(definitions.x)</c> is how manifests before 0.30 wrote it.
/// </summary>
internal sealed partial class ManifestReferences(ManifestComponent root)
{
    const int MaxNodes = 2_000_000;
    const int MaxDepth = 200;

    readonly HashSet<string> _open = new(StringComparer.Ordinal);
    int _nodes;
    int _depth;

    /// <summary>A part with every reference followed.</summary>
    public ManifestNode Resolve(ManifestNode node)
    {
        if (++_nodes > MaxNodes)
            throw Fault(node, $"the manifest has more than {MaxNodes} values when its references are followed.");
        if (++_depth > MaxDepth)
            throw Fault(node, $"references lead deeper than {MaxDepth} levels.");
        var resolved = node switch
        {
            ManifestComponent map => Mapping(map),
            ManifestItems list => new ManifestItems(list.Line, [.. list.Items.Select(Resolve)]),
            ManifestValue { Value: string text } when Target(text) is { } target => Followed(node, text, target),
            _ => node,
        };
        _depth--;
        return resolved;
    }

    ManifestNode Mapping(ManifestComponent map)
    {
        var resolved = new ManifestComponent(map.File, map.Line);
        foreach (var (name, node) in map.Fields.Where(f => f.Key != "$ref"))
            resolved.Fields[name] = name == "config_overrides" ? node.Copy() : Resolve(node);
        if (!map.Fields.TryGetValue("$ref", out var reference))
            return resolved;
        if (Resolve(reference) is not ManifestComponent referred)
            return Resolve(reference);

        // First what is referred to, then the mapping's own, which is how the order of fields comes out.
        var merged = new ManifestComponent(map.File, map.Line);
        foreach (var (name, node) in referred.Fields)
            merged.Fields[name] = node;
        foreach (var (name, node) in resolved.Fields)
            merged.Fields[name] = node;
        return merged;
    }

    ManifestNode Followed(ManifestNode node, string text, string target)
    {
        if (!_open.Add(text))
            throw Fault(node, $"the reference '{text}' leads to itself.");
        var found = Find(root, target) ?? throw Fault(node, $"the reference '{text}' leads nowhere: {Hint(target)}");
        var resolved = Resolve(found);
        _open.Remove(text);
        return resolved;
    }

    // Names may hold slashes: the longest name that exists is taken.
    static ManifestNode? Find(ManifestNode from, string path)
    {
        while (path.Length > 0)
        {
            if (from is ManifestComponent whole && whole.Fields.TryGetValue(path, out var exact))
                return exact;
            var slash = path.IndexOf('/', StringComparison.Ordinal);
            var head = slash < 0 ? path : path[..slash];
            path = slash < 0 ? "" : path[(slash + 1)..];
            var next = from switch
            {
                ManifestComponent map when map.Fields.TryGetValue(head, out var field) => field,
                ManifestItems list when int.TryParse(head, out var place) && place >= 0 && place < list.Items.Count => list.Items[place],
                ManifestComponent map when map.Fields.TryGetValue("$ref", out var reference) && reference is ManifestValue { Value: string behind } => new ManifestValue(map.Line, $"{behind}/{head}"),
                _ => null,
            };
            if (next is null)
                return null;
            // The way may lead through another reference.
            from = path.Length > 0 && next is ManifestValue { Value: string text } && Target(text) is not null ? new ManifestValue(next.Line, $"{text}/{path}") : next;
            if (!ReferenceEquals(from, next))
                return from;
        }

        return from;
    }

    static string? Target(string text)
    {
        if (text.StartsWith("#/", StringComparison.Ordinal))
            return text[2..];
        return text.StartsWith("*ref(", StringComparison.Ordinal) && Old().Match(text) is { Success: true } match ? match.Groups["path"].Value.Replace('.', '/') : null;
    }

    string Hint(string target)
    {
        var name = target[(target.LastIndexOf('/') + 1)..];
        var holder = target.Contains('/', StringComparison.Ordinal) ? Find(root, target[..target.LastIndexOf('/')]) : root;
        return holder is ManifestComponent map ? Contracts.Suggestion.Phrase(name, [.. map.Fields.Keys]) : "expected a path from the top of the file, such as '#/definitions/requester'.";
    }

    ManifestException Fault(ManifestNode at, string message) => new(new(root.File, at.Line, message));

    [GeneratedRegex(@"\A\*ref\((?<path>[^)]+)\)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Old();
}
