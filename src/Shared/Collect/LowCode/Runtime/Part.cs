using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>A component of a manifest as the runtime reads it: fields that may be templates, and faults that name file and line.</summary>
internal sealed class Part(ManifestComponent component)
{
    /// <summary>What kind of component it is; empty where nothing says so.</summary>
    public string Type => component.Type;

    /// <summary>The component itself.</summary>
    public ManifestComponent Component => component;

    /// <summary>Names of its own fields.</summary>
    public IEnumerable<string> Names => component.Fields.Keys.Where(name => name != "type" && !component.Given.Contains(name));

    /// <summary>Whether a field is there and says something.</summary>
    public bool Has(string name) => component.Has(name);

    /// <summary>A field as plain values; null where there is nothing.</summary>
    public object? Plain(string name) => component.Plain(name);

    /// <summary>The component in a field; null where there is none, or a value.</summary>
    public Part? Child(string name) => component.Find(name) is ManifestComponent child ? new(child) : null;

    /// <summary>The component in a field.</summary>
    /// <exception cref="ManifestException">There is none.</exception>
    public Part Needed(string name) => new(component.NeedChild(name));

    /// <summary>The components in a field, which may hold one or a list.</summary>
    public IReadOnlyList<Part> Children(string name) => [.. component.Children(name).Select(child => new Part(child))];

    /// <summary>What a field holds, as text; null where there is nothing.</summary>
    public string? Text(string name) => component.Text(name);

    /// <summary>Whether a field says so.</summary>
    public bool Flag(string name, bool otherwise = false) => component.Truth(name) ?? otherwise;

    /// <summary>A field to be evaluated; null where there is nothing.</summary>
    public Expression? Expression(string name) => component.Plain(name) is { } value ? Evaluated(value, name) : null;

    /// <summary>A field to be evaluated.</summary>
    /// <exception cref="StepFailedException">There is nothing.</exception>
    public Expression NeededExpression(string name) => Expression(name) ?? throw Fault($"'{name}' is missing.");

    /// <summary>The entries of a list to be evaluated; one value counts as a list of one.</summary>
    public IReadOnlyList<Expression> Expressions(string name) => component.Plain(name) switch
    {
        List<object?> list => [.. list.Select((item, i) => Evaluated(item, $"{name}[{i}]"))],
        null => [],
        var one => [Evaluated(one, name)],
    };

    /// <summary>A value of this component to be evaluated.</summary>
    public Expression Evaluated(object? value, string name)
    {
        try
        {
            return new(value, component.Parameters, $"{component.File}:{component.Find(name)?.Line ?? component.Line}: '{name}'");
        }
        catch (TemplateException wrong)
        {
            throw Fault($"'{name}': {wrong.Message}");
        }
    }

    /// <summary>What is wrong with it.</summary>
    public StepFailedException Fault(string message) =>
        new(new() { Code = "configuration-invalid", Message = $"{component.File}:{component.Line}: {(Type.Length == 0 ? "" : $"{Type}: ")}{message}" });

    /// <summary>A component that cannot be run.</summary>
    public StepFailedException Unknown(string what) => Fault($"this {what} cannot be run.");
}
