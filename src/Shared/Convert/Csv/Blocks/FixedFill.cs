using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Values;
using DataIngestion.Conversion.Values.Kernels;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Csv.Blocks;

/// <summary>Fills a column of values of one width.</summary>
/// <param name="nullsMayParse">Whether a spelling of "no value" is also a value of the type, so that spellings must be looked for first.</param>
internal sealed class FixedFill<T, TKernel>(int field, TKernel kernel, NullSpellings nulls, bool nullable, bool nullsMayParse) : ColumnFill
    where T : unmanaged, IComparable<T>
    where TKernel : struct, ICellKernel<T>
{
    readonly NullBits _nulls = new();
    readonly SpelledNulls _spelled = new(nulls);
    TKernel _kernel = kernel;
    byte[] _scratch = [];

    public override IReadOnlyDictionary<string, long> TakeNullSpellings() => _spelled.Take();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int Fill(ColumnBuilder builder, in BlockCells cells)
    {
        var (rows, width) = (cells.Rows, cells.Width);
        var data = cells.Data;
        ref var value = ref MemoryMarshal.GetReference(((FixedBuilder<T>)builder).Reserve(rows));
        _nulls.Clear(rows);
        _spelled.Drop();
        ref var mark = ref cells.Marks(field);
        var isLast = cells.IsLast(field);
        // A column is mostly quoted in every row or in none; where the first row does not tell, the slow way takes the quotes off.
        var isDressed = isLast || (cells.HasQuotes && rows > 0 && data[mark + 1] == cells.Quote);
        for (var row = 0; row < rows; row++)
        {
            var start = mark + 1;
            var length = Unsafe.Add(ref mark, 1) - start;
            if (isDressed)
                cells.Undress(isLast, ref start, ref length);
            if ((nullsMayParse || !_kernel.TryRead(data, start, length, out value)) && !TryRest(cells, mark + 1, Unsafe.Add(ref mark, 1), row, out value))
                return row;
            value = ref Unsafe.Add(ref value, 1);
            mark = ref Unsafe.Add(ref mark, width);
        }

        return rows;
    }

    /// <summary>What the quick way does not know: cells without a value, blanks around it, doubled quotes, unusual texts.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    bool TryRest(in BlockCells cells, int start, int end, int row, out T value)
    {
        var length = end - start;
        var quoted = cells.Undress(cells.IsLast(field), ref start, ref length);
        var text = cells.Text(start, length, quoted, ref _scratch);
        value = default;
        if (_spelled.TryCount(text))
        {
            _nulls.Set(row);
            return nullable;
        }

        return _kernel.TryRead(cells.Data, start, length, out value) || _kernel.TryReadAny(CellTrim.Trim(text), out value);
    }

    public override void Commit(ColumnBuilder builder, int rows)
    {
        ((FixedBuilder<T>)builder).Commit(rows, _nulls.Bits);
        _spelled.Keep();
    }
}
