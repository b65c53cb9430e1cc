namespace DataIngestion.Collect;

/// <summary>Methods of lists, and those of tuples, which change nothing.</summary>
internal static class ListMethods
{
    /// <summary>By name.</summary>
    public static readonly IReadOnlyDictionary<string, Func<object, CallValues, object?>> All = new Dictionary<string, Func<object, CallValues, object?>>(StringComparer.Ordinal)
    {
        ["append"] = (list, v) => Add(list, [v.Need(0, "object")], v),
        ["extend"] = (list, v) => Add(list, Operators.Items(v.Need(0, "iterable")), v),
        ["insert"] = Insert,
        ["pop"] = Pop,
        ["remove"] = Remove,
        ["reverse"] = (list, _) => Nothing(((List<object?>)list).Reverse),
        ["sort"] = Sort,
        ["clear"] = (list, _) => Nothing(((List<object?>)list).Clear),
        ["copy"] = (list, v) => v.Budget.List([.. (List<object?>)list]),
        ["index"] = (list, v) => Operators.Items(list).ToList().FindIndex(i => Operators.Same(i, v.Need(0, "value"))) is >= 0 and var at ? (long)at : throw new TemplateException($"{PythonText.Repr(v.Need(0, "value"))} is not in the list."),
        ["count"] = (list, v) => (long)Operators.Items(list).Count(i => Operators.Same(i, v.Need(0, "value"))),
    };

    static object? Add(object list, IReadOnlyList<object?> items, CallValues values)
    {
        var open = (List<object?>)list;
        values.Budget.Allow(items.Count);
        if (open.Count + items.Count > TemplateBudget.MaxText)
            values.Budget.Allow(TemplateBudget.MaxText + 1L);
        open.AddRange(items);
        return null;
    }

    static object? Insert(object list, CallValues values)
    {
        var open = (List<object?>)list;
        var at = values.Int(0, "index", 0);
        values.Budget.Allow(1);
        open.Insert(Math.Clamp(at < 0 ? at + open.Count : at, 0, open.Count), values.Need(1, "object"));
        return null;
    }

    static object? Pop(object list, CallValues values)
    {
        var open = (List<object?>)list;
        var at = values.Int(0, "index", -1);
        at = at < 0 ? at + open.Count : at;
        if (at < 0 || at >= open.Count)
            throw new TemplateException("there is no element to take out.");
        var taken = open[at];
        open.RemoveAt(at);
        return taken;
    }

    static object? Remove(object list, CallValues values)
    {
        var at = ((List<object?>)list).FindIndex(i => Operators.Same(i, values.Need(0, "value")));
        if (at < 0)
            throw new TemplateException("there is no such element to take out.");
        ((List<object?>)list).RemoveAt(at);
        return null;
    }

    static object? Sort(object list, CallValues values)
    {
        var open = (List<object?>)list;
        var sorted = ListFilters.Sorted(open, i => i, values.Truth(int.MaxValue, "reverse"));
        open.Clear();
        open.AddRange(sorted);
        return null;
    }

    static object? Nothing(Action change)
    {
        change();
        return null;
    }
}
