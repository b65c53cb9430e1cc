using System.Runtime.InteropServices;
using System.Text;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Excel;

/// <summary>A cell of a sheet: where its text lies in the row's bytes. An error is <see cref="CellKind.Null"/> with the error's name as its text.</summary>
/// <param name="Column">From 0.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SheetCell(int Column, int Start, int Length, CellKind Kind);

/// <summary>One row of a sheet: the cells that hold something, as UTF-8. Used again and again.</summary>
internal sealed class SheetRow(ConversionLimits limits)
{
    /// <summary>Excel's own bound is 16,384; OpenDocument has the same since LibreOffice 7.4.</summary>
    public const int MostColumns = 16_384;

    byte[] _text = new byte[1024];
    int _length;

    /// <summary>The row's number in the sheet, from 1.</summary>
    public int Number { get; private set; }

    public List<SheetCell> Cells { get; } = [];

    /// <summary>What the cells point into.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _length);

    /// <summary>Whether the cells together are longer than a record may be; what did not fit is not kept.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>The column of a cell that is longer than a field may be, or -1.</summary>
    public int LongField { get; private set; } = -1;

    public ReadOnlySpan<byte> TextOf(in SheetCell cell) => _text.AsSpan(cell.Start, cell.Length);

    public void Begin(int number)
    {
        (Number, _length, IsTooLong, LongField) = (number, 0, false, -1);
        Cells.Clear();
    }

    /// <summary>Room for a text that <see cref="Take"/> then makes a cell.</summary>
    public Span<byte> Room(int bytes)
    {
        if (_text.Length - _length < bytes)
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _length + bytes));
        return _text.AsSpan(_length);
    }

    /// <summary>Makes a cell of the first bytes of the room.</summary>
    public void Take(int column, int length, CellKind kind)
    {
        if (length > limits.MaxFieldBytes)
        {
            LongField = column;
            length = 0;
        }
        else if (_length + length > limits.MaxRecordBytes)
        {
            IsTooLong = true;
            length = 0;
        }

        Cells.Add(new(column, _length, length, kind));
        _length += length;
    }

    /// <summary>Adds a cell; an empty text is no cell, as spreadsheets do not tell the two apart.</summary>
    public void Add(int column, ReadOnlySpan<byte> text, CellKind kind)
    {
        if (text.IsEmpty)
            return;
        if (text.Length <= limits.MaxFieldBytes)
            text.CopyTo(Room(text.Length));
        Take(column, text.Length, kind);
    }

    public void Add(int column, ReadOnlySpan<char> text, CellKind kind)
    {
        if (!text.IsEmpty)
            Take(column, Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length))), kind);
    }

    /// <summary>A copy that stays.</summary>
    public SheetRow Copy()
    {
        var copy = new SheetRow(limits) { Number = Number, IsTooLong = IsTooLong, LongField = LongField, _text = Text.ToArray(), _length = _length };
        copy.Cells.AddRange(Cells);
        return copy;
    }
}
