using System.Runtime.CompilerServices;

namespace DataIngestion.Tabular;

/// <summary>A column whose values all have one width. <see cref="DataKind"/> says which <typeparamref name="T"/> a kind uses.</summary>
/// <typeparam name="T">bool, sbyte, short, int, long, ulong, Int128, float or double.</typeparam>
public sealed class FixedColumn<T> : ColumnVector
    where T : unmanaged, IComparable<T>
{
    T[]? _values;

    internal FixedColumn(DataType type, T[] values, int count, byte[]? validity, int nullCount)
        : base(type, count, validity, nullCount) => _values = values;

    /// <summary>One value a row; what stands where a row is null has no meaning.</summary>
    public ReadOnlySpan<T> Values => _values.AsSpan(0, Count);

    /// <inheritdoc/>
    public override object? GetValue(int row)
    {
        if (IsNull(row))
            return null;
        return Type.Kind switch
        {
            DataKind.Boolean or DataKind.UInt64 or DataKind.Float or DataKind.Double => Values[row],
            DataKind.Decimal => Type.Precision <= 28 ? GetDecimal(row).ToDecimal() : GetDecimal(row),
            DataKind.Date => GetLong(row) is var days && days is >= -719_162 and <= 2_932_896
                ? DateOnly.FromDayNumber((int)days + 719_162)
                : days,
            DataKind.Time => new TimeValue(GetLong(row), Type.Unit),
            DataKind.Timestamp => GetTimestamp(row),
            DataKind.Duration => new DurationValue(GetLong(row), Type.Unit),
            _ => GetLong(row),
        };
    }

    /// <inheritdoc/>
    public override string? GetText(int row) => GetValue(row) switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        decimal => GetDecimal(row).ToString(),
        DateOnly day => day.ToString("yyyy-MM-dd"),
        double number => number.ToString("R"),
        float number => number.ToString("R"),
        var other => other.ToString(),
    };

    /// <inheritdoc/>
    public override int Compare(int row, ColumnVector other, int otherRow)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (IsNull(row) || other.IsNull(otherRow))
            return other.IsNull(otherRow).CompareTo(IsNull(row));
        if (Type == other.Type)
            return Values[row].CompareTo(((FixedColumn<T>)other).Values[otherRow]);
        if (Type.IsExactNumber && other.Type.IsExactNumber)
            return GetDecimal(row).CompareTo(DecimalOf(other, otherRow));
        if (Type.Kind == DataKind.Timestamp && other.Type.Kind == DataKind.Timestamp && Type.IsUtc == other.Type.IsUtc)
            return GetTimestamp(row).CompareTo(((FixedColumn<long>)other).GetTimestamp(otherRow));
        if (Type.IsFloating && other.Type.IsFloating)
            return GetDouble(row).CompareTo(other is FixedColumn<float> single ? single.GetDouble(otherRow) : ((FixedColumn<double>)other).GetDouble(otherRow));
        if (Type.Kind is DataKind.Time or DataKind.Duration && other.Type.Kind == Type.Kind)
            return InNanoseconds(row).CompareTo(((FixedColumn<long>)other).InNanoseconds(otherRow));
        throw Incomparable(other);
    }

    /// <inheritdoc/>
    public override ulong Hash(int row)
    {
        if (IsNull(row))
            return CellHash.Null;
        if (typeof(T) == typeof(bool))
            return CellHash.Of(GetLong(row) != 0 ? 1UL : 0UL);
        if (Type.IsFloating)
            return CellHash.Of(BitConverter.DoubleToUInt64Bits(GetDouble(row) is var d && d == 0 ? 0 : double.IsNaN(d) ? double.NaN : d));
        if (Type.Kind is DataKind.Timestamp or DataKind.Time or DataKind.Duration)
            return CellHash.Of((ulong)InNanoseconds(row));
        if (Type.Kind == DataKind.Date)
            return CellHash.Of((ulong)GetLong(row));
        var plain = GetDecimal(row).Normalize();
        return CellHash.Combine(CellHash.Combine((ulong)plain.Unscaled, (ulong)(plain.Unscaled >> 64)), (ulong)plain.Scale);
    }

    /// <summary>The value of an integer or decimal column as a decimal.</summary>
    public ExactDecimal GetDecimal(int row)
    {
        if (typeof(T) == typeof(Int128))
            return new(Unsafe.BitCast<T, Int128>(Values[row]), Type.Scale);
        return typeof(T) == typeof(ulong) ? new(Unsafe.BitCast<T, ulong>(Values[row]), 0) : new(GetLong(row), Type.Scale);
    }

    /// <summary>The value of a floating column.</summary>
    public double GetDouble(int row) =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<T, float>(Values[row])
        : typeof(T) == typeof(double) ? Unsafe.BitCast<T, double>(Values[row])
        : throw new InvalidOperationException($"A {Type} is not a floating number.");

    /// <summary>The value of a timestamp column.</summary>
    public TimestampValue GetTimestamp(int row) => new(GetLong(row), Type.Unit, Type.IsUtc);

    static ExactDecimal DecimalOf(ColumnVector column, int row) => column switch
    {
        FixedColumn<long> c => c.GetDecimal(row),
        FixedColumn<Int128> c => c.GetDecimal(row),
        FixedColumn<ulong> c => c.GetDecimal(row),
        FixedColumn<int> c => c.GetDecimal(row),
        FixedColumn<short> c => c.GetDecimal(row),
        FixedColumn<sbyte> c => c.GetDecimal(row),
        _ => throw new ArgumentException($"A {column.Type} is not an exact number.", nameof(column)),
    };

    Int128 InNanoseconds(int row) => (Int128)GetLong(row) * (1_000_000_000 / Type.UnitsPerSecond);

    /// <summary>The stored value of any integral storage (integers, narrow decimals, dates, times, timestamps, durations; booleans are 0 and 1).</summary>
    public long GetLong(int row)
    {
        var value = Values[row];
        if (typeof(T) == typeof(long))
            return Unsafe.BitCast<T, long>(value);
        if (typeof(T) == typeof(int))
            return Unsafe.BitCast<T, int>(value);
        if (typeof(T) == typeof(short))
            return Unsafe.BitCast<T, short>(value);
        if (typeof(T) == typeof(sbyte))
            return Unsafe.BitCast<T, sbyte>(value);
        if (typeof(T) == typeof(bool))
            return Unsafe.BitCast<T, byte>(value) != 0 ? 1 : 0;
        throw new InvalidOperationException($"A {Type} is not stored in 64 bits.");
    }

    private protected override void Release() => Pool.Return(ref _values);
}
