namespace DataIngestion.Collect;

/// <summary>Something that can be called.</summary>
internal interface ICallable
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Calls it.</summary>
    object? Call(CallValues values);
}

/// <summary>A function.</summary>
internal sealed class TemplateFunction(string name, Func<CallValues, object?> body) : ICallable
{
    public string Name => name;

    public object? Call(CallValues values) => body(values.Of($"'{name}'"));
}

/// <summary>The values of a call's arguments.</summary>
internal sealed class CallValues(List<object?> placed, Dictionary<string, object?> named, TemplateScope scope)
{
    string _what = "a call";

    /// <summary>Those without a name.</summary>
    public IReadOnlyList<object?> Placed => placed;

    /// <summary>Those with a name.</summary>
    public IReadOnlyDictionary<string, object?> Named => named;

    public TemplateScope Scope => scope;

    public TemplateBudget Budget => scope.Budget;

    /// <summary>How messages name what is called.</summary>
    public CallValues Of(string what)
    {
        _what = what;
        return this;
    }

    /// <summary>An argument by place or name; false where it is not given.</summary>
    public bool Has(int place, string name, out object? value)
    {
        if (place < placed.Count)
        {
            value = placed[place];
            return true;
        }

        return named.TryGetValue(name, out value);
    }

    /// <summary>An argument, which has to be given.</summary>
    public object? Need(int place, string name) =>
        Has(place, name, out var value) ? value : throw new ValueTypeException($"{_what} lacks its argument {place + 1} ('{name}').");

    /// <summary>An argument, or null.</summary>
    public object? Find(int place, string name) => Has(place, name, out var value) ? value : null;

    /// <summary>An argument that is text.</summary>
    public string Text(int place, string name) => Text(Need(place, name), name);

    /// <summary>An argument that is text, or what stands in for it.</summary>
    public string Text(int place, string name, string otherwise) => Has(place, name, out var value) && value is not null ? Text(value, name) : otherwise;

    /// <summary>An argument that is a whole number, or what stands in for it.</summary>
    public int Int(int place, string name, int otherwise) => Has(place, name, out var value) && value is not null ? Numbers.Int(value, $"'{name}' of {_what}") : otherwise;

    /// <summary>An argument as a truth value.</summary>
    public bool Truth(int place, string name, bool otherwise = false) => Has(place, name, out var value) ? Operators.Truth(value) : otherwise;

    /// <summary>The arguments that remain when the first are taken away.</summary>
    public CallValues After(int count) => new([.. placed.Skip(count)], named, scope);

    /// <summary>Refuses more arguments than these.</summary>
    public CallValues AtMost(int count) => placed.Count <= count ? this : throw new ValueTypeException($"{_what} takes at most {count} arguments, got {placed.Count}.");

    string Text(object? value, string name) => value switch
    {
        string text => text,
        Undefined undefined => throw undefined.Fault(),
        _ => throw new ValueTypeException($"'{name}' of {_what} is {ValueNames.Of(value)}: expected text."),
    };
}
