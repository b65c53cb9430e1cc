using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace DataIngestion.Contracts;

/// <summary>Says what a validation attribute expected in the words of the configuration file.</summary>
internal static class RuleMessages
{
    /// <summary>A sentence, or null for attributes that say it well enough themselves.</summary>
    public static string? Of(string name, object value, ValidationAttribute rule) => rule switch
    {
        RangeAttribute range => $"'{name}' is {Text(value)}: expected {Bounds(range)}.",
        RequiredAttribute => $"'{name}' is empty: expected a value.",
        MinLengthAttribute least when value is not string => $"'{name}' has {Count(value)} entries: expected at least {least.Length}.",
        RegularExpressionAttribute pattern => $"'{name}' is '{value}': expected to match {pattern.Pattern}.",
        _ => null,
    };

    static string Bounds(RangeAttribute range) =>
        range.Maximum is >= 9.2e18 or int.MaxValue ? $"at least {Text(range.Minimum)}" : $"{Text(range.Minimum)} to {Text(range.Maximum)}";

    static string Text(object value) => value switch
    {
        TimeSpan duration => Duration.Format(duration),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => $"'{value}'",
    };

    static int Count(object value) => value is ICollection collection ? collection.Count : 0;
}
