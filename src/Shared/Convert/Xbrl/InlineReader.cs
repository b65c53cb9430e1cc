using System.Text;
using System.Xml;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Markup;
using DataIngestion.Conversion.Xml;

namespace DataIngestion.Conversion.Xbrl;

/// <summary>
/// Inline XBRL: facts marked in an XHTML page, nested and continued elsewhere, displayed in the page's way and brought back to values by their
/// transformations, scale and sign.
/// </summary>
internal sealed class InlineReader(FormatContext context, RecordTable table) : XbrlDocument(context, table)
{
    /// <summary>Prefixes that documents use by custom; some of them forget to declare them.</summary>
    static readonly (string Prefix, string Space)[] Customary =
    [
        ("ix", XbrlSpaces.Inline11), ("xbrli", XbrlSpaces.Instance), ("link", XbrlSpaces.Link), ("xlink", XbrlSpaces.XLink), ("xsi", XbrlSpaces.Schema),
        ("xbrldi", "http://xbrl.org/2006/xbrldi"), ("xhtml", "http://www.w3.org/1999/xhtml"),
    ];

    readonly HashSet<string> _declared = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, long> _unread = new(StringComparer.Ordinal);
    readonly SortedSet<string> _missing = new(StringComparer.Ordinal);

    protected override XmlReader Open(Stream content)
    {
        var names = new XmlNamespaceManager(new NameTable());
        foreach (var (prefix, space) in Customary)
            names.AddNamespace(prefix, space);
        return XmlReaders.Open(content, Format.Finding, new(names.NameTable, names, null, XmlSpace.None), passesDocumentType: true);
    }

