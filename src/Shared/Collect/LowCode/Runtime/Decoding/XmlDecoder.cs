using System.Text;
using System.Xml;

namespace DataIngestion.Collect;

/// <summary>
/// XML as mappings (<c>XmlDecoder</c>): an element is its text, or a mapping of its attributes (<c>@name</c>), its elements (a list where one
/// comes several times) and its text (<c>#text</c>). Values stay text.
/// </summary>
internal sealed class XmlDecoder : Decoder
{
    const int MaxDepth = 128;

    static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    public override IEnumerable<object?> Read(Stream body)
    {
        if (body.Length == 0)
            return [new LowCodeMap()];
        try
        {
            using var xml = XmlReader.Create(body, Settings);
            xml.MoveToContent();
            return [new LowCodeMap { [xml.Name] = Element(xml, 0) }];
        }
        catch (XmlException wrong)
        {
            throw new UnexpectedContentException($"is no XML ({wrong.Message})");
        }
    }

    static object? Element(XmlReader xml, int depth)
    {
        if (depth > MaxDepth)
            throw new UnexpectedContentException($"is nested deeper than {MaxDepth} elements");
        var map = new LowCodeMap();
        var isEmpty = xml.IsEmptyElement;
        while (xml.MoveToNextAttribute())
            map[$"@{xml.Name}"] = xml.Value;
        xml.MoveToElement();
        var text = new StringBuilder();
        if (isEmpty)
            return map.Count == 0 ? null : map;
        while (xml.Read() && xml.NodeType != XmlNodeType.EndElement)
        {
            if (xml.NodeType == XmlNodeType.Element)
                Add(map, xml.Name, Element(xml, depth + 1));
            else if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace)
                text.Append(xml.Value);
        }

        var own = text.ToString().Trim();
        if (map.Count == 0)
            return own.Length == 0 ? null : own;
        if (own.Length > 0)
            map["#text"] = own;
        return map;
    }

    static void Add(LowCodeMap map, string name, object? value)
    {
        if (!map.TryGetValue(name, out var there))
            map[name] = value;
        else if (there is List<object?> list)
            list.Add(value);
        else
            map[name] = new List<object?> { there, value };
    }
}
