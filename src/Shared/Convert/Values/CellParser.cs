using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Values;

/// <summary>Turns a cell's text into a value of one column. Stateless but for the builder it fills.</summary>
internal abstract class CellParser
{
    /// <summary>Adds the value, or says that the text is none of the type.</summary>
    public abstract bool TryAppend(ReadOnlySpan<byte> text);

    /// <param name="dates">The shape of the column's dates and whether their day stands first.</param>
    public static CellParser For(DataType type, ColumnBuilder builder, (TextShape Shape, bool DayFirst) dates) => type.Kind switch
    {
        DataKind.Boolean => new BooleanParser((FixedBuilder<bool>)builder),
        DataKind.Int8 => new NarrowParser<sbyte>((FixedBuilder<sbyte>)builder, sbyte.MinValue, sbyte.MaxValue),
        DataKind.Int16 => new NarrowParser<short>((FixedBuilder<short>)builder, short.MinValue, short.MaxValue),
        DataKind.Int32 => new NarrowParser<int>((FixedBuilder<int>)builder, int.MinValue, int.MaxValue),
        DataKind.Int64 => new Int64Parser((FixedBuilder<long>)builder),
        DataKind.UInt64 => new UInt64Parser((FixedBuilder<ulong>)builder),
        DataKind.Decimal when type.IsWideDecimal => new WideDecimalParser((FixedBuilder<Int128>)builder, type),
        DataKind.Decimal => new DecimalParser((FixedBuilder<long>)builder, type),
        DataKind.Double => new DoubleParser((FixedBuilder<double>)builder),
        DataKind.Float => new FloatParser((FixedBuilder<float>)builder),
        DataKind.Date => new DateParser((FixedBuilder<int>)builder, dates.Shape == TextShape.None ? TextShape.IsoDate : dates.Shape, dates.DayFirst),
        DataKind.Time => new TimeParser((FixedBuilder<long>)builder, NanosecondsPer(type.Unit)),
        DataKind.Timestamp => new TimestampParser((FixedBuilder<long>)builder, NanosecondsPer(type.Unit), type.IsUtc),
        DataKind.Binary => new BinaryParser((BytesBuilder)builder),
        DataKind.String => new StringParser((BytesBuilder)builder),
        _ => throw new ConversionException($"A column of {type} cannot be read from text."),
    };

    static long NanosecondsPer(TimeUnit unit) => unit switch { TimeUnit.Milliseconds => 1_000_000, TimeUnit.Microseconds => 1_000, _ => 1 };

    sealed class BooleanParser(FixedBuilder<bool> builder) : CellParser
    {
        public override bool TryAppend(ReadOnlySpan<byte> text)
        {
            var isTrue = Ascii(text, "true"u8);
            if (!isTrue && !Ascii(text, "false"u8))
                return false;
            builder.Append(isTrue);
            return true;
        }

        static bool Ascii(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => System.Text.Ascii.EqualsIgnoreCase(text, word);
    }

    sealed class NarrowParser<T>(FixedBuilder<T> builder, long least, long most) : CellParser
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        public override bool TryAppend(ReadOnlySpan<byte> text)
        {
            if (!NumberText.TryInt64(text, out var value) || value < least || value > most)
                return false;
            builder.Append(T.CreateTruncating(value));
            return true;
        }
    }

    sealed class Int64Parser(FixedBuilder<long> builder) : CellParser
    {
        public override bool TryAppend(ReadOnlySpan<byte> text)
        {
            if (!NumberText.TryInt64(text, out var value))
                return false;
            builder.Append(value);
            return true;
        }
    }

    sealed class UInt64Parser(FixedBuilder<ulong> builder) : CellParser
    {
        public override bool TryAppend(ReadOnlySpan<byte> text)
        {
            if (!NumberText.TryScaled(text, 0, out Int128 value) || value < 0 || value > ulong.MaxValue)
                return false;
            builder.Append((ulong)value);
            return true;
        }
    }

    sealed class DecimalParser(FixedBuilder<long> builder, DataType type) : CellParser
    {
        readonly int _scale = type.Scale;
        readonly long _limit = (long)ExactDecimal.PowerOfTen(type.Precision);

        public override bool TryAppend(ReadOnlySpan<byte> text)
        {
            if (!NumberText.TryScaled(text, _scale, out long value) || value >= _limit || value <= -_limit)
                return false;
            builder.Append(value);
            return true;
        }
    }

    sealed class WideDecimalParser(FixedBuilder<Int128> builder, DataType type) : CellParser
    {
        readonly Int128 _limit = ExactDecimal.PowerOfTen(type.Precision);

        public override bool TryAppend(ReadOnlySpan<byte> text)
        {
            if (!NumberText.TryScaled(text, type.Scale, out Int128 value) || value >= _limit || value <= -_limit)
                return false;
            builder.Append(value);
            return true;
        }
    }

    sealed class DoubleParser(FixedBuilder<double> builder) : CellParser
    {
        public override bool TryAppend(ReadOnlySpan<byte> text)
        {
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
                return false;
            builder.Append(value);
            return true;
        }
    }

    sealed class FloatParser(FixedBuilder<float> builder) : CellParser
    {
        public override bool TryAppend(ReadOnlySpan<byte> text)
        {
            if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !float.IsFinite(value))
                return false;
            builder.Append(value);
            return true;
        }
    }

    sealed class DateParser(FixedBuilder<int> builder, TextShape shape, bool dayFirst) : CellParser
    {
        public override bool TryAppend(ReadOnlySpan<byte> text)
        {
            if (!TimeText.TryDate(text, shape, dayFirst, out var days))
                return false;
            builder.Append(days);
            return true;
        }
    }

    sealed class TimeParser(FixedBuilder<long> builder, long nanosecondsPerUnit) : CellParser
    {
        public override bool TryAppend(ReadOnlySpan<byte> text)
        {
            if (!TimeText.TryTime(text, out var nanoseconds, out _) || nanoseconds % nanosecondsPerUnit != 0)
                return false;
            builder.Append(nanoseconds / nanosecondsPerUnit);
            return true;
        }
    }

    sealed class TimestampParser(FixedBuilder<long> builder, long nanosecondsPerUnit, bool utc) : CellParser
    {
        readonly long _unitsPerSecond = 1_000_000_000 / nanosecondsPerUnit;

        public override bool TryAppend(ReadOnlySpan<byte> text)
        {
            if (!TimeText.TryTimestamp(text, out var seconds, out var nanoseconds, out var zoned, out _)
                || zoned != utc || nanoseconds % nanosecondsPerUnit != 0)
                return false;
            var units = (Int128)seconds * _unitsPerSecond + nanoseconds / nanosecondsPerUnit;
            if (units < long.MinValue || units > long.MaxValue)
                return false;
            builder.Append((long)units);
            return true;
        }
    }

    sealed class StringParser(BytesBuilder builder) : CellParser
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public override bool TryAppend(ReadOnlySpan<byte> text)
        {
            builder.Append(text);
            return true;
        }
    }

    /// <summary>Bytes are expected as base64.</summary>
    sealed class BinaryParser(BytesBuilder builder) : CellParser
    {
        public override bool TryAppend(ReadOnlySpan<byte> text)
        {
            var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
            if (Base64.DecodeFromUtf8(text, bytes, out _, out var written) != OperationStatus.Done)
                return false;
            builder.Append(bytes.AsSpan(0, written));
            return true;
        }
    }
}
