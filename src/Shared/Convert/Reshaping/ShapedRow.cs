using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Reshaping;

/// <summary>A row under construction whose cells can be read again. Not thread-safe.</summary>
internal sealed class ShapedRow
{
    readonly RowText _text = new();
    Cell[] _cells = new Cell[32];
    int _used;

    /// <summary>Sets a cell to text that is UTF-8.</summary>
    public void Set(int column, ReadOnlySpan<byte> value, CellKind kind)
    {
        var start = _text.Length;
        _text.Write(value);
        Put(column, new(start, value.Length, kind));
    }

    /// <summary>Adds a text to a composed cell, or begins it. Nothing else may be set in between.</summary>
    public void Compose(int column, ReadOnlySpan<byte> text, bool begins)
    {
        var start = begins ? _text.Length : _cells[column].Start;
        _text.Write(text);
        Put(column, new(start, _text.Length - start, CellKind.Quoted));
    }

    /// <summary>The cell; a missing one where there is none.</summary>
    public Cell this[int column] => column >= 0 && column < _used ? _cells[column] : default;

    public ReadOnlySpan<byte> Text => _text.Written;

    public void Clear()
    {
        Array.Clear(_cells, 0, _used);
        _text.Clear();
        _used = 0;
    }

    public void HandOver(IRowConsumer consumer, in RowPlace place, ReadOnlySpan<byte> raw) => consumer.Row(_text.Written, _cells.AsSpan(0, _used), place, raw);

    void Put(int column, Cell cell)
    {
        if (column >= _cells.Length)
            Array.Resize(ref _cells, Math.Max(_cells.Length * 2, column + 1));
        _cells[column] = cell;
        _used = Math.Max(_used, column + 1);
    }
}
