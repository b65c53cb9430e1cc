using System.Text;

namespace DataIngestion.Collect;

/// <summary>Filters about lists.</summary>
internal static class ListFilters
{
    public static object? Join(object? value, CallValues values)
    {
        var separator = PythonText.Str(values.Has(0, "d", out var given) ? given : "");
        var picked = Picker(values.Find(1, "attribute"));
        var text = new StringBuilder();
        var isFirst = true;
        foreach (var item in Operators.Items(value))
        {
            if (!isFirst)
                text.Append(separator);
            isFirst = false;
            text.Append(PythonText.Str(picked(item)));
            values.Budget.Allow(text.Length > TemplateBudget.MaxText ? text.Length : 0);
        }

        return values.Budget.Text(text.ToString());
    }

    public static object? Reverse(object? value, CallValues values) => value is string text
        ? string.Concat(text.EnumerateRunes().Reverse().Select(r => r.ToString()))
        : values.Budget.List([.. Operators.Items(value).Reverse()]);

    public static object? Sort(object? value, CallValues values)
    {
        var picked = Picker(values.Find(2, "attribute"));
        var isCased = values.Truth(1, "case_sensitive");
        return values.Budget.List(Sorted(Operators.Items(value), i => Folded(picked(i), isCased), values.Truth(0, "reverse")));
    }

    public static object? SortEntries(object? value, CallValues values)
    {
        if (value is not LowCodeMap map)
            throw new ValueTypeException($"dictsort takes a mapping, not {ValueNames.Of(value)}.");
        var isCased = values.Truth(0, "case_sensitive");
        var place = values.Text(1, "by", "key") == "value" ? 1 : 0;
        return Sorted(MapMethods.Items(map), i => Folded(((LowCodeTuple)i!)[place], isCased), values.Truth(2, "reverse"));
    }

    public static object? Unique(object? value, CallValues values)
    {
        var picked = Picker(values.Find(1, "attribute"));
        var isCased = values.Truth(0, "case_sensitive");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return values.Budget.List([.. Operators.Items(value).Where(i => seen.Add(MapKey.Of(Folded(picked(i), isCased))))]);
    }

    public static object? Sum(object? value, CallValues values)
    {
        var picked = Picker(values.Find(0, "attribute"));
        return Operators.Items(value).Aggregate(values.Has(1, "start", out var start) ? start : 0L, (sum, i) => Operators.Add(sum, picked(i), values.Budget));
    }

    public static object? Extreme(object? value, CallValues values, int sign)
    {
        var picked = Picker(values.Find(1, "attribute"));
        var isCased = values.Truth(0, "case_sensitive");
        var items = Operators.Items(value);
        if (items.Count == 0)
            return new Undefined("an element of an empty list");
        var best = items[0];
        foreach (var item in items.Skip(1))
        {
            if (Operators.Order(Folded(picked(item), isCased), Folded(picked(best), isCased)) * sign > 0)
                best = item;
        }

        return best;
    }

    public static object? Batch(object? value, CallValues values)
    {
        var size = Math.Max(1, values.Int(0, "linecount", 1));
        var batches = Operators.Items(value).Chunk(size).Select(c => c.ToList()).ToList();
        if (values.Find(1, "fill_with") is { } filling && batches is [.., var last])
        {
            values.Budget.Allow(size);
            last.AddRange(Enumerable.Repeat<object?>(filling, size - last.Count));
        }

        return batches.ToList<object?>();
    }

    public static object? Slices(object? value, CallValues values)
    {
        var items = Operators.Items(value);
        var count = Math.Clamp(values.Int(0, "slices", 1), 1, 10_000);
        int size = items.Count / count, more = items.Count % count, at = 0;
        var slices = new List<object?>();
        for (var i = 0; i < count; i++)
        {
            var length = size + (i < more ? 1 : 0);
            var slice = items.Skip(at).Take(length).ToList();
            if (values.Find(1, "fill_with") is { } filling && i >= more && more > 0)
                slice.Add(filling);
            slices.Add(slice);
            at += length;
        }

        return slices;
    }

    public static object? GroupBy(object? value, CallValues values)
    {
        var picked = Picker(values.Need(0, "attribute"), values.Find(1, "default"));
        var groups = new List<object?>();
        object? current = null;
        List<object?>? members = null;
        foreach (var item in Sorted(Operators.Items(value), i => Folded(picked(i), false), false))
        {
            var key = picked(item);
            if (members is null || !Operators.Same(Folded(key, false), Folded(current, false)))
            {
                members = [];
                current = key;
                groups.Add(new LowCodeTuple([key, members]));
            }

            members.Add(item);
        }

        return groups;
    }

    /// <summary>What gives an element's attribute: <c>'a.b'</c>, <c>'0'</c> or a place; without one the element itself.</summary>
    public static Func<object?, object?> Picker(object? attribute, object? otherwise = null) => attribute switch
    {
        null => item => item,
        string path => item => Pick(item, path, otherwise),
        _ => item => ValueAccess.Element(item, attribute),
    };

    static object? Pick(object? item, string path, object? otherwise)
    {
        foreach (var part in path.Split('.'))
            item = ValueAccess.Element(item, long.TryParse(part, System.Globalization.CultureInfo.InvariantCulture, out var place) ? place : part);
        return item is Undefined && otherwise is not null ? otherwise : item;
    }

    /// <summary>In order; equal ones stay as they were.</summary>
    public static List<object?> Sorted(IReadOnlyList<object?> items, Func<object?, object?> by, bool isReversed)
    {
        var compared = Comparer<object?>.Create((a, b) => Operators.Order(a, b) ?? 0);
        try
        {
            return isReversed ? [.. items.OrderByDescending(by, compared)] : [.. items.OrderBy(by, compared)];
        }
        catch (InvalidOperationException wrapped) when (wrapped.InnerException is TemplateException fault)
        {
            throw fault is ValueTypeException ? new ValueTypeException(fault.Message) : fault;
        }
    }

    static object? Folded(object? value, bool isCased) => value is string text && !isCased ? text.ToLowerInvariant() : value;
}
