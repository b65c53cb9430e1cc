using System.Text;

namespace DataIngestion.Collect;

/// <summary>What operators mean for values of each type.</summary>
internal static class Operators
{
    /// <summary>Whether a value counts as true.</summary>
    public static bool Truth(object? value) => value switch
    {
        null or Undefined => false,
        bool truth => truth,
        long n => n != 0,
        string text => text.Length > 0,
        LowCodeMap map => map.Count > 0,
        IReadOnlyList<object?> list => list.Count > 0,
        TimeDelta span => span.Length != TimeSpan.Zero,
        _ when Numbers.Is(value) => Numbers.Real(value) != 0,
        _ => true,
    };

    /// <summary>Whether two values are equal; values of different types are not, but for numbers.</summary>
    public static bool Same(object? left, object? right, int depth = 0)
    {
        if (depth > 64)
            throw new TemplateException("values nested too deeply to be compared.");
        if (left is not null && right is not null && Numbers.Is(left) && Numbers.Is(right))
            return Numbers.Compare(left, right) == 0;
        return (left, right) switch
        {
            (null, null) or (Undefined, Undefined) => true,
            (string a, string b) => string.Equals(a, b, StringComparison.Ordinal),
            (LowCodeMap a, LowCodeMap b) => a.Count == b.Count && a.All(e => b.TryGetValue(e.Key, out var other) && Same(e.Value, other, depth + 1)),
            (List<object?> a, List<object?> b) => SameItems(a, b, depth),
            (LowCodeTuple a, LowCodeTuple b) => SameItems(a, b, depth),
            (MomentValue a, MomentValue b) => a.IsNaive == b.IsNaive && a.CompareTo(b) == 0,
            (DayValue or TimeDelta or CalendarPeriod, _) => left.Equals(right),
            _ => ReferenceEquals(left, right),
        };
    }

    static bool SameItems(IReadOnlyList<object?> left, IReadOnlyList<object?> right, int depth)
    {
        if (left.Count != right.Count)
            return false;
        for (var i = 0; i < left.Count; i++)
        {
            if (!Same(left[i], right[i], depth + 1))
                return false;
        }

        return true;
    }

    /// <summary>Order of two values; null where there is none (NaN).</summary>
    /// <exception cref="ValueTypeException">Values of these types have no order.</exception>
    public static int? Order(object? left, object? right)
    {
        if ((left as Undefined ?? right as Undefined) is { } undefined)
            throw undefined.Fault();
        if (left is not null && right is not null && Numbers.Is(left) && Numbers.Is(right))
            return Numbers.Compare(left, right);
        return (left, right) switch
        {
            (string a, string b) => CompareText(a, b),
            (List<object?> a, List<object?> b) => OrderItems(a, b),
            (LowCodeTuple a, LowCodeTuple b) => OrderItems(a, b),
            (MomentValue a, MomentValue b) when a.IsNaive == b.IsNaive => a.CompareTo(b),
            (DayValue a, DayValue b) => a.Date.CompareTo(b.Date),
            (TimeDelta a, TimeDelta b) => a.Length.CompareTo(b.Length),
            _ => throw new ValueTypeException($"{ValueNames.Of(left)} and {ValueNames.Of(right)} have no order: expected two numbers or two texts."),
        };
    }

    static int? OrderItems(IReadOnlyList<object?> left, IReadOnlyList<object?> right)
    {
        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            if (!Same(left[i], right[i]))
                return Order(left[i], right[i]);
        }

