using System.Numerics;
using System.Runtime.CompilerServices;

namespace DataIngestion.Tabular;

/// <summary>Collects the values of one column. Not thread-safe.</summary>
public abstract class ColumnBuilder
{
    byte[] _validity = [];
    int _nullCount;

    private protected ColumnBuilder(DataType type) => Type = type;

    /// <summary>What the values are.</summary>
    public DataType Type { get; }

    /// <summary>Rows so far.</summary>
    public int Count { get; private protected set; }

    /// <summary>Bytes that the rows so far take, roughly.</summary>
    public abstract long Bytes { get; }

    /// <summary>A builder for the type: <see cref="BytesBuilder"/> for text and bytes, <see cref="ListBuilder"/>, <see cref="StructBuilder"/>, otherwise <see cref="FixedBuilder{T}"/> of the kind's storage.</summary>
    public static ColumnBuilder For(DataType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.Kind switch
        {
            DataKind.Boolean => new FixedBuilder<bool>(type),
            DataKind.Int8 => new FixedBuilder<sbyte>(type),
            DataKind.Int16 => new FixedBuilder<short>(type),
            DataKind.Int32 or DataKind.Date => new FixedBuilder<int>(type),
            DataKind.Decimal when type.IsWideDecimal => new FixedBuilder<Int128>(type),
            DataKind.UInt64 => new FixedBuilder<ulong>(type),
            DataKind.Float => new FixedBuilder<float>(type),
            DataKind.Double => new FixedBuilder<double>(type),
            DataKind.List => new ListBuilder(type),
            DataKind.Struct => new StructBuilder(type),
            DataKind.String or DataKind.Binary => new BytesBuilder(type),
            _ => new FixedBuilder<long>(type),
        };
    }

    /// <summary>Adds a row without a value.</summary>
    public abstract void AppendNull();

    /// <summary>Adds a copy of a cell of a column of the same type.</summary>
    public abstract void AppendFrom(ColumnVector source, int row);

    /// <summary>
    /// Adds a value of any CLR type that fits exactly: null, bool, integers, decimal, <see cref="ExactDecimal"/>, double, string, byte[],
    /// DateOnly, TimeOnly, TimeSpan, DateTime, DateTimeOffset, <see cref="TimeValue"/>, <see cref="TimestampValue"/>, <see cref="DurationValue"/>,
    /// collections for lists and structs. For tests and small data; slow.
    /// </summary>
    /// <exception cref="ArgumentException">The value is not one of this column's type, or does not fit exactly.</exception>
    public abstract void AppendValue(object? value);

    /// <summary>Forgets the rows from <paramref name="count"/> on: a row that failed half-way is taken back from every column.</summary>
    public abstract void Truncate(int count);

    /// <summary>Hands over what was collected and starts again, empty.</summary>
    public abstract ColumnVector Detach();

    /// <summary>Called before <see cref="Count"/> is raised. Bits are kept only from the first null on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected void MarkValid()
    {
        if (_nullCount != 0)
            MarkValidSlow();
    }

    void MarkValidSlow()
    {
        Reserve(1);
        _validity[Count >> 3] |= (byte)(1 << (Count & 7));
    }

    private protected void MarkNull()
    {
        Reserve(1);
        if (_nullCount == 0)
            _validity.AsSpan(0, (Count >> 3) + 1).Fill(0xFF);
        _validity[Count >> 3] &= (byte)~(1 << (Count & 7));
        _nullCount++;
    }

    /// <summary>The same for many rows: bits of <paramref name="nulls"/> are set where there is no value; it may be empty.</summary>
    private protected void MarkRows(int rows, ReadOnlySpan<byte> nulls)
    {
        var missing = CountBits(nulls, rows);
        if (missing == 0 && _nullCount == 0)
            return;
        Pool.Grow(ref _validity, _nullCount == 0 ? 0 : (Count + 7) >> 3, Math.Max(64, ((Count + rows) >> 3) + 2));
        if (_nullCount == 0)
            _validity.AsSpan(0, (Count >> 3) + 1).Fill(0xFF);
        var (at, shift) = (Count >> 3, Count & 7);
        for (var i = 0; i < (rows + 7) >> 3; i++)
        {
            var valid = (byte)~(i < nulls.Length ? nulls[i] : 0);
            _validity[at + i] = (byte)((_validity[at + i] & ((1 << shift) - 1)) | (valid << shift));
            _validity[at + i + 1] = (byte)(valid >> (8 - shift));
        }

        _nullCount += missing;
    }

    static int CountBits(ReadOnlySpan<byte> bits, int count)
    {
        var sum = 0;
        for (var i = 0; i < bits.Length && i * 8 < count; i++)
            sum += BitOperations.PopCount(count - i * 8 >= 8 ? bits[i] : (uint)(bits[i] & ((1 << (count - i * 8)) - 1)));
        return sum;
    }

    /// <summary>The next rows have no values; called before <see cref="Count"/> is raised.</summary>
    private protected void MarkNull(int rows)
    {
        if (rows == 0)
            return;
        Reserve(rows);
        if (_nullCount == 0)
            Bits.Set(_validity, 0, Count, value: true);
        Bits.Set(_validity, Count, rows, value: false);
        _nullCount += rows;
    }

    /// <summary>The next rows have values where the level is <paramref name="present"/>; called before <see cref="Count"/> is raised.</summary>
    private protected void MarkLevels(ReadOnlySpan<byte> levels, byte present, int nulls)
    {
        Reserve(levels.Length);
        if (_nullCount == 0)
            Bits.Set(_validity, 0, Count, value: true);
        Bits.FromLevels(levels, present, _validity, Count);
        _nullCount += nulls;
    }

    void Reserve(int rows)
    {
        var bytes = (Count + rows + 7) >> 3;
        if (bytes > _validity.Length)
            Pool.Grow(ref _validity, (Count + 7) >> 3, Math.Max(64, bytes));
    }

    private protected void TruncateValidity(int count)
    {
        for (var row = count; _nullCount > 0 && row < Count; row++)
        {
            if ((_validity[row >> 3] & (1 << (row & 7))) == 0)
                _nullCount--;
        }
    }

    private protected (byte[]? Validity, int NullCount) DetachValidity()
    {
        var detached = (_nullCount == 0 ? null : _validity, _nullCount);
        if (_nullCount != 0)
            _validity = [];
        _nullCount = 0;
        return detached;
    }

    private protected ArgumentException Unfit(object value) =>
        new($"The {value.GetType().Name} '{value}' does not fit into a column of {Type}.", nameof(value));
}
