namespace DataIngestion.Collect;

/// <summary>What names mean at a place of an evaluation: what the template set itself, then the variables given, then the functions.</summary>
internal sealed class TemplateScope(TemplateContext context, TemplateBudget budget, TemplateScope? outer = null)
{
    readonly Dictionary<string, object?> _own = new(StringComparer.Ordinal);

    public TemplateContext Context => context;

    public TemplateBudget Budget => budget;

    /// <summary>A part whose names do not outlive it.</summary>
    public TemplateScope Inner() => new(context, budget, this);

    public void Set(string name, object? value) => _own[name] = value;

    public object? Get(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._own.TryGetValue(name, out var own))
                return own;
        }

        return context.TryFind(name, out var given) ? given
            : TemplateFunctions.All.TryGetValue(name, out var function) ? function
            : new Undefined(name);
    }

    /// <summary>Sets one name, or several from the elements of a value.</summary>
    public void Unpack(string[] names, object? value)
    {
        if (names is [var only])
        {
            Set(only, value);
            return;
        }

        var items = Operators.Items(value);
        if (items.Count != names.Length)
            throw new TemplateException($"{items.Count} values cannot become {names.Length} names ({string.Join(", ", names)}).");
        for (var i = 0; i < names.Length; i++)
            Set(names[i], items[i]);
    }

    TemplateScope? Outer { get; } = outer;
}
