using DataIngestion.Cli.Printing;
using DataIngestion.Conversion;

namespace DataIngestion.Cli.Converting;

/// <summary>What is known about a column, in words that fit into a table.</summary>
internal static class ColumnEvidence
{
    const int Patterns = 3;

    /// <summary>Cells without a value, with the spellings that meant it.</summary>
    public static string Nulls(ColumnReport column, bool nullable)
    {
        if (!nullable)
            return "not null";
        if (column.Nulls == 0)
            return "";
        var spelled = column.NullSpellings.OrderByDescending(s => s.Value).ThenBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{(s.Key.Length == 0 ? "empty" : s.Key)} {Tables.Count(s.Value)}").ToList();
        return spelled.Count == 0 ? Tables.Count(column.Nulls) : $"{Tables.Count(column.Nulls)} ({string.Join(", ", spelled)})";
    }

    /// <summary>What the values identify, and how many do not where some do not.</summary>
    public static string Identifies(ColumnReport column) => column.Identifier switch
    {
        null => "",
        { FirstInvalid: { } wrong } found => $"{Identifier.NameOf(found.Kind)} ({Tables.Count(found.Values - found.Valid)} invalid, first {wrong})",
        var found => Identifier.NameOf(found.Kind),
    };

    /// <summary>How values are written: the column's format, and the most frequent patterns with their counts.</summary>
    public static string Writing(ColumnReport column)
    {
        if (column.Details is not { } details)
            return "";
        var patterns = string.Join(", ", details.Patterns.Take(Patterns).Select(p => $"{p.Pattern} {Tables.Count(p.Count)}"));
        var rest = details.Patterns.Count > Patterns ? ", …" : "";
        return details.Format.Length == 0 ? patterns + rest : $"{details.Format}: {patterns}{rest}";
    }

    /// <summary>The smallest and largest value, and the digits seen; examples where there is no order.</summary>
    public static string Range(ColumnReport column)
    {
        if (column.Details is not { } details)
            return "";
        var digits = (details.WholeDigits, details.FractionDigits) switch
        {
            ({ } whole, { } fraction) => $" ({whole}+{fraction} digits)",
            (null, { } fraction and > 0) => $" ({fraction} digits of a second)",
            _ => "",
        };
        return details.Smallest is null ? string.Join(", ", details.Examples) : $"{details.Smallest} to {details.Largest}{digits}";
    }

    /// <summary>Why the type was chosen, and the value because of which it is not narrower.</summary>
    public static string Because(ColumnReport column) =>
        column.Details?.Widened is { } widened ? $"{column.Evidence}; first '{widened.First}' in row {Tables.Count(widened.Row)}" : column.Evidence;
}
