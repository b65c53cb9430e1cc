using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DataIngestion.Conversion.Csv.Blocks;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Values;
using DataIngestion.Conversion.Values.Kernels;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Json.Blocks;

/// <summary>Fills a column of values of one width.</summary>
/// <param name="nullsMayParse">Whether a spelling of "no value" is also a value of the type, so that spellings must be looked for first.</param>
internal sealed class FixedJsonFill<T, TKernel>(TKernel kernel, NullSpellings nulls, bool nullable, bool nullsMayParse) : JsonFill
    where T : unmanaged, IComparable<T>
    where TKernel : struct, ICellKernel<T>
{
    readonly NullBits _nulls = new();
    readonly SpelledNulls _spelled = new(nulls);
    TKernel _kernel = kernel;

    public override int Fill(ColumnBuilder builder, in JsonColumnCells cells)
    {
        var column = cells.Cells;
        var lines = cells.Lines;
        ref var value = ref MemoryMarshal.GetReference(((FixedBuilder<T>)builder).Reserve(column.Length));
        _nulls.Clear(column.Length);
        _spelled.Drop();
        for (var row = 0; row < column.Length; row++)
        {
            // A cell that is no plain text begins before the lines or has no length, which kernels decline.
            var cell = column[row];
            var isUsual = cell.Kind is CellKind.Number or CellKind.Boolean || (cell.Kind == CellKind.Quoted && !nullsMayParse);
            if ((!isUsual || !_kernel.TryRead(lines, cell.Start, cell.Length, out value)) && !TryRest(cells, cell, row, out value))
                return row;
            value = ref Unsafe.Add(ref value, 1);
        }

        return column.Length;
    }

    /// <summary>What the quick way does not know: cells without a value, decoded text, blanks around it, unusual texts.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    bool TryRest(in JsonColumnCells cells, in JsonCell cell, int row, out T value)
    {
        value = default;
        if (cell.Kind is CellKind.Json or CellKind.Nested)
            return false;
        if (cell.Kind is CellKind.Missing or CellKind.Null || (cell.Kind == CellKind.Quoted && _spelled.TryCount(cells.Text(cell))))
        {
            _nulls.Set(row);
            return nullable;
        }

        return _kernel.TryReadAny(CellTrim.Trim(cells.Text(cell)), out value);
    }

    public override void Commit(ColumnBuilder builder, int rows)
    {
        ((FixedBuilder<T>)builder).Commit(rows, _nulls.Bits);
        _spelled.Keep();
    }

    public override IReadOnlyDictionary<string, long> TakeNullSpellings() => _spelled.Take();
}
