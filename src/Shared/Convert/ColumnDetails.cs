using System.Runtime.InteropServices;

namespace DataIngestion.Conversion;

/// <summary>Values of a column that are written alike.</summary>
/// <param name="Pattern">The first of them with <c>9</c> for a digit, <c>A</c> and <c>a</c> for letters, and one <c>9</c> for the digits before a number's point.</param>
/// <param name="Count">How many there are.</param>
/// <param name="First">The first of them, cut to 40 bytes.</param>
/// <param name="Row">Its record's number in the input, from 1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PatternCount(string Pattern, long Count, string First, long Row);

/// <summary>What every value of one column of the input showed. Exact, whatever the number of threads and wherever the input was cut.</summary>
public sealed record ColumnDetails
{
    /// <summary>How values are written, the most frequent first; at most eight.</summary>
    public IReadOnlyList<PatternCount> Patterns { get; init; } = [];

    /// <summary>How the column spells its values, such as <c>dd/MM/yyyy</c> or <c>1.234.567,89 €</c>; empty for plain numbers, ISO 8601, and text.</summary>
    public string Format { get; init; } = "";

    /// <summary>The most digits before the point of a number; null for other columns.</summary>
    public int? WholeDigits { get; init; }

    /// <summary>The most digits after the point of a number, or after the second of a time, as written; null for other columns.</summary>
    public int? FractionDigits { get; init; }

    /// <summary>The smallest number, date or time (to the second); null for other columns.</summary>
    public string? Smallest { get; init; }

    /// <summary>The largest.</summary>
    public string? Largest { get; init; }

    /// <summary>The first values that differ, at most three, cut to 40 bytes.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>The first value because of which the type is not narrower, unless it is the column's first; null where there is none.</summary>
    public PatternCount? Widened { get; init; }
}
