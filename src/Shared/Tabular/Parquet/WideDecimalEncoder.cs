using System.Buffers.Binary;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Decimals of more than 18 digits, as 16 bytes with the greatest first.</summary>
internal sealed class WideDecimalEncoder(ParquetWriteOptions options) : FixedValueEncoder<Int128>(options)
{
    protected override bool TryBound(ReadOnlySpan<Int128> values, out Int128 min, out Int128 max)
    {
        (min, max) = (values[0], values[0]);
        foreach (var value in values)
        {
            if (value < min)
                min = value;
            else if (value > max)
                max = value;
        }

        return true;
    }

    protected override void WritePlain(ReadOnlySpan<Int128> values, ByteSink output)
    {
        var room = output.Room(values.Length * 16);
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt128BigEndian(room[(16 * i)..], values[i]);
        output.Advance(values.Length * 16);
    }

    protected override PageEncoding WriteDirect(ReadOnlySpan<Int128> values, ByteSink output)
    {
        WritePlain(values, output);
        return PageEncoding.Plain;
    }
}
