using DataIngestion.Tabular;

namespace DataIngestion.Merge;

/// <summary>Carries one cell between a column and ordered bytes, in the storage form of a target type.</summary>
internal static class CellCodec
{
    /// <summary>Whether every value of one type can be tried as another; a value may still not fit.</summary>
    public static bool CanConvert(DataType from, DataType to) =>
        from == to
        || (to.IsExactNumber && from.IsExactNumber)
        || (to.Kind == DataKind.Double && from.Kind == DataKind.Float)
        || (to.Kind == DataKind.Timestamp && from.Kind == DataKind.Timestamp && from.IsUtc == to.IsUtc);

    /// <summary>Writes a cell.</summary>
    /// <returns>False when the value does not fit the target exactly.</returns>
    public static bool TryWrite(OrderedBytesWriter writer, ColumnVector column, int row, DataType target)
    {
        if (column.IsNull(row))
        {
            writer.WriteNull();
            return true;
        }

        switch (column)
        {
            case BytesColumn bytes:
                writer.WriteBytes(bytes[row]);
                return true;
            case FixedColumn<bool> flags:
                writer.WriteBoolean(flags.Values[row]);
                return true;
            case FixedColumn<double> numbers:
                writer.WriteDouble(numbers.Values[row]);
                return true;
            case FixedColumn<float> numbers:
                writer.WriteDouble(numbers.Values[row]);
                return true;
            case FixedColumn<ulong> unsigned:
                return TryWriteNumber(writer, unsigned.GetDecimal(row), target);
            case FixedColumn<Int128> wide when wide.Type == target:
                writer.WriteInt128(wide.Values[row]);
                return true;
            case FixedColumn<Int128> wide:
                return TryWriteNumber(writer, wide.GetDecimal(row), target);
            case FixedColumn<long> moments when target.Kind == DataKind.Timestamp:
                return TryWriteMoment(writer, moments.GetTimestamp(row), target);
            case FixedColumn<long> longs when longs.Type == target:
                writer.WriteInt64(longs.Values[row]);
                return true;
            case FixedColumn<long> longs:
                return TryWriteNumber(writer, longs.GetDecimal(row), target);
            case FixedColumn<int> days when target.Kind == DataKind.Date:
                writer.WriteInt64(days.Values[row]);
                return true;
            case FixedColumn<int> ints:
                return TryWriteNumber(writer, ints.GetDecimal(row), target);
            case FixedColumn<short> shorts:
                return TryWriteNumber(writer, shorts.GetDecimal(row), target);
            case FixedColumn<sbyte> tiny:
                return TryWriteNumber(writer, tiny.GetDecimal(row), target);
            default:
                return false;
        }
    }

    /// <summary>Reads what <see cref="TryWrite"/> wrote into a builder of the target type.</summary>
    public static void Read(ref OrderedBytesReader reader, ColumnBuilder builder)
    {
        if (!reader.ReadPresence())
        {
            builder.AppendNull();
            return;
        }

        switch (builder)
        {
            case BytesBuilder bytes:
                bytes.Append(reader.ReadBytes());
                break;
            case FixedBuilder<bool> flags:
                flags.Append(reader.ReadBoolean());
                break;
            case FixedBuilder<double> numbers:
                numbers.Append(reader.ReadDouble());
                break;
            case FixedBuilder<Int128> wide:
                wide.Append(reader.ReadInt128());
                break;
            case FixedBuilder<long> longs:
                longs.Append(reader.ReadInt64());
                break;
            case FixedBuilder<int> ints:
                ints.Append((int)reader.ReadInt64());
                break;
            default:
                throw new InvalidOperationException($"A column of {builder.Type} is not written by a merge.");
        }
    }

    static bool TryWriteNumber(OrderedBytesWriter writer, ExactDecimal value, DataType target)
    {
        if (!value.TryRescale(target.Scale, out var unscaled))
            return false;
        if (target.Kind == DataKind.Decimal && Int128.Abs(unscaled) >= ExactDecimal.PowerOfTen(target.Precision))
            return false;
        if (target.IsWideDecimal)
        {
            writer.WriteInt128(unscaled);
            return true;
        }

        if (unscaled < long.MinValue || unscaled > long.MaxValue)
            return false;
        writer.WriteInt64((long)unscaled);
        return true;
    }

    static bool TryWriteMoment(OrderedBytesWriter writer, TimestampValue value, DataType target)
    {
        var scaled = (Int128)value.Units * PerSecond(target.Unit);
        var (units, rest) = Int128.DivRem(scaled, PerSecond(value.Unit));
        if (rest != 0 || units < long.MinValue || units > long.MaxValue)
            return false;
        writer.WriteInt64((long)units);
        return true;
    }

    static long PerSecond(TimeUnit unit) => unit switch
    {
        TimeUnit.Milliseconds => 1_000,
        TimeUnit.Microseconds => 1_000_000,
        _ => 1_000_000_000,
    };
}
