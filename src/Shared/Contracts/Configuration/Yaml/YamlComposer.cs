using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DataIngestion.Contracts;

/// <summary>
/// Composes one YAML document into nodes. Stricter than YAML where leniency hides mistakes: no tags, no merge keys, no second document,
/// each key once; aliases may repeat a value but not blow the document up.
/// </summary>
internal sealed class YamlComposer(string file, ICollection<ConfigurationFault> faults)
{
    /// <summary>Nodes of one document, each alias counting as often as what it stands for.</summary>
    internal const int MaxNodes = 50_000;

    /// <summary>Levels of lists and mappings.</summary>
    internal const int MaxDepth = 32;

    readonly Dictionary<string, (YamlNode Node, int Size)?> _anchors = new(StringComparer.Ordinal);
    int _size;

    /// <summary>The document, or null when it cannot be read, which is then among the faults.</summary>
    public YamlNode? Compose(string text)
    {
        using var reader = new StringReader(text);
        var parser = new Parser(reader);
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
                return Fault(1, "the file is empty.");

            parser.Consume<DocumentStart>();
            var root = Node(parser, depth: 0);
            parser.Consume<DocumentEnd>();
            return parser.Accept<DocumentStart>(out var second)
                ? Fault(LineOf(second.Start), "a second document begins here: expected one document in a file.")
                : root;
        }
        catch (DocumentTooLargeException large)
        {
            return Fault(large.Line, large.Message);
        }
        catch (YamlException syntax)
        {
            return TabIn(text, LineOf(syntax.Start), LineOf(syntax.End)) is { } tab
                ? Fault(tab, "not YAML: a tab indents this line; expected spaces.")
                : Fault(LineOf(syntax.Start), $"not YAML: {Sentence(syntax.Message)}");
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            // The scanner gives up like this on some unbalanced brackets; its last event is the nearest known place.
            return Fault(parser.Current is { } last ? LineOf(last.End) : 1, "not YAML from here on: expected balanced brackets and quotes.");
        }
    }

    YamlNode Node(Parser parser, int depth)
    {
        var start = parser.Current!.Start;
        var line = LineOf(start);
        if (depth > MaxDepth)
            throw new DocumentTooLargeException(line, $"nested deeper than {MaxDepth} levels.");
        Grow(1, line);

        if (parser.TryConsume<AnchorAlias>(out var alias))
            return Resolve(alias.Value.Value, line);

        var node = (NodeEvent)parser.Current!;
        if (!node.Tag.IsEmpty)
            Fault(line, $"the tag '{node.Tag}' is not supported: expected a plain value.");

        var anchor = node.Anchor.IsEmpty ? null : node.Anchor.Value;
        var before = _size;
        if (anchor is not null)
            _anchors[anchor] = null; // not complete: an alias inside it would never end

        YamlNode composed = node switch
        {
            Scalar => ScalarOf(parser.Consume<Scalar>(), line),
            SequenceStart => Sequence(parser, line, depth),
            MappingStart => Mapping(parser, line, depth),
            _ => throw new SemanticErrorException(start, parser.Current.End, "expected a value."),
        };

        if (anchor is not null)
            _anchors[anchor] = (composed, _size - before + 1);
        return composed;
    }

    static YamlScalar ScalarOf(Scalar scalar, int line) => new(line, scalar.Value, scalar.Style is ScalarStyle.Plain);

    YamlSequence Sequence(Parser parser, int line, int depth)
    {
        parser.Consume<SequenceStart>();
        var items = new List<YamlNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(Node(parser, depth + 1));
        return new(line, items);
    }

    YamlMapping Mapping(Parser parser, int line, int depth)
    {
        parser.Consume<MappingStart>();
        var entries = new Dictionary<string, YamlEntry>(StringComparer.Ordinal);
        var ordered = new List<YamlEntry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(parser, depth + 1);
            var value = Node(parser, depth + 1);
            if (key is not YamlScalar { Text: { Length: > 0 } name })
            {
                Fault(key.Line, $"a name is {key.Shape}: expected text before the colon.");
            }
            else if (name == "<<")
            {
                Fault(key.Line, "merge keys ('<<') are not supported: write the properties out, or alias a whole value.");
            }
            else if (entries.TryGetValue(name, out var first))
            {
                Fault(key.Line, $"'{name}' is given twice; the first is on line {first.Line}.");
            }
            else
            {
                var entry = new YamlEntry(name, key.Line, value);
                entries.Add(name, entry);
                ordered.Add(entry);
            }
        }

        return new(line, ordered);
    }

    YamlNode Resolve(string anchor, int line)
    {
        if (!_anchors.TryGetValue(anchor, out var found))
        {
            Fault(line, $"there is no anchor '&{anchor}' before this alias.");
            return new YamlScalar(line, "", Plain: true);
        }

        if (found is not { } target)
        {
            Fault(line, $"the alias '*{anchor}' is inside what it stands for.");
            return new YamlScalar(line, "", Plain: true);
        }

        Grow(target.Size, line);
        return target.Node with { Line = line }; // faults point to where the value is used
    }

    void Grow(int size, int line)
    {
        _size += size;
        if (_size > MaxNodes)
            throw new DocumentTooLargeException(line, $"more than {MaxNodes} values, aliases counted as often as they are used.");
    }

    YamlNode? Fault(int line, string message)
    {
        faults.Add(new(file, line, message));
        return null;
    }

    // The parser blames what stands before a tab.
    static int? TabIn(string text, int from, int to)
    {
        var line = 0;
        foreach (var content in text.AsSpan().EnumerateLines())
        {
            line++;
            if (line >= from && line <= to && content.TrimStart(' ').StartsWith('\t'))
                return line;
        }

        return null;
    }

    static int LineOf(Mark mark) => Math.Max(1, (int)mark.Line);

    static string Sentence(string message) => message is [.., '.' or '!' or '?'] ? message : message + ".";

    sealed class DocumentTooLargeException(int line, string message) : Exception(message)
    {
        public int Line { get; } = line;
    }
}