        return left.Count.CompareTo(right.Count);
    }

    // By code points, not by UTF-16 units, which differ beyond the basic plane.
    static int CompareText(string left, string right)
    {
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            if (left[i] != right[i])
                return char.IsSurrogate(left[i]) == char.IsSurrogate(right[i]) ? left[i].CompareTo(right[i]) : char.IsSurrogate(left[i]) ? 1 : -1;
        }

        return left.Length.CompareTo(right.Length);
    }

    /// <summary>Whether <paramref name="item"/> is in <paramref name="holder"/>.</summary>
    public static bool Contains(object? holder, object? item) => holder switch
    {
        string text => item switch
        {
            string part => text.Contains(part, StringComparison.Ordinal),
            _ => throw new ValueTypeException($"'in' looks for text in text, not for {ValueNames.Of(item)}."),
        },
        LowCodeMap map => map.ContainsKey(MapKey.Of(item)),
        IReadOnlyList<object?> list => list.Any(i => Same(i, item)),
        Undefined => false,
        _ => throw new ValueTypeException($"nothing is in {ValueNames.Of(holder)}: expected text, a list or a mapping after 'in'."),
    };

    public static object? Add(object? left, object? right, TemplateBudget budget) => (left, right) switch
    {
        ({ } a, { } b) when Numbers.Is(a) && Numbers.Is(b) => Numbers.Add(a, b),
        (string a, string b) => budget.Text(a + b),
        (List<object?> a, List<object?> b) => budget.List([.. a, .. b]),
        (LowCodeTuple a, LowCodeTuple b) => new LowCodeTuple(budget.List([.. a, .. b])),
        (MomentValue or DayValue or TimeDelta or CalendarPeriod, _) or (_, TimeDelta or CalendarPeriod) => TimeArithmetic.Add(left, right),
        _ => throw NoMeaning("+", left, right),
    };

    public static object? Subtract(object? left, object? right) => (left, right) switch
    {
        ({ } a, { } b) when Numbers.Is(a) && Numbers.Is(b) => Numbers.Subtract(a, b),
        (MomentValue or DayValue or TimeDelta or CalendarPeriod, _) => TimeArithmetic.Subtract(left, right),
        _ => throw NoMeaning("-", left, right),
    };

    public static object? Multiply(object? left, object? right, TemplateBudget budget) => (left, right) switch
    {
        ({ } a, { } b) when Numbers.Is(a) && Numbers.Is(b) => Numbers.Multiply(a, b),
        (string text, { } times) when Numbers.IsWhole(times) => Repeat(text, times, budget),
        ({ } times, string text) when Numbers.IsWhole(times) => Repeat(text, times, budget),
        (List<object?> list, { } times) when Numbers.IsWhole(times) => Repeat(list, times, budget),
        ({ } times, List<object?> list) when Numbers.IsWhole(times) => Repeat(list, times, budget),
        (TimeDelta span, { } times) when Numbers.Is(times) => new TimeDelta(span.Length * Numbers.Real(times)),
        ({ } times, TimeDelta span) when Numbers.Is(times) => new TimeDelta(span.Length * Numbers.Real(times)),
        _ => throw NoMeaning("*", left, right),
    };

    public static object? Divide(object? left, object? right) => (left, right) switch
    {
        ({ } a, { } b) when Numbers.Is(a) && Numbers.Is(b) => Numbers.Divide(a, b),
        (TimeDelta a, TimeDelta b) when b.Length != TimeSpan.Zero => a.Length / b.Length,
        (TimeDelta a, { } b) when Numbers.Is(b) && Numbers.Real(b) != 0 => new TimeDelta(a.Length / Numbers.Real(b)),
        _ => throw NoMeaning("/", left, right),
    };

    public static object? FloorDivide(object? left, object? right) => (left, right) switch
    {
        ({ } a, { } b) when Numbers.Is(a) && Numbers.Is(b) => Numbers.FloorDivide(a, b),
        (TimeDelta a, TimeDelta b) when b.Length != TimeSpan.Zero => (long)Math.Floor((double)a.Length.Ticks / b.Length.Ticks),
        _ => throw NoMeaning("//", left, right),
    };

    public static object? Modulo(object? left, object? right, TemplateBudget budget) => (left, right) switch
    {
        ({ } a, { } b) when Numbers.Is(a) && Numbers.Is(b) => Numbers.Modulo(a, b),
        (string format, _) => budget.Text(PercentFormat.Apply(format, right)),
        _ => throw NoMeaning("%", left, right),
    };

    public static object? Power(object? left, object? right) => (left, right) switch
    {
        ({ } a, { } b) when Numbers.Is(a) && Numbers.Is(b) => Numbers.Power(a, b),
        _ => throw NoMeaning("**", left, right),
    };

    public static object? Negate(object? value) => value switch
    {
        { } number when Numbers.Is(number) => Numbers.Negate(number),
        TimeDelta span => new TimeDelta(-span.Length),
        Undefined undefined => throw undefined.Fault(),
        _ => throw new ValueTypeException($"'-' has no meaning for {ValueNames.Of(value)}: expected a number."),
    };

    /// <summary>The elements of a value, in order; a mapping's are its keys, a text's its characters.</summary>
    public static IReadOnlyList<object?> Items(object? value) => value switch
    {
        LowCodeMap map => [.. map.Keys.Select(MapKey.Value)],
        List<object?> list => [.. list],
        IReadOnlyList<object?> list => list,
        string text => [.. text.EnumerateRunes().Select(r => (object?)r.ToString())],
        Undefined => [],
        _ => throw new ValueTypeException($"{ValueNames.Of(value)} has no elements: expected a list, a mapping or text."),
    };

    /// <summary>How many elements a value has.</summary>
    public static long Length(object? value) => value switch
    {
        LowCodeMap map => map.Count,
        IReadOnlyList<object?> list => list.Count,
        string text => Characters.Count(text),
        Undefined => 0,
        _ => throw new ValueTypeException($"{ValueNames.Of(value)} has no length: expected a list, a mapping or text."),
    };

    static string Repeat(string text, object times, TemplateBudget budget)
    {
        var count = Math.Max(0, Numbers.Int(times, "the number of repetitions"));
        budget.Allow((long)text.Length * count);
        return new StringBuilder(text.Length * count).Insert(0, text, count).ToString();
    }

    static List<object?> Repeat(List<object?> list, object times, TemplateBudget budget)
    {
        var count = Math.Max(0, Numbers.Int(times, "the number of repetitions"));
        budget.Allow((long)list.Count * count);
        return [.. Enumerable.Repeat(list, count).SelectMany(l => l)];
    }

    static TemplateException NoMeaning(string sign, object? left, object? right) =>
        (left as Undefined ?? right as Undefined) is { } undefined ? undefined.Fault()
        : new ValueTypeException($"'{sign}' has no meaning for {ValueNames.Of(left)} and {ValueNames.Of(right)}.");
}
