using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// A mapping of a manifest; where it has a <see cref="Type"/> it is a component. Its accessors read fields as what they have to be and say with file and line
/// what was expected where they are not.
/// </summary>
internal sealed class ManifestComponent(string file, int line) : ManifestNode(line)
{
    readonly Dictionary<string, Template> _templates = new(StringComparer.Ordinal);

    /// <summary>The manifest's file, as faults name it.</summary>
    public string File { get; } = file;

    /// <summary>Its fields in order; those that parameters gave included.</summary>
    public OrderedDictionary<string, ManifestNode> Fields { get; } = new(StringComparer.Ordinal);

    /// <summary>Fields that are not its own, but were given by parameters.</summary>
    public HashSet<string> Given { get; } = new(StringComparer.Ordinal);

    /// <summary>Parameters that hold for it: its own and those of what it is part of. Templates see them as <c>parameters</c>.</summary>
    public LowCodeMap Parameters { get; set; } = [];

    /// <summary>What kind of component it is; empty for a mapping that is none.</summary>
    public string Type => Find("type") is ManifestValue { Value: string type } ? type : "";

    /// <summary>A field, or null where it is absent or null.</summary>
    public ManifestNode? Find(string name) => Fields.TryGetValue(name, out var node) && node is not ManifestValue { Value: null } ? node : null;

    /// <summary>Whether a field is given.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>A field as text; numbers and truth values as the language writes them.</summary>
    public string? Text(string name) => Find(name) switch
    {
        null => null,
        ManifestValue { Value: var value } => PythonText.Str(value),
        var other => throw Fault(name, "text", other),
    };

    /// <summary>A field as text that has to be there.</summary>
    public string NeedText(string name) => Text(name) ?? throw Missing(name, "text");

    /// <summary>A field as a template, read once.</summary>
    public Template? Template(string name)
    {
        lock (_templates)
        {
            if (_templates.TryGetValue(name, out var read))
                return read;
            return Text(name) is { } text ? _templates[name] = Parse(text, Find(name)!.Line) : null;
        }
    }

    /// <summary>A field as a template that has to be there.</summary>
    public Template NeedTemplate(string name) => Template(name) ?? throw Missing(name, "text");

    /// <summary>A text of this component as a template.</summary>
    public Template Parse(string text, int line)
    {
        try
        {
            return DataIngestion.Collect.Template.Parse(text);
        }
        catch (TemplateSyntaxException wrong)
        {
            throw new ManifestException(new(File, line, wrong.Message));
        }
    }

    /// <summary>A field as a truth value.</summary>
    public bool? Truth(string name) => Find(name) switch
    {
        null => null,
        ManifestValue { Value: bool truth } => truth,
        ManifestValue { Value: string text } when text.ToLowerInvariant() is "true" or "false" => text.Equals("true", StringComparison.OrdinalIgnoreCase),
        var other => throw Fault(name, "true or false", other),
    };

    /// <summary>A field as a whole number that is written as such.</summary>
    public long? Whole(string name) => Find(name) switch
    {
        null => null,
        ManifestValue { Value: long number } => number,
        ManifestValue { Value: string text } when LiteralText.TryRead(text, out var value) && value is long number => number,
        var other => throw Fault(name, "a whole number", other),
    };

    /// <summary>A field that is a component or mapping.</summary>
    public ManifestComponent? Child(string name) => Find(name) switch
    {
        null => null,
        ManifestComponent child => child,
        var other => throw Fault(name, "a mapping", other),
    };

    /// <summary>A field that is a component and has to be there.</summary>
    public ManifestComponent NeedChild(string name) => Child(name) ?? throw Missing(name, "a component");

    /// <summary>A field that is a list of components, or one component alone; none where it is absent.</summary>
    public IReadOnlyList<ManifestComponent> Children(string name) => Find(name) switch
    {
        null => [],
        ManifestComponent only => [only],
        ManifestItems list => [.. list.Items.Select(i => i as ManifestComponent ?? throw Fault(name, "a list of components", i))],
        var other => throw Fault(name, "a list of components", other),
    };

    /// <summary>A field that is a list of texts, or one text alone; none where it is absent.</summary>
    public IReadOnlyList<string> Texts(string name) => Find(name) switch
    {
        null => [],
        ManifestItems list => [.. list.Items.Select(i => i is ManifestValue { Value: var value } ? PythonText.Str(value) : throw Fault(name, "a list of texts", i))],
        ManifestValue { Value: var value } => [PythonText.Str(value)],
        var other => throw Fault(name, "a list of texts", other),
    };

    /// <summary>A field as plain values; null where it is absent.</summary>
    public object? Plain(string name) => Find(name)?.Plain();

    /// <summary>The whole mapping as plain values, without fields that parameters gave.</summary>
    public override object? Plain()
    {
        var map = new LowCodeMap();
        foreach (var (name, node) in Fields.Where(f => !Given.Contains(f.Key)))
            map[name] = node.Plain();
        return map;
    }

    public override ManifestNode Copy()
    {
        var copy = new ManifestComponent(File, Line) { Parameters = Parameters };
        foreach (var (name, node) in Fields)
            copy.Fields[name] = node.Copy();
        copy.Given.UnionWith(Given);
        return copy;
    }

    /// <summary>A field that is not what it has to be.</summary>
    public ManifestException Fault(string field, string message) => new(new(File, Find(field)?.Line ?? Line, $"'{Shown(field)}' {message}"));

    /// <inheritdoc />
    public override string ToString() => $"{(Type.Length == 0 ? "mapping" : Type)} at {File}:{Line}";

    ManifestException Fault(string field, string expected, ManifestNode got) =>
        new(new(File, got.Line, $"'{Shown(field)}' is {ValueNames.Of(got.Plain())}: expected {expected}."));

    ManifestException Missing(string field, string expected) => new(new(File, Line, $"'{Shown(field)}' is missing: expected {expected}."));

    string Shown(string field) => Type.Length == 0 ? field : $"{Type}.{field}";
}

/// <summary>Something is wrong with a manifest.</summary>
internal sealed class ManifestException(ConfigurationFault fault) : Exception($"{fault.File}:{fault.Line}: {fault.Message}")
{
    /// <summary>Where and what.</summary>
    public ConfigurationFault Fault { get; } = fault;
}
