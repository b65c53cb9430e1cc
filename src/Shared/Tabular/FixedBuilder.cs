using System.Numerics;
using System.Runtime.CompilerServices;

namespace DataIngestion.Tabular;

/// <summary>Collects values of one width.</summary>
/// <typeparam name="T">The storage of the column's kind.</typeparam>
public sealed class FixedBuilder<T> : ColumnBuilder, IDenseBuilder
    where T : unmanaged, IComparable<T>
{
    T[] _values = [];
    int _last = 64; // rows of the batch before: the next one is likely to have as many

    internal FixedBuilder(DataType type)
        : base(type)
    {
    }

    /// <inheritdoc/>
    public override long Bytes => (long)Count * Unsafe.SizeOf<T>();

    /// <summary>Adds a value in the column's storage form (unscaled decimal, days, units).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(T value)
    {
        MarkValid();
        if (Count == _values.Length)
            Grow();
        _values[Count++] = value;
    }

    /// <summary>Room for more values at once; <see cref="Commit"/> says how many of them were written.</summary>
    public Span<T> Reserve(int rows)
    {
        Pool.Grow(ref _values, Count, Math.Max(_last, checked(Count + rows)));
        return _values.AsSpan(Count, rows);
    }

    /// <summary>Takes over values that were written into reserved memory.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="nulls">One bit a row, least significant first, set where there is no value; may be empty if there is none.</param>
    public void Commit(int rows, ReadOnlySpan<byte> nulls)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, _values.Length - Count);
        MarkRows(rows, nulls);
        Count += rows;
    }

    /// <inheritdoc/>
    public override void AppendNull()
    {
        MarkNull();
        if (Count == _values.Length)
            Grow();
        _values[Count++] = default;
    }

    void IDenseBuilder.AppendNulls(int rows)
    {
        Reserve(rows).Clear();
        MarkNull(rows);
        Count += rows;
    }

    void IDenseBuilder.Spread(int dense, ReadOnlySpan<byte> levels, byte present)
    {
        Reserve(levels.Length - dense);
        Count -= dense;
        MarkLevels(levels, present, levels.Length - dense);
        var values = _values.AsSpan(Count, levels.Length);
        for (var (to, from) = (levels.Length - 1, dense - 1); to > from; to--)
            values[to] = levels[to] == present ? values[from--] : default;
        Count += levels.Length;
    }

    /// <inheritdoc/>
    public override void AppendFrom(ColumnVector source, int row)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.IsNull(row))
            AppendNull();
        else
            Append(((FixedColumn<T>)source).Values[row]);
    }

    /// <inheritdoc/>
    public override void AppendValue(object? value)
    {
        if (value is null)
        {
            AppendNull();
            return;
        }

        object? stored = Type.Kind switch
        {
            DataKind.Boolean => value as bool?,
            DataKind.Double => value switch { double d => d, float f => (double)f, _ => null },
            DataKind.Float => value switch { float f => f, double d when (float)d == d || double.IsNaN(d) => (float)d, _ => null },
            DataKind.Date => value switch { DateOnly day => day.DayNumber - 719_162, _ => null },
            DataKind.Time => value switch
            {
                TimeValue time => Scale(time.Units, TimestampValue.PerSecond(time.Unit)),
                TimeOnly time => Scale(time.Ticks, TimeSpan.TicksPerSecond),
                _ => null,
            },
            DataKind.Duration => value switch
            {
                DurationValue length => Scale(length.Units, TimestampValue.PerSecond(length.Unit)),
                TimeSpan length => Scale(length.Ticks, TimeSpan.TicksPerSecond),
                _ => null,
            },
            DataKind.Timestamp => value switch
            {
                TimestampValue moment when moment.IsUtc == Type.IsUtc => Scale(moment.Units, TimestampValue.PerSecond(moment.Unit)),
                DateTimeOffset moment when Type.IsUtc => Scale(moment.UtcTicks - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerSecond),
                DateTime { Kind: DateTimeKind.Utc } moment when Type.IsUtc => Scale(moment.Ticks - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerSecond),
                DateTime { Kind: not DateTimeKind.Utc } moment when !Type.IsUtc => Scale(moment.Ticks - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerSecond),
                _ => null,
            },
            _ => AsNumber(value),
        };
        Append(stored is T fit ? fit : throw Unfit(value));
    }

    long? Scale(long units, long perSecond)
    {
        var scaled = (Int128)units * Type.UnitsPerSecond;
        var (whole, rest) = Int128.DivRem(scaled, perSecond);
        return rest == 0 && whole >= long.MinValue && whole <= long.MaxValue ? (long)whole : null;
    }

    object? AsNumber(object value)
    {
        ExactDecimal? number = value switch
        {
            ExactDecimal exact => exact,
            decimal d => ExactDecimal.FromDecimal(d),
            Int128 wide => new(wide, 0),
            sbyte or byte or short or ushort or int or uint or long => new(Convert.ToInt64(value), 0),
            ulong u => new(u, 0),
            _ => null,
        };
        if (number is not { } found || !found.TryRescale(Type.Scale, out var unscaled))
            return null;
        if (Type.Kind == DataKind.Decimal)
        {
            if (Int128.Abs(unscaled) >= ExactDecimal.PowerOfTen(Type.Precision))
                return null;
            return Type.IsWideDecimal ? (object)unscaled : (long)unscaled;
        }

        return Type.Kind switch
        {
            DataKind.Int8 => Narrow<sbyte>(unscaled),
            DataKind.Int16 => Narrow<short>(unscaled),
            DataKind.Int32 => Narrow<int>(unscaled),
            DataKind.UInt64 => Narrow<ulong>(unscaled),
            _ => Narrow<long>(unscaled),
        };
    }

    static object? Narrow<TNarrow>(Int128 value)
        where TNarrow : IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow> =>
        value >= Int128.CreateChecked(TNarrow.MinValue) && value <= Int128.CreateChecked(TNarrow.MaxValue) ? TNarrow.CreateChecked(value) : null;

    /// <inheritdoc/>
    public override void Truncate(int count)
    {
        if (count >= Count)
            return;
        TruncateValidity(count);
        Count = count;
    }

    /// <inheritdoc/>
    public override ColumnVector Detach()
    {
        var (validity, nulls) = DetachValidity();
        var column = new FixedColumn<T>(Type, _values, Count, validity, nulls);
        (_last, _values, Count) = (Math.Max(64, Count), [], 0);
        return column;
    }

    void Grow() => Pool.Grow(ref _values, Count, Math.Max(64, Count + 1));
}
