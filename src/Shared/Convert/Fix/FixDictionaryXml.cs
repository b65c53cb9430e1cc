using System.Collections.Frozen;
using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace DataIngestion.Conversion.Fix;

/// <summary>Reads a data dictionary in the XML form of QuickFIX: <c>&lt;fix major minor&gt;</c> with header, trailer, messages, components and fields.</summary>
internal static class FixDictionaryXml
{
    /// <summary>Bytes of the largest dictionary that is read.</summary>
    public const int MostBytes = 16 << 20;

    /// <summary>Nesting of its elements; components refer to each other by name, so real ones need few.</summary>
    const int MostDepth = 64;

    /// <exception cref="ConversionException">It is no such dictionary.</exception>
    public static FixDictionaryText Read(byte[] content)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(content), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var root = Load(reader);
            if (root.Name.LocalName != "fix")
                throw Wrong($"its root is <{root.Name.LocalName}>", root);
            return Read(root);
        }
        catch (XmlException wrong)
        {
            throw new ConversionException($"The FIX dictionary is no well-formed XML: {wrong.Message}", inner: wrong);
        }
    }

    static XElement Load(XmlReader reader)
    {
        XElement? root = null;
        var open = new Stack<XElement>();
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.EndElement)
                open.Pop();
            if (reader.NodeType != XmlNodeType.Element)
                continue;
            var (element, isEmpty) = (new XElement(reader.LocalName), reader.IsEmptyElement);
            while (reader.MoveToNextAttribute())
            {
                if (reader.Prefix.Length == 0 && reader.LocalName != "xmlns")
                    element.SetAttributeValue(reader.LocalName, reader.Value);
            }

            if (open.TryPeek(out var parent))
                parent.Add(element);
            root ??= element;
            if (!isEmpty)
                open.Push(element);
            if (open.Count > MostDepth)
                throw Wrong($"elements are nested more than {MostDepth} deep", element);
        }

        return root!;
    }

    static FixDictionaryText Read(XElement root)
    {
        var pack = (string?)root.Attribute("servicepack");
        var text = new FixDictionaryText
        {
            Version = $"{(string?)root.Attribute("type") ?? "FIX"}.{Text(root, "major")}.{Text(root, "minor")}{(pack is null or "0" or "" ? "" : "SP" + pack)}",
        };
        foreach (var field in root.Element("fields")?.Elements("field") ?? [])
            text.Fields.Add(Field(field));
        var tags = text.Fields.GroupBy(f => f.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Tag, StringComparer.Ordinal);
        foreach (var component in root.Element("components")?.Elements("component") ?? [])
            text.Components[Text(component, "name")] = Members(component, tags);
        if (root.Element("header") is { } header)
            text.Header = Members(header, tags);
        if (root.Element("trailer") is { } trailer)
            text.Trailer = Members(trailer, tags);
        foreach (var message in root.Element("messages")?.Elements("message") ?? [])
            text.Messages.Add(new(Text(message, "msgtype"), Text(message, "name"), Members(message, tags)));
        return text;
    }

    static FixField Field(XElement field)
    {
        var values = field.Elements("value").GroupBy(v => Text(v, "enum"), StringComparer.Ordinal)
            .ToFrozenDictionary(g => g.Key, g => (string?)g.First().Attribute("description") ?? g.Key, StringComparer.Ordinal);
        return int.TryParse(Text(field, "number"), NumberStyles.None, CultureInfo.InvariantCulture, out var tag) && tag > 0
            ? new(tag, Text(field, "name"), Text(field, "type"), values)
            : throw Wrong($"the number of a field is '{Text(field, "number")}'", field);
    }

    static List<FixMemberText> Members(XElement parent, Dictionary<string, int> tags) => [.. parent.Elements().Select(e => Member(e, tags))];

    static FixMemberText Member(XElement element, Dictionary<string, int> tags)
    {
        var (name, isRequired) = (Text(element, "name"), (string?)element.Attribute("required") == "Y");
        if (element.Name.LocalName == "component")
            return new(0, name, isRequired, null);
        if (element.Name.LocalName is not ("field" or "group"))
            throw Wrong($"<{element.Name.LocalName}> stands among fields", element);
        return tags.TryGetValue(name, out var tag)
            ? new(tag, null, isRequired, element.Name.LocalName == "group" ? Members(element, tags) : null)
            : throw Wrong($"the field '{name}' has no number", element);
    }

    static string Text(XElement element, string attribute) =>
        (string?)element.Attribute(attribute) ?? throw Wrong($"<{element.Name.LocalName}> has no '{attribute}'", element);

    static ConversionException Wrong(string what, XElement element) =>
        new($"This is no FIX dictionary as QuickFIX writes it: {what} (at <{element.Name.LocalName} {string.Join(' ', element.Attributes().Take(3))}>).");
}
