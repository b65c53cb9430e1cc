namespace DataIngestion.Collect;

/// <summary>What <c>a.b</c> and <c>a[b]</c> mean for values of each type. Nothing of the program behind a value can be reached.</summary>
internal static class ValueAccess
{
    /// <summary>A method, a property, or the entry of that name; else undefined.</summary>
    public static object? Attribute(object? value, string name)
    {
        if (Own(value, name) is { } own)
            return own is Box box ? box.Value : own;
        if (value is LowCodeMap map && map.TryGetValue(name, out var entry))
            return entry;
        return value is Undefined undefined ? throw undefined.Fault()
            : name.StartsWith("__", StringComparison.Ordinal) ? throw new TemplateException($"'{name}' is not for templates.")
            : new Undefined(name);
    }

    /// <summary>An element or entry; where there is none a method or property of that name; else undefined.</summary>
    public static object? Element(object? value, object? place)
    {
        switch (value)
        {
            case Undefined undefined:
                throw undefined.Fault();
            case LowCodeMap map when place is not (LowCodeMap or List<object?>) && map.TryGetValue(MapKey.Of(place), out var entry):
                return entry;
            case IReadOnlyList<object?> list when place is not null && Numbers.IsWhole(place):
                var at = Numbers.Int(place, "a place");
                at = at < 0 ? at + list.Count : at;
                return at >= 0 && at < list.Count ? list[at] : new Undefined($"element {PythonText.Str(place)}");
            case string text when place is not null && Numbers.IsWhole(place):
                var index = Numbers.Int(place, "a place");
                var count = Characters.Count(text);
                index = index < 0 ? index + count : index;
                return index >= 0 && index < count ? Characters.Take(text, [index]) : new Undefined($"character {PythonText.Str(place)}");
            case NamespaceValue space when place is string member:
                return space.Members.TryGetValue(member, out var own) ? own : new Undefined(member);
        }

        if (place is string name)
        {
            if (Own(value, name) is { } attribute)
                return attribute is Box box ? box.Value : attribute;
            if (name.StartsWith("__", StringComparison.Ordinal) && value is not LowCodeMap)
                throw new TemplateException($"'{name}' is not for templates.");
        }

        return new Undefined(place is string text2 ? text2 : PythonText.Repr(place));
    }

    static object? Own(object? value, string name) => value switch
    {
        LowCodeMap map when map.Attributes?.TryGetValue(name, out var attribute) is true => new Box(attribute),
        LowCodeMap => Bound(MapMethods.All, value, name),
        List<object?> => Bound(ListMethods.All, value, name),
        LowCodeTuple => name is "count" or "index" ? Bound(ListMethods.All, value, name) : null,
        string => Bound(TextMethods.All, value, name),
        LoopValue loop => loop.Find(name),
        NamespaceValue space => space.Members.TryGetValue(name, out var member) ? new Box(member) : null,
        MomentValue or DayValue or TimeDelta => TimeMembers.Find(value, name),
        _ => null,
    };

    static TemplateFunction? Bound(IReadOnlyDictionary<string, Func<object, CallValues, object?>> methods, object value, string name) =>
        methods.TryGetValue(name, out var method) ? new(name, values => method(value, values)) : null;

    // Null is a value too.
    sealed record Box(object? Value);
}
