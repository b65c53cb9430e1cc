using System.Globalization;
using DataIngestion.Contracts;
using DataIngestion.Tabular;

namespace DataIngestion.Cli.Proposing;

/// <summary>Finds by which field later runs may fetch only what is new, and which parameters ask for it.</summary>
internal static class CursorFinder
{
    static readonly (string Format, long UnitsASecond)[] Epochs = [("unix-seconds", 1), ("unix-milliseconds", 1_000), ("unix-microseconds", 1_000_000), ("unix-nanoseconds", 1_000_000_000)];

    /// <param name="exchanges">The requests.</param>
    /// <param name="table">The records.</param>
    /// <param name="taken">Query parameters that are known to be something else.</param>
    public static CursorGuess? Find(IReadOnlyList<RecordedExchange> exchanges, SampleTable table, IReadOnlySet<string> taken)
    {
        var parameters = exchanges.SelectMany(e => e.Query).Where(q => !taken.Contains(q.Key)).DistinctBy(q => q.Key).ToList();
        var from = parameters.FirstOrDefault(q => ParameterNames.IsFrom(q.Key) && q.Value.Length > 0);
        var to = parameters.FirstOrDefault(q => ParameterNames.IsTo(q.Key) && q.Value.Length > 0 && q.Key != from.Key);
        var fields = table.Columns.Where(c => c.Values.Exists(v => v is not null)).Select(c => (Column: c, Type: TypeOf(c))).Where(c => c.Type is not null).ToList();
        if (fields.Count == 0)
            return null;
        var best = fields.OrderByDescending(f => Score(f.Column, f.Type!.Value.Type, from.Value)).First();
        if (from.Key is null && to.Key is null)
            return null; // the source cannot be asked for what is new, as far as was seen
        var (type, format) = best.Type!.Value;
        var written = from.Value is null ? null : FormatOf(from.Value, type);
        return new(
            best.Column.Name, type, from.Key, to.Key, written ?? format, from.Value,
            new(best.Column.Name, from.Key is null ? 0.5 : 0.85, $"'{best.Column.Name}' is a {(type is CursorType.Date ? "day" : type is CursorType.Timestamp ? "time" : "number")} in every record and the requests have '{from.Key ?? to.Key}'"));
    }

    static double Score(SampleColumn column, CursorType type, string? asked)
    {
        var score = type is CursorType.Integer ? 1.0 : 3.0;
        score += column.IsComplete ? 1 : 0;
        score += ParameterNames.IsTime(column.Name) ? 1.5 : 0;
        score += IsSorted(column) ? 1 : 0;
        score += column.Name.Contains("updat", StringComparison.OrdinalIgnoreCase) || column.Name.Contains("publish", StringComparison.OrdinalIgnoreCase) ? 0.7 : 0;
        score += column.Values.Distinct().Count() > 1 ? 0.5 : 0;
        score -= column.Name.Contains('.', StringComparison.Ordinal) ? 0.5 : 0;
        return asked is { Length: >= 8 } && column.Values.Exists(v => v is not null && string.CompareOrdinal(v, asked) >= 0 && v.Length > 0 && v[0] == asked[0]) ? score + 0.5 : score;
    }

    static bool IsSorted(SampleColumn column)
    {
        var values = column.Values.OfType<string>().ToList();
        return values.Zip(values.Skip(1)).All(p => string.CompareOrdinal(p.First, p.Second) <= 0) || values.Zip(values.Skip(1)).All(p => string.CompareOrdinal(p.First, p.Second) >= 0);
    }

    /// <summary>What a column would be as a cursor, and how it is written; null where it is no day, time or number.</summary>
    public static (CursorType Type, string? Format)? TypeOf(SampleColumn column)
    {
        if (column.Type.Kind == DataKind.Date)
            return (CursorType.Date, null);
        if (column.Type.Kind == DataKind.Timestamp)
            return (CursorType.Timestamp, null);
        if (!column.Type.IsExactNumber || column.Values.OfType<string>().FirstOrDefault() is not { } value)
            return null;
        if (EpochOf(value) is { } epoch)
            return (CursorType.Timestamp, epoch);
        return column.Type.IsInteger && ParameterNames.IsIdentity(column.Name) ? (CursorType.Integer, null) : null;
    }

    /// <summary>The unit in which a number counts time since 1970, where it lies between 1990 and 2050; null where it does not.</summary>
    public static string? EpochOf(string value)
    {
        if (!decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return null;
        foreach (var (format, units) in Epochs)
        {
            if (number >= 631_152_000m * units && number < 2_524_608_000m * units)
                return format;
        }

        return null;
    }

    static string? FormatOf(string value, CursorType type) => type switch
    {
        CursorType.Integer => null,
        _ when value.Length == 8 && DateOnly.TryParseExact(value, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) => "yyyyMMdd",
        _ => EpochOf(value),
    };
}
