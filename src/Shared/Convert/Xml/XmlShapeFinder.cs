using System.Xml;

namespace DataIngestion.Conversion.Xml;

/// <summary>Where the records of an XML document are if nobody says: at the path of the element with content of its own that occurs most often.</summary>
internal static class XmlShapeFinder
{
    const int MostPaths = 10_000;

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

        var best = paths.Where(p => p.Value.HasContent).OrderByDescending(p => p.Value.Count).ThenBy(p => p.Value.Depth).ThenBy(p => p.Key, StringComparer.Ordinal).FirstOrDefault();
        var text = best.Key is null || best.Value.Count < 2 ? paths.First(p => p.Value.Depth == 1).Key : best.Key;
        return XmlPath.Parse(text, new Dictionary<string, string>(StringComparer.Ordinal));
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
