using System.Text;
using System.Xml;

namespace DataIngestion.Collect;

/// <summary>
/// Records of XML: the elements at a path of local names (<c>Envelope/Cube/Cube</c>), wherever namespaces put them; a name may demand attributes
/// (<c>Cube[@currency]</c>, <c>Rate[@kind='mid']</c>), and several paths stand with <c>|</c> between. Memory follows the longest record.
/// </summary>
/// <param name="recordPath">From the root or from any depth below it, prefixes ignored.</param>
/// <param name="cursorField">An attribute, a child element's local name; null when its value is of no interest.</param>
/// <param name="paths">What it says about pages, as paths of elements, at the end perhaps an attribute (<c>paging/@next</c>); null for nothing.</param>
internal sealed class XmlRecords(string recordPath, string? cursorField, PagePaths? paths = null)
{
    static readonly XmlReaderSettings Settings = new()
    {
        Async = true,
        DtdProcessing = DtdProcessing.Prohibit,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        XmlResolver = null,
    };

    readonly Step[][] _paths = [.. recordPath.Split('|').Select(path => path.Trim().Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Step.Parse).ToArray())];

    // Older sources declare code pages, which .NET knows only when told.
    static XmlRecords() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
    readonly string? _keyField = paths?.Key;
    readonly XmlPlace? _next = PlaceOf(paths?.Next);
    readonly XmlPlace? _more = PlaceOf(paths?.More);
    readonly XmlPlace? _total = PlaceOf(paths?.Total);

    public async Task<ArtefactContent> ReadAsync(Stream content, IRecordSink sink, CancellationToken cancellationToken)
    {
        var (records, seen) = (0L, false);
        List<Open> open = [];
        var keys = new RecordKeys();
        string? next = null, hasMore = null, total = null;
        XmlPlace? wanted = null;
        try
        {
            using var reader = XmlReader.Create(content, Settings);
            var more = await reader.ReadAsync();
            while (more)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (reader.NodeType is XmlNodeType.Element)
                {
                    seen = true;
                    open.RemoveRange(reader.Depth, open.Count - reader.Depth);
                    open.Add(OpenOf(reader));
                    if (Array.Exists(_paths, path => IsAt(path, open)))
                    {
                        var text = await reader.ReadOuterXmlAsync(); // moves past the element
                        sink.OnRecord(records++, cursorField is null ? null : FieldOf(text, cursorField), Encoding.UTF8.GetBytes(text));
                        if (_keyField is not null)
                            keys.Add(FieldOf(text, _keyField));
                        continue;
                    }

                    wanted = null;
                    foreach (var place in (ReadOnlySpan<XmlPlace?>)[_next, _more, _total])
                    {
                        if (place is null || !IsAt(place.Path, open))
                            continue;
                        if (place.Attribute is { } attribute)
                            Take(place, reader.GetAttribute(attribute));
                        else
                            wanted = place;
                    }
                }
                else if (wanted is not null && reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
                {
                    Take(wanted!, reader.Value);
                }
                else if (reader.NodeType is XmlNodeType.EndElement)
                {
                    wanted = null;
                }

                more = await reader.ReadAsync();
            }
        }
        catch (XmlException fault)
        {
            throw new UnexpectedContentException($"is not XML, at line {fault.LineNumber}, column {fault.LinePosition} ({fault.Message})");
        }

        if (!seen)
            throw new UnexpectedContentException("has no element");
        return new(records, next)
        {
            HasMore = hasMore is not null and not ("0" or "false"),
            Total = total,
            FirstKey = keys.First,
            LastKey = keys.Last,
        };

        void Take(XmlPlace place, string? text)
        {
            if (text?.Trim() is not { Length: > 0 } value)
                return;
            if (ReferenceEquals(place, _next))
                next = value;
            if (ReferenceEquals(place, _more))
                hasMore = value;
            if (ReferenceEquals(place, _total))
                total = value;
        }
    }

    static bool IsAt(Step[] path, List<Open> open) => open.Count >= path.Length && Enumerable.Range(1, path.Length).All(i => path[^i].Fits(open[^i]));

    Open OpenOf(XmlReader reader)
    {
        var attributes = new List<(string, string)>();
        while (Array.Exists(_paths, p => Array.Exists(p, s => s.Attributes.Count > 0)) && reader.MoveToNextAttribute())
            attributes.Add((reader.LocalName, reader.Value));
        reader.MoveToElement();
        return new(reader.LocalName, attributes);
    }

    static string? FieldOf(string record, string field)
    {
        var root = System.Xml.Linq.XElement.Parse(record);
        var value = root.Attributes().FirstOrDefault(a => a.Name.LocalName == field.TrimStart('@'))?.Value
            ?? root.Descendants().FirstOrDefault(e => e.Name.LocalName == field)?.Value;
        return value?.Trim() is { Length: > 0 } text ? text : null;
    }

    static XmlPlace? PlaceOf(string? path)
    {
        if (path is null)
            return null;
        var steps = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return steps is [.. var elements, ['@', .. var attribute]] ? new([.. elements.Select(Step.Parse)], attribute) : new([.. steps.Select(Step.Parse)], null);
    }

    /// <summary>An element by the end of its path, or one of its attributes.</summary>
    sealed record XmlPlace(Step[] Path, string? Attribute);

    /// <summary>An element around the reader's place.</summary>
    sealed record Open(string Name, IReadOnlyList<(string Name, string Value)> Attributes);

    /// <summary>A step of a path; an attribute without a value only has to be there.</summary>
    sealed record Step(string Name, IReadOnlyList<(string Name, string? Value)> Attributes)
    {
        public static Step Parse(string text)
        {
            var parts = text.Split('[');
            return new(
                parts[0][(parts[0].IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(),
                [.. parts.Skip(1).Select(p => p.TrimEnd(']', ' ').TrimStart('@').Split('=', 2)).Select(p => (p[0], p.Length > 1 ? p[1].Trim('\'', '"') : null))]);
        }

        public bool Fits(Open element) =>
            (Name == "*" || Name == element.Name) && Attributes.All(wanted => element.Attributes.Any(a => a.Name == wanted.Name && (wanted.Value is null || a.Value == wanted.Value)));
    }
}
