using System.Buffers;
using System.Text;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Lines;

/// <summary>Collects the cells of one row.</summary>
internal sealed class RowCells
{
    readonly ArrayBufferWriter<byte> _bytes = new(1024);
    Cell[] _cells = [];
    int _used;

    /// <summary>Sets a cell; one that is set twice keeps the later value.</summary>
    public void Set(int column, ReadOnlySpan<byte> text, CellKind kind = CellKind.Text)
    {
        if (_cells.Length <= column)
            Array.Resize(ref _cells, Math.Max(16, column * 2 + 1));
        _cells[column] = new(_bytes.WrittenCount, text.Length, kind);
        _used = Math.Max(_used, column + 1);
        _bytes.Write(text);
    }

    /// <inheritdoc cref="Set(int, ReadOnlySpan{byte}, CellKind)"/>
    public void Set(int column, string text, CellKind kind = CellKind.Text) => Set(column, Encoding.UTF8.GetBytes(text), kind);

    /// <summary>Whether a cell was set.</summary>
    public bool Has(int column) => column < _used && _cells[column].Kind != CellKind.Missing;

    /// <summary>Hands the row over and begins the next one.</summary>
    public void Flush(IRowConsumer consumer, in RowPlace place, ReadOnlySpan<byte> raw)
    {
        consumer.Row(_bytes.WrittenSpan, _cells.AsSpan(0, _used), place, raw);
        Clear();
    }

    /// <summary>Forgets the row.</summary>
    public void Clear()
    {
        _bytes.ResetWrittenCount();
        Array.Clear(_cells, 0, _used);
        _used = 0;
    }
}
