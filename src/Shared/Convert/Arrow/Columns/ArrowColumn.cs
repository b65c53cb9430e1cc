using System.Numerics;
using DataIngestion.Conversion.Arrow.Metadata;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow.Columns;

/// <summary>Reads one column, or a column inside one, of batch after batch. Any rows can be read in any order.</summary>
internal abstract class ArrowColumn(DataType type)
{
    /// <summary>More rows than any batch has; sums of sizes stay in 64 bits.</summary>
    const long MostRows = 1L << 40;

    ArrowBytes _validity = ArrowBytes.Empty;
    byte[] _nulls = [];
    long _nullCount;

    /// <summary>What the values become.</summary>
    public DataType Type => type;

    /// <summary>Rows of the bound batch.</summary>
    public long Rows { get; private set; }

    /// <summary>Takes the column's part of a batch.</summary>
    public abstract void Bind(ArrowBody body);

    /// <summary>Bytes that rows will take, roughly; counting stops above <paramref name="most"/>.</summary>
    public abstract long Measure(long start, long count, long most);

    /// <summary>Adds rows to a builder of <see cref="Type"/>.</summary>
    /// <param name="mask">One bit a row, set where the row is null whatever is stored; may be empty.</param>
    public abstract void Append(ColumnBuilder to, long start, int count, ReadOnlySpan<byte> mask);

    /// <summary>Whether a row is null where <paramref name="mask"/> does not say so.</summary>
    public virtual bool HasNulls(long start, int count, ReadOnlySpan<byte> mask)
    {
        var nulls = Nulls(start, count, default);
        for (var i = 0; i < nulls.Length; i++)
        {
            if ((nulls[i] & ~(i < mask.Length ? mask[i] : 0)) != 0)
                return true;
        }

        return false;
    }

    protected void BindNode(ArrowBody body, bool hasValidity = true)
    {
        var node = body.NextNode();
        if (node.Rows > MostRows)
            throw new InvalidDataException($"A column of an Arrow batch says that it has {node.Rows} rows.");
        (Rows, _nullCount) = (node.Rows, node.Nulls);
        _validity = hasValidity ? body.NextBuffer() : ArrowBytes.Empty;
        if (hasValidity && _nullCount > 0 && Rows > 0 && _validity.Length == 0)
            throw new InvalidDataException($"A column of an Arrow batch says that {_nullCount} of its rows are null, and not which.");
    }

    /// <summary>One bit a row, set where there is no value; empty where all have one. Good until the next call.</summary>
    protected ReadOnlySpan<byte> Nulls(long start, int count, ReadOnlySpan<byte> mask)
    {
        if (_nullCount == 0 || _validity.Length == 0 || count == 0)
            return mask;
        var (shift, bytes) = ((int)(start & 7), (count + 7) >> 3);
        var stored = _validity.Slice(start >> 3, ((start + count + 7) >> 3) - (start >> 3));
        if (_nulls.Length < bytes)
            _nulls = new byte[Math.Max(bytes, 8192)];
        var any = 0;
        for (var i = 0; i < bytes; i++)
        {
            var valid = stored[i] >> shift;
            if (shift > 0 && i + 1 < stored.Length)
                valid |= stored[i + 1] << (8 - shift);
            var missing = (byte)~valid | (i < mask.Length ? mask[i] : 0);
            if (i == bytes - 1 && (count & 7) != 0)
                missing &= (1 << (count & 7)) - 1;
            any |= missing;
            _nulls[i] = (byte)missing;
        }

        return any == 0 ? default : _nulls.AsSpan(0, bytes);
    }

    protected static bool IsSet(ReadOnlySpan<byte> bits, int at) => at >> 3 < bits.Length && (bits[at >> 3] & (1 << (at & 7))) != 0;

    protected static int CountSet(ReadOnlySpan<byte> bits, int count)
    {
        var sum = 0;
        for (var i = 0; i < bits.Length && i * 8 < count; i++)
            sum += BitOperations.PopCount(count - (i * 8) >= 8 ? bits[i] : (uint)(bits[i] & ((1 << (count - (i * 8))) - 1)));
        return sum;
    }

    /// <summary>An inner column must hold every row that its outer one speaks of.</summary>
    protected static void CheckRows(ArrowColumn inner, Int128 wanted)
    {
        if (inner.Rows < wanted)
            throw new InvalidDataException($"An inner column of an Arrow batch has {inner.Rows} rows; the outer one speaks of {wanted}.");
    }

    protected static InvalidDataException MissingValue() => new("A column of an Arrow batch has nulls where its schema allows none.");
}
