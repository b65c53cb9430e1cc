using System.Xml;
using System.Xml.Linq;

namespace DataIngestion.Cli.Proposing;

/// <summary>Finds where the records lie in an XML document: the element that is repeated most and holds values.</summary>
internal static class XmlPaths
{
    /// <summary>The best place; null where it is no XML, or no element is repeated.</summary>
    public static RecordPathGuess? Find(byte[] body)
    {
        if (!body.AsSpan().TrimStart("\uFEFF \t\r\n"u8).StartsWith("<"u8))
            return null;
        XDocument document;
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body, writable: false), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 64 << 20 });
            document = XDocument.Load(reader);
        }
        catch (Exception fault) when (fault is XmlException or NotSupportedException or ArgumentException)
        {
            return null; // HTML, or another encoding: the converter says what it is
        }

        var all = document.Descendants().GroupBy(e => e.Name.LocalName).Select(g => (Name: g.Key, Elements: g.ToList()))
            .Select(g => (g.Name, g.Elements, Values: g.Elements.Average(e => e.Attributes().Count(a => !a.IsNamespaceDeclaration) + e.Elements().Count(c => !c.HasElements))))
            .Where(g => g.Elements.Count > 1 && g.Values >= 1)
            .OrderByDescending(g => Math.Log2(1 + g.Elements.Count) * Math.Sqrt(g.Values))
            .ToList();
        if (all.Count == 0)
            return null;
        var (name, elements, _) = all[0];

        // An element inside itself: those with the attribute that the innermost have are the records.
        var attribute = elements.Exists(e => e.Descendants(e.Name).Any()) ? elements.FindLast(e => !e.HasElements)?.Attributes().FirstOrDefault(a => !a.IsNamespaceDeclaration)?.Name.LocalName : null;
        var path = attribute is null ? $"//{name}" : $"//{name}[@{attribute}]";
        return new(new(path, 0.85, $"<{name}> stands {elements.Count} times with values in it"), IsColumns: false, []);
    }
}
