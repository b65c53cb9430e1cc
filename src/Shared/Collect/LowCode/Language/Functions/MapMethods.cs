namespace DataIngestion.Collect;

/// <summary>Methods of mappings.</summary>
internal static class MapMethods
{
    /// <summary>By name.</summary>
    public static readonly IReadOnlyDictionary<string, Func<object, CallValues, object?>> All = new Dictionary<string, Func<object, CallValues, object?>>(StringComparer.Ordinal)
    {
        ["get"] = (map, v) => ((LowCodeMap)map).TryGetValue(MapKey.Of(v.Need(0, "key")), out var value) ? value : v.Find(1, "default"),
        ["items"] = (map, _) => Items((LowCodeMap)map),
        ["keys"] = (map, _) => Operators.Items(map).ToList(),
        ["values"] = (map, _) => ((LowCodeMap)map).Values.ToList(),
        ["copy"] = (map, _) => new LowCodeMap((LowCodeMap)map),
        ["update"] = Update,
        ["setdefault"] = SetDefault,
        ["pop"] = Pop,
        ["clear"] = (map, _) => Clear(Open(map)),
    };

    /// <summary>Keys and values as pairs.</summary>
    public static List<object?> Items(LowCodeMap map) => [.. map.Select(e => new LowCodeTuple([MapKey.Value(e.Key), e.Value]))];

    /// <summary>Takes over what another mapping, or a list of pairs, holds.</summary>
    public static void Merge(LowCodeMap map, object? other, TemplateBudget budget)
    {
        if (other is LowCodeMap entries)
        {
            foreach (var (key, value) in entries.ToList())
                map[key] = value;
        }
        else
        {
            foreach (var pair in Operators.Items(other))
            {
                if (Operators.Items(pair) is not [var key, var value])
                    throw new ValueTypeException("a mapping is made of pairs: expected a list of two elements each.");
                map[MapKey.Of(key)] = value;
            }
        }

        budget.Allow(map.Count);
    }

    static object? Update(object map, CallValues values)
    {
        var open = Open(map);
        if (values.Placed is [var other, ..])
            Merge(open, other, values.Budget);
        foreach (var (name, value) in values.Named)
            open[name] = value;
        return null;
    }

    static object? SetDefault(object map, CallValues values)
    {
        var key = MapKey.Of(values.Need(0, "key"));
        if (((LowCodeMap)map).TryGetValue(key, out var value))
            return value;
        return Open(map)[key] = values.Find(1, "default");
    }

    static object? Pop(object map, CallValues values) =>
        Open(map).Remove(MapKey.Of(values.Need(0, "key")), out var value) ? value
        : values.Has(1, "default", out var otherwise) ? otherwise
        : throw new TemplateException($"there is no key {PythonText.Repr(values.Need(0, "key"))} to take out.");

    static object? Clear(LowCodeMap map)
    {
        map.Clear();
        return null;
    }

    static LowCodeMap Open(object map) => map is LowCodeMap { IsFrozen: false } open ? open : throw new TemplateException("the configuration cannot be changed by a template: copy it first, with .copy().");
}
