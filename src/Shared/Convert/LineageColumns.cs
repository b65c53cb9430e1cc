using DataIngestion.Tabular;

namespace DataIngestion.Conversion;

/// <summary>The columns that say where a row came from.</summary>
public static class LineageColumns
{
    /// <summary><c>_source</c>, <c>_run</c>, <c>_row</c>, <c>_known_at</c>.</summary>
    public static IReadOnlyList<DataColumn> Columns { get; } =
    [
        new("_source", DataType.String, Nullable: false),
        new("_run", DataType.String, Nullable: false),
        new("_row", DataType.Int64, Nullable: false),
        new("_known_at", DataType.Timestamp(TimeUnit.Microseconds, isUtc: true), Nullable: false),
    ];

    /// <summary>Their names.</summary>
    public static IReadOnlySet<string> Names { get; } = Columns.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
}
