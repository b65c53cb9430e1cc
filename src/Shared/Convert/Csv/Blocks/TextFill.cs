using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Csv.Blocks;

/// <summary>Fills a column of text, which keeps its cells as they are written.</summary>
/// <param name="emptyIsNull">Whether an empty cell without quotes has no value.</param>
internal sealed class TextFill(int field, bool emptyIsNull, bool nullable) : ColumnFill
{
    readonly NullBits _nulls = new();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int Fill(ColumnBuilder builder, in BlockCells cells)
    {
        var (rows, width) = (cells.Rows, cells.Width);
        ((BytesBuilder)builder).Reserve(rows, cells.Bytes + Vector256<byte>.Count, out var ends, out var data);
        _nulls.Clear(rows);
        ref var source = ref MemoryMarshal.GetReference(cells.Data);
        ref var target = ref MemoryMarshal.GetReference(data);
        ref var end = ref MemoryMarshal.GetReference(ends);
        ref var mark = ref cells.Marks(field);
        var isLast = cells.IsLast(field);
        var readable = cells.Data.Length - Vector256<byte>.Count; // from here on a whole vector can be read
        var isBare = !isLast && !cells.HasQuotes;
        var used = 0;
        for (var row = 0; row < rows; row++)
        {
            var start = mark + 1;
            var length = Unsafe.Add(ref mark, 1) - start;
            mark = ref Unsafe.Add(ref mark, width);
            var quoted = !isBare && cells.Undress(isLast, ref start, ref length);
            if (length <= Vector256<byte>.Count && start <= readable && !(quoted && cells.HasDoubledQuotes))
            {
                if (length == 0 && emptyIsNull && !quoted && !TryNull(row))
                    return row;
                Vector256.LoadUnsafe(ref source, (nuint)(uint)start).StoreUnsafe(ref target, (nuint)(uint)used);
                used += length;
            }
            else if (!TryAppend(cells, row, start, length, quoted, data, ref used))
            {
                return row;
            }

            Unsafe.Add(ref end, row) = used;
        }

        return rows;
    }

    bool TryAppend(in BlockCells cells, int row, int start, int length, bool quoted, Span<byte> data, ref int used)
    {
        if (length == 0 && emptyIsNull && !quoted && !TryNull(row))
            return false;
        if (quoted && cells.HasDoubledQuotes)
        {
            used += cells.Unescape(start, length, data[used..]);
            return true;
        }

        cells.Data.Slice(start, length).CopyTo(data[used..]);
        used += length;
        return true;
    }

    bool TryNull(int row)
    {
        _nulls.Set(row);
        return nullable;
    }

    public override void Commit(ColumnBuilder builder, int rows) => ((BytesBuilder)builder).Commit(rows, _nulls.Bits);
}
