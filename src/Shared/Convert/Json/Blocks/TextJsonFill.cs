using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DataIngestion.Conversion.Csv.Blocks;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Json.Blocks;

/// <summary>Fills a column of text, which keeps strings as they are decoded and anything else as it is written.</summary>
internal sealed class TextJsonFill(bool nullable) : JsonFill
{
    readonly NullBits _nulls = new();

    public override int Fill(ColumnBuilder builder, in JsonColumnCells cells)
    {
        var column = cells.Cells;
        var bytes = 0L;
        foreach (ref readonly var cell in column)
            bytes += cell.Length;
        ((BytesBuilder)builder).Reserve(column.Length, checked((int)bytes + Vector256<byte>.Count), out var ends, out var data);
        _nulls.Clear(column.Length);
        ref var source = ref MemoryMarshal.GetReference(cells.Lines);
        ref var target = ref MemoryMarshal.GetReference(data);
        ref var end = ref MemoryMarshal.GetReference(ends);
        var used = 0;
        for (var row = 0; row < column.Length; row++)
        {
            var cell = column[row];
            if (cell.Kind is CellKind.Missing or CellKind.Null)
            {
                if (!nullable)
                    return row;
                _nulls.Set(row);
            }
            else if (cell.Length <= Vector256<byte>.Count && cell.Start >= 0)
            {
                // Behind the lines are JsonBytes.Slack readable bytes.
                Vector256.LoadUnsafe(ref source, (nuint)(uint)cell.Start).StoreUnsafe(ref target, (nuint)(uint)used);
                used += cell.Length;
            }
            else
            {
                cells.Text(cell).CopyTo(data[used..]);
                used += cell.Length;
            }

            Unsafe.Add(ref end, row) = used;
        }

        return column.Length;
    }

    public override void Commit(ColumnBuilder builder, int rows) => ((BytesBuilder)builder).Commit(rows, _nulls.Bits);
}
