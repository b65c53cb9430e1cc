using DataIngestion.Contracts;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Runs;

/// <summary>A dataset's columns as the tabular schema that conversions into it must produce.</summary>
public static class DatasetSchema
{
    /// <summary>The columns in the order of the configuration, without those for lineage. Keys are never null.</summary>
    public static DataSchema Of(DatasetDefinition dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return new(dataset.Columns.Select(c => new DataColumn(c.Key, TypeOf(c.Value), c.Value.Nullable && !dataset.Keys.Contains(c.Key, StringComparer.Ordinal))
        {
            Semantic = c.Value.Identifier is { } identifier ? new(identifier.ToString().ToLowerInvariant()) : null,
        }));
    }

    static DataType TypeOf(ColumnDefinition column) => column.Type switch
    {
        ColumnKind.Boolean => DataType.Boolean,
        ColumnKind.Integer => DataType.Int64,
        ColumnKind.Decimal => DataType.Decimal(column.Precision, column.Scale),
        ColumnKind.Float => DataType.Double,
        ColumnKind.Date => DataType.Date,
        ColumnKind.Timestamp => DataType.Timestamp(TimeUnit.Microseconds, isUtc: true),
        _ => DataType.String,
    };
}
