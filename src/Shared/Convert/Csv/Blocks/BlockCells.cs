using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataIngestion.Conversion.Csv.Blocks;

/// <summary>The cells of some complete records that all have the same number of fields.</summary>
/// <param name="data">What the marks point into.</param>
/// <param name="marks">The place before the first record, then the end of each field, record by record.</param>
/// <param name="width">Fields of a record.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly ref struct BlockCells(ReadOnlySpan<byte> data, ReadOnlySpan<int> marks, int width, byte? quote, bool hasQuotes, bool hasDoubledQuotes)
{
    public ReadOnlySpan<byte> Data { get; } = data;

    public int Width { get; } = width;

    public int Rows { get; } = (marks.Length - 1) / width;

    /// <summary>Meant only while <see cref="HasQuotes"/>.</summary>
    public byte Quote { get; } = quote ?? 0;

    /// <summary>Whether some field is quoted; if so, a field that begins with a quote ends with one.</summary>
    public bool HasQuotes { get; } = hasQuotes;

    public bool HasDoubledQuotes { get; } = hasDoubledQuotes;

    /// <summary>Bytes of the records.</summary>
    public int Bytes { get; } = marks[^1] - marks[0];

    readonly ReadOnlySpan<int> _marks = marks;

    /// <summary>The mark before the field's first cell; the next one ends it, and the next row's is <see cref="Width"/> further.</summary>
    public ref int Marks(int field) => ref Unsafe.Add(ref MemoryMarshal.GetReference(_marks), field);

    /// <summary>Where a record begins.</summary>
    public int RowStart(int row) => _marks[row * Width] + 1;

    /// <summary>Whether cells of the field may end with a carriage return that belongs to the line's end.</summary>
    public bool IsLast(int field) => field == Width - 1;

    /// <summary>Takes the carriage return before a line's end and the quotes off a cell.</summary>
    /// <returns>Whether it was quoted.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Undress(bool isLast, ref int start, ref int length)
    {
        ref var bytes = ref MemoryMarshal.GetReference(Data);
        if (isLast && length > 0 && Unsafe.Add(ref bytes, start + length - 1) == '\r')
            length--;
        if (!HasQuotes || length == 0 || Unsafe.Add(ref bytes, start) != Quote)
            return false;
        start++;
        length -= 2;
        return true;
    }

    /// <summary>One cell, without its quotes.</summary>
    /// <returns>Whether it was quoted.</returns>
    public bool Cell(int row, int field, out int start, out int length)
    {
        var mark = (row * Width) + field;
        start = _marks[mark] + 1;
        length = _marks[mark + 1] - start;
        return Undress(IsLast(field), ref start, ref length);
    }

    /// <summary>The text of a cell that <see cref="Cell"/> found.</summary>
    /// <param name="scratch">Takes the text if it has doubled quotes.</param>
    public ReadOnlySpan<byte> Text(int start, int length, bool quoted, ref byte[] scratch)
    {
        if (!quoted || !HasDoubledQuotes)
            return Data.Slice(start, length);
        if (scratch.Length < length)
            scratch = new byte[Math.Max(256, length * 2)];
        return scratch.AsSpan(0, Unescape(start, length, scratch));
    }

    /// <summary>The first rows.</summary>
    public BlockCells Take(int rows) => new(Data, _marks[..((rows * Width) + 1)], Width, Quote, HasQuotes, HasDoubledQuotes);

    /// <summary>The text of a quoted cell with its doubled quotes made single.</summary>
    /// <param name="target">At least as long.</param>
    /// <returns>Its length.</returns>
    public int Unescape(int start, int length, Span<byte> target)
    {
        var text = Data.Slice(start, length);
        var written = 0;
        for (var place = text.IndexOf(Quote); place >= 0; place = text.IndexOf(Quote))
        {
            text[..(place + 1)].CopyTo(target[written..]);
            written += place + 1;
            text = text[(place + 2)..];
        }

        text.CopyTo(target[written..]);
        return written + text.Length;
    }
}
