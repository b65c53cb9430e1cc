using DataIngestion.Contracts;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DataIngestion.Collect;

/// <summary>
/// Reads the YAML (or JSON) of a manifest into nodes with lines. Aliases and merge keys (<c>&lt;&lt;</c>) are followed within bounds; tags, a second document and
/// keys given twice are refused.
/// </summary>
internal sealed class ManifestYaml(string file)
{
    /// <summary>Characters of one manifest. Manifests with all schemas inside reach a megabyte.</summary>
    public const int MaxText = 8 << 20;

    const int MaxNodes = 500_000;
    const int MaxDepth = 64;

    readonly Dictionary<string, (ManifestNode Node, int Size)?> _anchors = new(StringComparer.Ordinal);
    int _size;

    /// <summary>The document.</summary>
    /// <exception cref="ManifestException">It cannot be read.</exception>
    public ManifestComponent Read(string text)
    {
        if (text.Length > MaxText)
            throw Fault(0, $"the file has {text.Length} characters: expected at most {MaxText}.");
        using var reader = new StringReader(text);
        var parser = new Parser(reader);
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
                throw Fault(1, "the file is empty.");
            parser.Consume<DocumentStart>();
            var root = Node(parser, 0);
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out var second))
                throw Fault(LineOf(second.Start), "a second document begins here: expected one document in a file.");
            return root as ManifestComponent ?? throw Fault(root.Line, "expected a mapping with 'type: DeclarativeSource'.");
        }
        catch (YamlException syntax)
        {
            throw Fault(LineOf(syntax.Start), $"not YAML: {syntax.Message.TrimEnd('.')}.");
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            // The scanner gives up like this on some unbalanced brackets; its last event is the nearest known place.
            throw Fault(parser.Current is { } last ? LineOf(last.End) : 1, "not YAML from here on: expected balanced brackets and quotes.");
        }
    }

    ManifestNode Node(Parser parser, int depth)
    {
        var line = LineOf(parser.Current!.Start);
        if (depth > MaxDepth)
            throw Fault(line, $"nested deeper than {MaxDepth} levels.");
        Grow(1, line);
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return Resolved(alias.Value.Value, line);

        var node = parser.Current as NodeEvent ?? throw Fault(line, "expected a value.");
        if (!node.Tag.IsEmpty && node.Tag.Value is not ("tag:yaml.org,2002:str" or "!"))
            throw Fault(line, $"the tag '{node.Tag}' is not supported: expected a plain value.");
        var anchor = node.Anchor.IsEmpty ? null : node.Anchor.Value;
        var before = _size;
        if (anchor is not null)
            _anchors[anchor] = null; // not complete: an alias inside it would never end
        ManifestNode read = node switch
        {
            Scalar => ScalarOf(parser.Consume<Scalar>(), line),
            SequenceStart => List(parser, line, depth),
            MappingStart => Mapping(parser, line, depth),
            _ => throw Fault(line, "expected a value."),
        };
        if (anchor is not null)
            _anchors[anchor] = (read, _size - before + 1);
        return read;
    }

    static ManifestValue ScalarOf(Scalar scalar, int line) =>
        new(line, scalar.Style is ScalarStyle.Plain && scalar.Tag.IsEmpty ? ManifestScalars.Read(scalar.Value) : scalar.Value);

    ManifestItems List(Parser parser, int line, int depth)
    {
        parser.Consume<SequenceStart>();
        var items = new List<ManifestNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(Node(parser, depth + 1));
        return new(line, items);
    }

    ManifestComponent Mapping(Parser parser, int line, int depth)
    {
        parser.Consume<MappingStart>();
        var map = new ManifestComponent(file, line);
        var merged = new List<ManifestComponent>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var keyLine = LineOf(parser.Current!.Start);
            var isPlain = parser.Current is Scalar { Style: ScalarStyle.Plain };
            var key = Node(parser, depth + 1) is ManifestValue { Value: var written } ? Key(written) : throw Fault(keyLine, "a name is a list or a mapping: expected text before the colon.");
            var value = Node(parser, depth + 1);
            if (isPlain && key == "<<")
                merged.AddRange(Merged(value));
            else if (!map.Fields.TryAdd(key, value))
                throw Fault(keyLine, $"'{key}' is given twice: expected each name once.");
        }

        foreach (var (key, value) in merged.SelectMany(m => m.Fields))
            map.Fields.TryAdd(key, value);
        return map;
    }

    // Keys of JSON schemas and maps of codes may be numbers; they are text in JSON.
    static string Key(object? written) => written switch
    {
        bool truth => truth ? "true" : "false",
        null => "null",
        var other => PythonText.Str(other),
    };

    IEnumerable<ManifestComponent> Merged(ManifestNode value) => value switch
    {
        ManifestComponent map => [map],
        ManifestItems list => list.Items.SelectMany(Merged),
        _ => throw Fault(value.Line, "'<<' takes a mapping."),
    };

    ManifestNode Resolved(string anchor, int line)
    {
        if (!_anchors.TryGetValue(anchor, out var found))
            throw Fault(line, $"there is no anchor '&{anchor}' before this alias.");
        if (found is not { } target)
            throw Fault(line, $"the alias '*{anchor}' is inside what it stands for.");
        Grow(target.Size, line);
        return target.Node.Copy();
    }

    void Grow(int size, int line)
    {
        _size += size;
        if (_size > MaxNodes)
            throw Fault(line, $"more than {MaxNodes} values, aliases counted as often as they are used.");
    }

    ManifestException Fault(int line, string message) => new(new(file, line, message));

    static int LineOf(Mark mark) => Math.Max(1, (int)mark.Line);
}
