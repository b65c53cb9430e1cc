using DataIngestion.Contracts;
using DataIngestion.Tabular;

namespace DataIngestion.Merge;

/// <summary>Where a dataset's columns are in a <see cref="MergeRow"/> and in Parquet.</summary>
internal sealed class RowLayout
{
    public const string Source = "_source";
    public const string Run = "_run";
    public const string Row = "_row";
    public const string KnownAt = "_known_at";
    public const string Rule = "_rule";
    public const string SeenAt = "_seen_at";
    public const string SeenRun = "_seen_run";
    public const string SeenRow = "_seen_row";
    public const string OtherAt = "_other_at";
    public const string OtherRun = "_other_run";
    public const string OtherRow = "_other_row";

    /// <summary>Type of every moment in lineage columns.</summary>
    public static DataType Moment { get; } = DataType.Timestamp(TimeUnit.Microseconds, isUtc: true);

    /// <param name="dataset">Decides names, types and keys.</param>
    /// <param name="rowType">Type of <c>_row</c>, which the converter decides.</param>
    public RowLayout(DatasetDefinition dataset, DataType rowType)
    {
        Dataset = dataset.Dataset;
        var keys = dataset.Keys.ToHashSet(StringComparer.Ordinal);
        var columns = dataset.Columns.Select(c => new DataColumn(c.Key, TypeOf(c.Value), c.Value.Nullable && !keys.Contains(c.Key))).ToArray();
        Snapshot = new([.. columns, new(Source, DataType.String, false), new(Run, DataType.String, false), new(Row, rowType, false), new(KnownAt, Moment, false)]);
        Contributions = new([
            .. Snapshot, new(Rule, DataType.String, false),
            new(SeenAt, Moment, false), new(SeenRun, DataType.String, false), new(SeenRow, rowType, false),
            new(OtherAt, Moment), new(OtherRun, DataType.String), new(OtherRow, rowType)]);
        KeyColumns = [.. dataset.Keys.Select(k => Snapshot.IndexOf(k))];
        DataColumns = [.. Enumerable.Range(0, columns.Length).Where(i => !keys.Contains(columns[i].Name))];
        RowType = rowType;
    }

    /// <summary>Dataset id, for messages.</summary>
    public string Dataset { get; }

    /// <summary>Columns of the rows that stand: the dataset's, then lineage.</summary>
    public DataSchema Snapshot { get; }

    /// <summary>Columns of all sources' rows: the same, then what became of them and the state of their <see cref="Contribution"/>.</summary>
    public DataSchema Contributions { get; }

    /// <summary>Places of the key columns, in the order of the keys.</summary>
    public IReadOnlyList<int> KeyColumns { get; }

    /// <summary>Places of the other columns of the dataset.</summary>
    public IReadOnlyList<int> DataColumns { get; }

    /// <summary>Type of <c>_row</c>.</summary>
    public DataType RowType { get; }

    static DataType TypeOf(ColumnDefinition column) => column.Type switch
    {
        ColumnKind.String => DataType.String,
        ColumnKind.Boolean => DataType.Boolean,
        ColumnKind.Integer => DataType.Int64,
        ColumnKind.Decimal => DataType.Decimal(column.Precision, column.Scale),
        ColumnKind.Float => DataType.Double,
        ColumnKind.Date => DataType.Date,
        _ => Moment,
    };
}
