using System.Buffers.Binary;
using System.Numerics;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Orc.Columns;

/// <summary>Booleans.</summary>
internal sealed class BooleanDecoder(BitRuns? present, BitRuns data) : ValueDecoder<FixedBuilder<bool>>(present)
{
    protected override void Append(FixedBuilder<bool> builder) => builder.Append(data.Next());
}

/// <summary>Integers of 8 bits.</summary>
internal sealed class ByteDecoder(BitRuns? present, ByteRuns data) : ValueDecoder<FixedBuilder<sbyte>>(present)
{
    protected override void Append(FixedBuilder<sbyte> builder) => builder.Append((sbyte)data.Next());
}

/// <summary>Integers of 16, 32 and 64 bits.</summary>
internal sealed class IntegerDecoder<T>(BitRuns? present, IntegerRuns data) : ValueDecoder<FixedBuilder<T>>(present)
    where T : unmanaged, IBinaryInteger<T>
{
    protected override void Append(FixedBuilder<T> builder)
    {
        var value = data.Next();
        var narrow = T.CreateTruncating(value);
        builder.Append(long.CreateTruncating(narrow) == value ? narrow : throw new InvalidDataException($"The ORC file is damaged: {value} lies in a column of {builder.Type}."));
    }
}

/// <summary>Days.</summary>
/// <param name="isHybrid">Whether days before 1582-10-15 are Julian.</param>
internal sealed class DateDecoder(BitRuns? present, IntegerRuns data, bool isHybrid) : ValueDecoder<FixedBuilder<int>>(present)
{
    protected override void Append(FixedBuilder<int> builder)
    {
        var day = data.Next();
        if (isHybrid && day < HybridCalendar.FirstGregorianDay)
            day = HybridCalendar.ToProleptic(day);
        builder.Append(day is >= int.MinValue and <= int.MaxValue ? (int)day : throw new InvalidDataException($"The ORC file is damaged: day {day} after 1970-01-01 is no date."));
    }
}

/// <summary>IEEE 754 binary32, little-endian.</summary>
internal sealed class FloatDecoder(BitRuns? present, OrcStream data) : ValueDecoder<FixedBuilder<float>>(present)
{
    protected override void Append(FixedBuilder<float> builder)
    {
        Span<byte> bytes = stackalloc byte[4];
        data.ReadExactly(bytes);
        builder.Append(BinaryPrimitives.ReadSingleLittleEndian(bytes));
    }
}

/// <summary>IEEE 754 binary64, little-endian.</summary>
internal sealed class DoubleDecoder(BitRuns? present, OrcStream data) : ValueDecoder<FixedBuilder<double>>(present)
{
    protected override void Append(FixedBuilder<double> builder)
    {
        Span<byte> bytes = stackalloc byte[8];
        data.ReadExactly(bytes);
        builder.Append(BinaryPrimitives.ReadDoubleLittleEndian(bytes));
    }
}
