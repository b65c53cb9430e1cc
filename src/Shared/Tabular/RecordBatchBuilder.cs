namespace DataIngestion.Tabular;

/// <summary>Collects rows into batches. Not thread-safe.</summary>
public sealed class RecordBatchBuilder
{
    readonly ColumnBuilder[] _columns;

    /// <param name="schema">The columns of every batch.</param>
    public RecordBatchBuilder(DataSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        Schema = schema;
        _columns = [.. schema.Select(c => ColumnBuilder.For(c.Type))];
    }

    /// <summary>The columns of every batch.</summary>
    public DataSchema Schema { get; }

    /// <summary>Complete rows so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that the rows so far take, roughly.</summary>
    public long Bytes
    {
        get
        {
            var sum = 0L;
            foreach (var column in _columns)
                sum += column.Bytes;
            return sum;
        }
    }

    /// <summary>The builder of one column; after adding to every column, call <see cref="EndRow"/>.</summary>
    public ColumnBuilder this[int column] => _columns[column];

    /// <summary>The row to which every column was added is complete.</summary>
    public void EndRow() => Count++;

    /// <summary>Several rows, added column by column, are complete.</summary>
    public void EndRows(int rows) => Count += rows;

    /// <summary>Takes back what was added to any column since the last complete row.</summary>
    public void DropRow()
    {
        foreach (var column in _columns)
            column.Truncate(Count);
    }

    /// <summary>Adds a row of CLR values, see <see cref="ColumnBuilder.AppendValue"/>. For tests and small data.</summary>
    public void AppendRow(params ReadOnlySpan<object?> values)
    {
        if (values.Length != _columns.Length)
            throw new ArgumentException($"{_columns.Length} values were expected, not {values.Length}.", nameof(values));
        for (var i = 0; i < _columns.Length; i++)
            _columns[i].AppendValue(values[i]);
        Count++;
    }

    /// <summary>Adds a copy of a row of a batch with the same column types.</summary>
    public void AppendFrom(RecordBatch batch, int row)
    {
        ArgumentNullException.ThrowIfNull(batch);
        for (var i = 0; i < _columns.Length; i++)
            _columns[i].AppendFrom(batch.Columns[i], row);
        Count++;
    }

    /// <summary>Hands over the complete rows and starts again, empty. The caller disposes the batch.</summary>
    public RecordBatch Detach()
    {
        DropRow();
        Count = 0;
        return new(Schema, Array.ConvertAll(_columns, c => c.Detach()));
    }
}
