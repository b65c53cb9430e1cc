using System.Globalization;
using DataIngestion.Contracts;

namespace DataIngestion.Govern;

/// <summary>How the two sides of a rule must compare.</summary>
internal enum Comparison
{
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
}

/// <summary>A column, or a number.</summary>
internal readonly record struct Operand(string? Column, decimal Number);

/// <summary>One condition that every row must meet, such as <c>low &lt;= high</c> or <c>close &gt; 0</c>. A row that lacks a value of it meets it.</summary>
internal sealed record QualityRule(string Text, Operand Left, Comparison Comparison, Operand Right)
{
    const string Expected = "expected two columns, or a column and a number, with one of < <= = >= > between them, such as 'low <= high'";

    /// <summary>Whether sides that compare like this meet the rule.</summary>
    /// <param name="order">Negative, zero or positive, as of a comparer.</param>
    public bool Holds(int order) => Comparison switch
    {
        Comparison.Less => order < 0,
        Comparison.LessOrEqual => order <= 0,
        Comparison.Equal => order == 0,
        Comparison.GreaterOrEqual => order >= 0,
        _ => order > 0,
    };

    /// <summary>Reads a rule.</summary>
    /// <returns>Null, with the fault in a sentence, when it cannot be read or makes no sense for the dataset.</returns>
    public static QualityRule? Parse(string? text, DatasetDefinition dataset, out string? fault)
    {
        text = text?.Trim() ?? "";
        var at = text.AsSpan().IndexOfAny("<>=!");
        if (at < 0)
            return Fault($"the rule '{text}' has no comparison: {Expected}.", out fault);

        var end = at + 1;
        while (end < text.Length && "<>=!".Contains(text[end], StringComparison.Ordinal))
            end++;
        Comparison? comparison = text[at..end] switch
        {
            "<" => Comparison.Less,
            "<=" => Comparison.LessOrEqual,
            "=" => Comparison.Equal,
            ">=" => Comparison.GreaterOrEqual,
            ">" => Comparison.Greater,
            _ => null,
        };
        if (comparison is null)
            return Fault($"the rule '{text}' has the comparison '{text[at..end]}' at character {at + 1}: {Expected}.", out fault);
        if (text.AsSpan(end).IndexOfAny("<>=!") is >= 0 and var second)
            return Fault($"the rule '{text}' has a second comparison at character {end + second + 1}: {Expected}. Write it as two rules.", out fault);

        if (ParseOperand(text, text[..at].Trim(), dataset, out fault) is not { } left
            || ParseOperand(text, text[end..].Trim(), dataset, out fault) is not { } right)
            return null;
        if (left.Column is null && right.Column is null)
            return Fault($"the rule '{text}' compares two numbers: {Expected}.", out fault);
        var (leftFamily, rightFamily) = (FamilyOf(left, dataset), FamilyOf(right, dataset));
        if (leftFamily != rightFamily)
            return Fault($"the rule '{text}' compares {Describe(left, leftFamily)} with {Describe(right, rightFamily)}: expected two values of one kind.", out fault);

        fault = null;
        return new(text, left, comparison.Value, right);
    }

    static Operand? ParseOperand(string rule, string text, DatasetDefinition dataset, out string? fault)
    {
        fault = null;
        if (text.Length == 0)
        {
            fault = $"the rule '{rule}' lacks a side: {Expected}.";
            return null;
        }

        if (dataset.Columns.ContainsKey(text))
            return new(text, 0);
        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var number))
            return new(null, number);
        fault = $"the rule '{rule}' names '{text}', which is neither a number nor one of the columns {string.Join(", ", dataset.Columns.Keys)}.";
        return null;
    }

    static string FamilyOf(Operand operand, DatasetDefinition dataset) => operand.Column is null
        ? "a number"
        : dataset.Columns[operand.Column].Type switch
        {
            ColumnKind.Integer or ColumnKind.Decimal or ColumnKind.Float => "a number",
            ColumnKind.String => "text",
            ColumnKind.Boolean => "true or false",
            ColumnKind.Date => "a day",
            _ => "a moment",
        };

    static string Describe(Operand operand, string family) => operand.Column is null ? $"the number {operand.Number}" : $"'{operand.Column}' ({family})";

    static QualityRule? Fault(string message, out string? fault)
    {
        fault = message;
        return null;
    }
}
