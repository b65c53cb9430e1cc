using System.Numerics;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Orc.Columns;

/// <summary>Decimals whose value has a scale of its own; it becomes that of the column.</summary>
/// <typeparam name="T">How the column holds unscaled values: <see cref="long"/> or <see cref="Int128"/>.</typeparam>
internal sealed class DecimalDecoder<T>(BitRuns? present, DecimalValues values) : ValueDecoder<FixedBuilder<T>>(present)
    where T : unmanaged, IBinaryInteger<T>
{
    protected override void Append(FixedBuilder<T> builder)
    {
        var value = values.Next();
        if (!value.TryRescale(builder.Type.Scale, out var unscaled) || Int128.Abs(unscaled) >= ExactDecimal.PowerOfTen(builder.Type.Precision))
            throw new InvalidDataException($"The ORC file is damaged: {value} does not fit into its column of {builder.Type}.");
        builder.Append(T.CreateTruncating(unscaled));
    }
}

/// <summary>Decimals of up to 18 digits as integers in the column's scale (the draft of version 2).</summary>
internal sealed class ShortDecimalDecoder(BitRuns? present, IntegerRuns data) : ValueDecoder<FixedBuilder<long>>(present)
{
    protected override void Append(FixedBuilder<long> builder)
    {
        var value = data.Next();
        builder.Append(Int128.Abs(value) < ExactDecimal.PowerOfTen(builder.Type.Precision)
            ? value
            : throw new InvalidDataException($"The ORC file is damaged: {value} has too many digits for its column of {builder.Type}."));
    }
}

/// <summary>Decimals of which no type was told and which no decimal type holds, as text.</summary>
internal sealed class DecimalTextDecoder(BitRuns? present, DecimalValues values) : ValueDecoder<BytesBuilder>(present)
{
    protected override void Append(BytesBuilder builder) => builder.Append(values.Next().ToString());
}

/// <summary>The values of a decimal column: the unscaled value as a zigzag number in base 128 in one stream, its scale in another.</summary>
internal sealed class DecimalValues(OrcStream data, IntegerRuns scales)
{
    const int MostDigits = DataType.MaxPrecision;

    public ExactDecimal Next()
    {
        UInt128 bits = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = data.ReadByte();
            if (shift > 126 || (shift == 126 && (next & 0x7F) > 3))
                throw new InvalidDataException("The ORC file is damaged: a decimal has more than 38 digits.");
            bits |= (UInt128)(next & 0x7Fu) << shift;
            if (next < 0x80)
                break;
        }

        var value = (Int128)(bits >> 1);
        if ((bits & 1) != 0)
            value = -value - 1;
        var scale = scales.Next();
        if (Int128.Abs(value) >= ExactDecimal.PowerOfTen(MostDigits) || scale is < -MostDigits or > MostDigits)
            throw new InvalidDataException($"The ORC file is damaged: a decimal has more than 38 digits, or a scale of {scale}.");
        if (scale >= 0)
            return new(value, (int)scale);
        return Int128.Abs(value) < ExactDecimal.PowerOfTen(MostDigits + (int)scale)
            ? new(value * ExactDecimal.PowerOfTen((int)-scale), 0)
            : throw new InvalidDataException("The ORC file is damaged: a decimal has more than 38 digits.");
    }
}