    protected override async Task CollectAsync(XmlReader reader, MarkupTrees trees, CancellationToken cancellationToken)
    {
        var open = new InlineTexts(Format.Limits);
        var notes = new Dictionary<string, string>(StringComparer.Ordinal);
        var relations = new List<(string From, string To, int Line)>();
        var isThere = false;
        while (await reader.ReadAsync())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader.NodeType == XmlNodeType.Element)
            {
                trees.CheckDepth();
                Declare(reader);
                if (!XbrlSpaces.IsInline(reader.NamespaceURI))
                {
                    if (!await TakeResourceAsync(reader, trees))
                        open.Markup(reader);
                    continue;
                }

                isThere = true;
                var id = reader.GetAttribute("id") ?? reader.GetAttribute("footnoteID");
                if (reader.LocalName == "relationship")
                    Relate(relations, reader.GetAttribute("fromRefs"), reader.GetAttribute("toRefs"), trees.Line);
                else if (reader.GetAttribute("footnoteRefs") is { } references)
                    Relate(relations, id, references, trees.Line);
                if (reader is { LocalName: "continuation" or "footnote", IsEmptyElement: false } && id is not null)
                    open.Begin(reader.Depth, (id, reader.LocalName, reader.GetAttribute("continuedAt")), isMarkup: reader.LocalName == "continuation", trees.Line);
                else if (reader is { LocalName: "exclude", IsEmptyElement: false })
                    open.Exclude(reader.Depth);
            }
            else if (reader.NodeType == XmlNodeType.EndElement)
            {
                if (open.End(reader) is not { } done)
                    continue;
                var (id, name, next) = ((string, string, string?))done.Of;
                if (name == "continuation")
                    Resources.AddContinuation(id, done.Text, next, done.Line);
                else
                    notes.TryAdd(id, done.Text.Trim());
            }
            else
            {
                open.Character(reader, trees);
            }
        }

        if (!isThere)
            throw new ConversionException($"This is not inline XBRL: there is no element of {XbrlSpaces.Inline11} or {XbrlSpaces.Inline10}.");
        foreach (var (from, to, line) in relations)
        {
            if (notes.TryGetValue(to, out var text))
                Resources.AddFootnote(from, text, line);
        }
    }

    void Declare(XmlReader reader)
    {
        if (!reader.HasAttributes)
            return;
        while (reader.MoveToNextAttribute())
        {
            if (reader.Prefix == "xmlns")
                _declared.Add(reader.LocalName);
        }

        reader.MoveToElement();
    }

    static void Relate(List<(string From, string To, int Line)> relations, string? from, string? to, int line)
    {
        foreach (var fact in Words(from))
            relations.AddRange(Words(to).Select(note => (fact, note, line)));
    }

    static string[] Words(string? text) => text?.Split((char[])[' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries) ?? [];

    protected override async Task FactsAsync(XmlReader reader, MarkupTrees trees, XbrlFactRows rows, CancellationToken cancellationToken)
    {
        var open = new InlineTexts(Format.Limits);
        var tuples = new Stack<(int Depth, string Name)>();
        var hidden = int.MaxValue;
        while (await reader.ReadAsync())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader.NodeType == XmlNodeType.Element)
            {
                trees.CheckDepth();
                if (!XbrlSpaces.IsInline(reader.NamespaceURI))
                {
                    open.Markup(reader);
                    continue;
                }

                switch (reader.LocalName)
                {
                    case "hidden" when !reader.IsEmptyElement:
                        hidden = reader.Depth;
                        break;
                    case "exclude" when !reader.IsEmptyElement:
                        open.Exclude(reader.Depth);
                        break;
                    case "tuple" when !reader.IsEmptyElement:
                        tuples.Push((reader.Depth, reader.GetAttribute("tupleID") ?? reader.GetAttribute("name") ?? ""));
                        break;
                    case "nonFraction" or "nonNumeric" or "fraction" or "numerator" or "denominator":
                        var mark = InlineFact.Of(reader, trees.Line, hidden != int.MaxValue, tuples.TryPeek(out var tuple) ? tuple.Name : null);
                        if (reader.IsEmptyElement)
                            await EndAsync(mark, "", open, rows, cancellationToken);
                        else
                            open.Begin(reader.Depth, mark, mark.IsEscaped, trees.Line);
                        break;
                    default:
                        break;
                }
            }
            else if (reader.NodeType == XmlNodeType.EndElement)
            {
                if (reader.Depth == hidden)
                    hidden = int.MaxValue;
                if (tuples.TryPeek(out var tuple) && tuple.Depth == reader.Depth)
                    tuples.Pop();
                if (open.End(reader) is { } done)
                    await EndAsync((InlineFact)done.Of, done.Text, open, rows, cancellationToken);
            }
            else
            {
                open.Character(reader, trees);
            }
        }

        Tell();
    }

    async ValueTask EndAsync(InlineFact mark, string text, InlineTexts open, XbrlFactRows rows, CancellationToken cancellationToken)
    {
        var value = mark.Continue(text, Resources, Format.Limits, _missing);
        var settled = mark.Settle(value, out var isRead);
        if (!isRead)
            _unread[mark.Format!] = _unread.GetValueOrDefault(mark.Format!) + 1;
        if (mark.Kind is "numerator" or "denominator")
        {
            if (open.Innermost?.Of is InlineFact { Kind: "fraction" } fraction)
                fraction.Parts.Add(settled);
            return;
        }

        var fact = mark.Fact;
        fact.IsFraction = mark.Kind == "fraction";
        fact.Value = fact.IsFraction ? string.Join('/', mark.Parts) : settled;
        fact.Other = mark.Other;
        await rows.AddAsync(fact, cancellationToken);
    }

    void Tell()
    {
        if (Customary.Where(c => c.Prefix is "ix" or "xbrli" && !_declared.Contains(c.Prefix)).Select(c => c.Prefix).ToList() is { Count: > 0 } forgotten && !_declared.Overlaps(forgotten) && _declared.Count == 0)
            Notes.Add($"the prefixes {string.Join(", ", forgotten)} are not declared and were taken as usual");
        foreach (var (format, count) in _unread)
            Notes.Add($"the transformation {format} is not known: {count} values are as displayed");
        if (_missing.Count > 0)
            Notes.Add($"{_missing.Count} texts go on at places that are not there: {string.Join(", ", _missing.Take(5))}");
    }
}
