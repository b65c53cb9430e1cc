namespace DataIngestion.Conversion.Pipeline;

/// <summary>Puts a row together cell by cell, by the names of its columns. Not thread-safe.</summary>
internal sealed class NamedRow(IRowConsumer consumer)
{
    readonly RowText _text = new();
    Cell[] _cells = new Cell[32];
    int _used;

    /// <summary>Sets a cell; null leaves it missing.</summary>
    public void Set(string column, ReadOnlySpan<char> value, CellKind kind = CellKind.Quoted) => Set(consumer.Names.Add(column), value, kind);

    /// <summary>Sets a cell; null leaves it missing.</summary>
    public void Set(string column, string? value, CellKind kind = CellKind.Quoted)
    {
        if (value is not null)
            Set(column, value.AsSpan(), kind);
        else
            consumer.Names.Add(column);
    }

    public void Set(string column, long value) => Set(column, value.ToString(System.Globalization.CultureInfo.InvariantCulture), CellKind.Number);

    void Set(int column, ReadOnlySpan<char> value, CellKind kind)
    {
        var start = _text.Length;
        _text.Write(value);
        Put(column, new(start, _text.Length - start, kind));
    }

    /// <summary>Sets a cell to text that is UTF-8.</summary>
    public void Set(int column, ReadOnlySpan<byte> value, CellKind kind)
    {
        var start = _text.Length;
        _text.Write(value);
        Put(column, new(start, value.Length, kind));
    }

    void Put(int column, Cell cell)
    {
        if (column >= _cells.Length)
            Array.Resize(ref _cells, Math.Max(_cells.Length * 2, column + 1));
        _cells[column] = cell;
        _used = Math.Max(_used, column + 1);
    }

    /// <summary>Hands the row over and begins the next one.</summary>
    public void Emit(in RowPlace place, ReadOnlySpan<byte> raw)
    {
        consumer.Row(_text.Written, _cells.AsSpan(0, _used), place, raw);
        Array.Clear(_cells, 0, _used);
        _text.Clear();
        _used = 0;
    }
}
