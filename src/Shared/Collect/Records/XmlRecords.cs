using System.Text;
using System.Xml;

namespace DataIngestion.Collect;

/// <summary>Records of XML: the elements at a path of local names (<c>Envelope/Cube/Cube</c>), wherever namespaces put them. Memory follows the longest record.</summary>
/// <param name="recordPath">From the root or from any depth below it, prefixes ignored.</param>
/// <param name="cursorField">An attribute, a child element's local name; null when its value is of no interest.</param>
internal sealed class XmlRecords(string recordPath, string? cursorField)
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

    readonly string[] _path = [.. recordPath.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(LocalName)];

    public async Task<ArtefactContent> ReadAsync(Stream content, IRecordSink sink, CancellationToken cancellationToken)
    {
        var (records, seen) = (0L, false);
        List<string> open = [];
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
                    open.Add(reader.LocalName);
                    if (IsRecord(open))
                    {
                        var text = await reader.ReadOuterXmlAsync(); // moves past the element
                        sink.OnRecord(records++, cursorField is null ? null : CursorOf(text), Encoding.UTF8.GetBytes(text));
                        continue;
                    }
                }

                more = await reader.ReadAsync();
            }
        }
        catch (XmlException fault)
        {
            throw new UnexpectedContentException($"is not XML, at line {fault.LineNumber}, column {fault.LinePosition} ({fault.Message})");
        }

        return seen ? new(records, null) : throw new UnexpectedContentException("has no element");
    }

    bool IsRecord(List<string> open)
    {
        if (open.Count < _path.Length)
            return false;
        for (var i = 1; i <= _path.Length; i++)
        {
            if (_path[^i] != open[^i])
                return false;
        }

        return true;
    }

    string? CursorOf(string record)
    {
        var root = System.Xml.Linq.XElement.Parse(record);
        var value = root.Attributes().FirstOrDefault(a => a.Name.LocalName == cursorField!.TrimStart('@'))?.Value
            ?? root.Descendants().FirstOrDefault(e => e.Name.LocalName == cursorField)?.Value;
        return value?.Trim() is { Length: > 0 } text ? text : null;
    }

    static string LocalName(string step) => step[(step.IndexOf(':', StringComparison.Ordinal) + 1)..];
}
