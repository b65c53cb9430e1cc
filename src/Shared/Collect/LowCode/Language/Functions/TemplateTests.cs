namespace DataIngestion.Collect;

/// <summary>What <c>value is …</c> asks.</summary>
internal static class TemplateTests
{
    /// <summary>By name.</summary>
    public static readonly IReadOnlyDictionary<string, Func<object?, CallValues, bool>> All = new Dictionary<string, Func<object?, CallValues, bool>>(StringComparer.Ordinal)
    {
        ["defined"] = (value, _) => value is not Undefined,
        ["undefined"] = (value, _) => value is Undefined,
        ["none"] = (value, _) => value is null,
        ["boolean"] = (value, _) => value is bool,
        ["true"] = (value, _) => value is true,
        ["false"] = (value, _) => value is false,
        ["integer"] = (value, _) => value is not bool && Numbers.IsWhole(value),
        ["float"] = (value, _) => value is double or decimal,
        ["number"] = (value, _) => Numbers.Is(value),
        ["string"] = (value, _) => value is string,
        ["mapping"] = (value, _) => value is LowCodeMap,
        ["sequence"] = (value, _) => value is string or LowCodeMap or IReadOnlyList<object?> or Undefined,
        ["iterable"] = (value, _) => value is string or LowCodeMap or IReadOnlyList<object?> or Undefined,
        ["callable"] = (value, _) => value is ICallable,
        ["sameas"] = (value, v) => ReferenceEquals(value, v.Need(0, "other")) || (value is null or bool or long or string && Operators.Same(value, v.Need(0, "other")) && value?.GetType() == v.Need(0, "other")?.GetType()),
        ["escaped"] = (_, _) => false,
        ["lower"] = (value, _) => PythonText.Str(value) is var text && text.Any(char.IsLower) && !text.Any(char.IsUpper),
        ["upper"] = (value, _) => PythonText.Str(value) is var text && text.Any(char.IsUpper) && !text.Any(char.IsLower),
        ["even"] = (value, v) => Operators.Same(Operators.Modulo(value, 2L, v.Budget), 0L),
        ["odd"] = (value, v) => Operators.Same(Operators.Modulo(value, 2L, v.Budget), 1L),
        ["divisibleby"] = (value, v) => Operators.Same(Operators.Modulo(value, v.Need(0, "num"), v.Budget), 0L),
        ["in"] = (value, v) => Operators.Contains(v.Need(0, "seq"), value),
        ["filter"] = (value, _) => value is string name && TemplateFilters.All.ContainsKey(name),
        ["test"] = (value, _) => value is string name && All!.ContainsKey(name),
        ["eq"] = Compared("=="),
        ["equalto"] = Compared("=="),
        ["ne"] = Compared("!="),
        ["lt"] = Compared("<"),
        ["lessthan"] = Compared("<"),
        ["le"] = Compared("<="),
        ["gt"] = Compared(">"),
        ["greaterthan"] = Compared(">"),
        ["ge"] = Compared(">="),
        ["=="] = Compared("=="),
        ["!="] = Compared("!="),
        ["<"] = Compared("<"),
        ["<="] = Compared("<="),
        [">"] = Compared(">"),
        [">="] = Compared(">="),
    };

    static Func<object?, CallValues, bool> Compared(string sign) => (value, v) => ComparisonNode.Holds(sign, value, v.Need(0, "b"));
}
