using System.Text;
using System.Xml;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Markup;

namespace DataIngestion.Conversion.Xbrl;

/// <summary>
/// An XBRL 2.1 instance: every element under <c>xbrl</c> that is not of XBRL itself is a fact, or a tuple around facts. Facts of tuples are rows that
/// name their tuples.
/// </summary>
internal sealed class InstanceReader(FormatContext context, RecordTable table) : XbrlDocument(context, table)
{
    protected override async Task CollectAsync(XmlReader reader, MarkupTrees trees, CancellationToken cancellationToken)
    {
        var isThere = false;
        while (await reader.ReadAsync())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader.NodeType != XmlNodeType.Element)
                continue;
            trees.CheckDepth();
            isThere |= reader is { LocalName: "xbrl", NamespaceURI: XbrlSpaces.Instance };
            if (isThere && !await TakeResourceAsync(reader, trees) && reader is { LocalName: "footnoteLink", NamespaceURI: XbrlSpaces.Link })
                await FootnotesAsync(reader, trees);
        }

        if (!isThere)
            throw new ConversionException($"This is not an XBRL instance: there is no element <xbrl> of {XbrlSpaces.Instance}.");
    }

    /// <summary>Footnotes are connected to facts by labels: a locator says which facts a label means, an arc which footnote it has.</summary>
    async Task FootnotesAsync(XmlReader reader, MarkupTrees trees)
    {
        var facts = new List<(string Label, string Fact)>();
        var texts = new List<(string Label, string Text, int Line)>();
        var arcs = new List<(string From, string To)>();
        var depth = reader.Depth;
        var more = !reader.IsEmptyElement;
        while (more && await reader.ReadAsync() && reader.Depth > depth)
        {
            if (reader.NodeType != XmlNodeType.Element)
                continue;
            trees.CheckDepth();
            var label = reader.GetAttribute("label", XbrlSpaces.XLink) ?? "";
            switch (reader.LocalName)
            {
                case "loc" when reader.GetAttribute("href", XbrlSpaces.XLink) is { } href:
                    facts.Add((label, href[(href.IndexOf('#', StringComparison.Ordinal) + 1)..]));
                    break;
                case "footnoteArc":
                    arcs.Add((reader.GetAttribute("from", XbrlSpaces.XLink) ?? "", reader.GetAttribute("to", XbrlSpaces.XLink) ?? ""));
                    break;
                case "footnote":
                    var element = await trees.ReadAsync();
                    texts.Add((label, AllText(element).Trim(), element.Line));
                    break;
                default:
                    break;
            }
        }

        var byLabel = facts.ToLookup(f => f.Label, f => f.Fact, StringComparer.Ordinal);
        var textByLabel = texts.ToLookup(t => t.Label, StringComparer.Ordinal);
        foreach (var (from, to) in arcs)
        {
            foreach (var (_, text, line) in textByLabel[to])
            {
                foreach (var fact in byLabel[from])
                    Resources.AddFootnote(fact, text, line);
            }
        }
    }

    static string AllText(MarkupElement element) => element.Children.Count == 0 ? element.Text : string.Concat(element.Children.Select(AllText).Prepend(element.Text));

    protected override async Task FactsAsync(XmlReader reader, MarkupTrees trees, XbrlFactRows rows, CancellationToken cancellationToken)
    {
        var tuples = new List<(string Name, int Depth, int Number)>();
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var (root, empty) = (-1, 0L);
        while (await reader.ReadAsync())
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (reader.NodeType)
            {
                case XmlNodeType.EndElement:
                    root = reader.Depth == root ? -1 : root;
                    if (tuples.Count > 0 && tuples[^1].Depth == reader.Depth)
                        tuples.RemoveAt(tuples.Count - 1);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA when tuples.Count > 0:
                    await rows.AddAsync(new(tuples[^1].Name, null, trees.Line) { Value = reader.Value }, cancellationToken);
                    break;
                case XmlNodeType.Element when root < 0:
                    root = reader is { LocalName: "xbrl", NamespaceURI: XbrlSpaces.Instance, IsEmptyElement: false } ? reader.Depth : -1;
                    break;
                case XmlNodeType.Element when reader.NamespaceURI is XbrlSpaces.Instance or XbrlSpaces.Link:
                    await SkipAsync(reader);
                    break;
                case XmlNodeType.Element when reader.GetAttribute("contextRef") is not null:
                    trees.CheckDepth();
                    await rows.AddAsync(await FactAsync(reader, trees, tuples.Count == 0 ? null : string.Join('/', tuples.Select(t => $"{t.Name}[{t.Number}]"))), cancellationToken);
                    break;
                case XmlNodeType.Element:
                    trees.CheckDepth();
                    var number = numbers[reader.Name] = numbers.GetValueOrDefault(reader.Name) + 1;
                    if (reader.IsEmptyElement)
                        empty++;
                    else
                        tuples.Add((reader.Name, reader.Depth, number));
                    break;
                default:
                    break;
            }
        }

        if (empty > 0)
            Notes.Add($"{empty} elements have neither a context nor anything inside, and are no facts");
    }

    static async Task SkipAsync(XmlReader reader)
    {
        var depth = reader.Depth;
        var more = !reader.IsEmptyElement;
        while (more && await reader.ReadAsync() && reader.Depth > depth)
        {
            // What is inside was read in the first reading.
        }
    }

    async Task<XbrlFact> FactAsync(XmlReader reader, MarkupTrees trees, string? tuple)
    {
        var fact = new XbrlFact(reader.Name, reader.NamespaceURI, trees.Line)
        {
            Id = reader.GetAttribute("id"),
            Context = reader.GetAttribute("contextRef"),
            Unit = reader.GetAttribute("unitRef"),
            Decimals = reader.GetAttribute("decimals"),
            Precision = reader.GetAttribute("precision"),
            Language = reader.XmlLang is { Length: > 0 } language ? language : null,
            Tuple = tuple,
            IsNil = IsTrue(reader.GetAttribute("nil", XbrlSpaces.Schema)),
        };
        if (reader.IsEmptyElement)
            return fact;
        var text = new StringBuilder();
        var (depth, parts) = (reader.Depth, new List<string>());
        while (await reader.ReadAsync() && reader.Depth > depth)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element when reader is { LocalName: "numerator" or "denominator", NamespaceURI: XbrlSpaces.Instance }:
                    parts.Add((await trees.ReadAsync()).Text.Trim());
                    break;
                case XmlNodeType.Element:
                    throw new ConversionException($"The fact {fact.Concept} has an element <{reader.Name}> inside: a fact holds text, and one that holds facts has no context.", trees.Line, trees.Column);
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                    text.Append(reader.Value);
                    CheckLength(text.Length, trees);
                    break;
                default:
                    break;
            }
        }

        fact.IsFraction = parts.Count > 0;
        fact.Value = parts.Count > 0 ? string.Join('/', parts) : text.ToString();
        return fact;
    }
}
