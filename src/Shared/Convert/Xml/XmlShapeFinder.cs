using System.Xml;

namespace DataIngestion.Conversion.Xml;

/// <summary>
/// Where the records of an XML document are if nobody says: where its schema has them, or at the path of the element with content of its own that occurs
/// most often. An element that hardly repeats inside another that repeats is a part of that one.
/// </summary>
internal static class XmlShapeFinder
{
    const int MostPaths = 10_000;

    /// <summary>How many times more often than the element around it an element must occur to be a record of its own.</summary>
    const int Repeats = 3;
    static readonly Dictionary<string, string> NoNamespaces = new(StringComparer.Ordinal);

    sealed class Seen(int depth)
    {
        public int Depth { get; } = depth;

        public long Count { get; set; }

        public bool HasContent { get; set; }
    }

    public static async Task<XmlPath> FindAsync(Stream content, FormatFinding finding, ConversionLimits limits, CancellationToken cancellationToken)
    {
        var paths = new Dictionary<string, Seen>(StringComparer.Ordinal);
        var open = new Stack<string>();
        using var reader = XmlReaders.Open(content, finding);
        try
        {
            while (await reader.ReadAsync())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (reader.NodeType == XmlNodeType.Element)
                    Element(reader, paths, open, limits);
                else if (reader.NodeType == XmlNodeType.EndElement)
                    open.Pop();
            }
        }
        catch (XmlException wrong)
        {
            throw XmlReaders.Error(wrong);
        }

        var root = paths.First(p => p.Value.Depth == 1).Key;
        if (XmlSchemas.Find(root[1..], paths.ContainsKey) is { } known)
            return XmlPath.Parse(known, NoNamespaces) with { HasAround = true };
        var best = paths.Where(p => p.Value.HasContent).OrderByDescending(p => p.Value.Count).ThenBy(p => p.Value.Depth).ThenBy(p => p.Key, StringComparer.Ordinal).FirstOrDefault();
        return XmlPath.Parse(best.Key is null || best.Value.Count < 2 ? root : Whole(best.Key, paths), NoNamespaces);
    }

    /// <summary>The element that an element is a part of: one around it that repeats nearly as often and has other parts too. Without one, itself.</summary>
    static string Whole(string path, Dictionary<string, Seen> paths)
    {
        var parts = paths.Keys.GroupBy(p => p[..p.LastIndexOf('/')], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        var whole = path;
        for (var at = path.LastIndexOf('/'); at > 0; at = path.LastIndexOf('/', at - 1))
        {
            var around = path[..at];
            if (paths.TryGetValue(around, out var seen) && seen.Count >= 2 && paths[path].Count < Repeats * seen.Count && parts[around] > 2)
                whole = around;
        }

        return whole;
    }

    static void Element(XmlReader reader, Dictionary<string, Seen> paths, Stack<string> open, ConversionLimits limits)
    {
        if (open.Count >= limits.MaxDepth)
            throw new ConversionException($"Elements are nested more than {limits.MaxDepth} deep.", ((IXmlLineInfo)reader).LineNumber, ((IXmlLineInfo)reader).LinePosition);
        var parent = open.Count > 0 ? open.Peek() : "";
        if (open.Count > 0 && paths.TryGetValue(parent, out var around))
            around.HasContent = true;
        var path = $"{parent}/{reader.LocalName}";
        if (!paths.TryGetValue(path, out var seen) && paths.Count < MostPaths)
            paths.Add(path, seen = new(open.Count + 1));
        if (seen is not null)
        {
            seen.Count++;
            seen.HasContent |= XmlReaders.Frame(reader).Attributes.Count > 0;
        }

        if (!reader.IsEmptyElement)
            open.Push(path);
    }
}
