namespace DataIngestion.Tabular.Parquet;

/// <summary>Sees whether the rows of a row group ascend by some columns, nulls first. Looks no further after the first row that does not.</summary>
internal sealed class SortWatch
{
    readonly int[] _columns;
    readonly RecordBatchBuilder _kept;
    RecordBatch? _last;

    /// <param name="schema">The columns of the file.</param>
    /// <param name="columns">Places of the columns to watch, the first the most important.</param>
    public SortWatch(DataSchema schema, IReadOnlyList<int> columns)
    {
        _columns = [.. columns];
        _kept = new(new(_columns.Select(c => schema[c])));
        IsSorted = _columns.Length > 0;
    }

    /// <summary>Whether all rows since <see cref="Restart"/> ascend.</summary>
    public bool IsSorted { get; private set; }

    public void Add(RecordBatch batch, int start, int length)
    {
        if (!IsSorted || length == 0)
            return;
        IsSorted = (_last is null || Compare(_last, i => i, 0, batch, start) <= 0) && Ascends(batch, start, length);
        Forget();
        if (!IsSorted)
            return;
        for (var i = 0; i < _columns.Length; i++)
            _kept[i].AppendFrom(batch.Columns[_columns[i]], start + length - 1);
        _kept.EndRow();
        _last = _kept.Detach();
    }

    bool Ascends(RecordBatch batch, int start, int length)
    {
        if (_columns is [var only] && batch.Columns[only] is { NullCount: 0 } column)
        {
            if (column is FixedColumn<long> longs)
                return Ascends(longs.Values.Slice(start, length));
            if (column is FixedColumn<int> ints)
                return Ascends(ints.Values.Slice(start, length));
        }

        for (var row = start + 1; row < start + length; row++)
        {
            if (Compare(batch, i => _columns[i], row - 1, batch, row) > 0)
                return false;
        }

        return true;
    }

    static bool Ascends<T>(ReadOnlySpan<T> values)
        where T : IComparable<T>
    {
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i].CompareTo(values[i - 1]) < 0)
                return false;
        }

        return true;
    }

    int Compare(RecordBatch left, Func<int, int> place, int leftRow, RecordBatch right, int rightRow)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            var order = left.Columns[place(i)].Compare(leftRow, right.Columns[_columns[i]], rightRow);
            if (order != 0)
                return order;
        }

        return 0;
    }

    /// <summary>A new row group begins.</summary>
    public void Restart()
    {
        Forget();
        IsSorted = _columns.Length > 0;
    }

    void Forget()
    {
        _last?.Dispose();
        _last = null;
    }
}
