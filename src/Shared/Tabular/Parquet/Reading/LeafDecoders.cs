using System.Buffers.Binary;

namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>Which decoder turns a leaf's stored form into its column's type.</summary>
internal static class LeafDecoders
{
    public static LeafDecoder For(SchemaElement element, DataType type) => element.Physical switch
    {
        PhysicalType.Boolean => new BooleanDecoder(),
        PhysicalType.Float => new NumberDecoder<float, float, Same<float>>(),
        PhysicalType.Double => new NumberDecoder<double, double, Same<double>>(),
        PhysicalType.Int96 when type.Unit == TimeUnit.Microseconds => new NumberDecoder<Int96, long, Microseconds>(),
        PhysicalType.Int96 => new NumberDecoder<Int96, long, Nanoseconds>(),
        PhysicalType.Int32 => OfInt32(type, element.IsUnsigned),
        PhysicalType.Int64 when type.IsWideDecimal => new NumberDecoder<long, Int128, LongToWide>(),
        PhysicalType.Int64 when type.Kind == DataKind.UInt64 => new NumberDecoder<ulong, ulong, Same<ulong>>(),
        PhysicalType.Int64 => new NumberDecoder<long, long, Same<long>>(type.Kind == DataKind.Decimal ? Limit(type) : null),
        PhysicalType.FixedLengthByteArray => OfFixedBytes(element, type),
        _ when type.IsWideDecimal => new DecimalBytesDecoder<Int128>(Wide, ExactDecimal.PowerOfTen(type.Precision)),
        _ when type.Kind == DataKind.Decimal => new DecimalBytesDecoder<long>(Narrow, Limit(type)),
        _ => new BytesDecoder(type.Kind == DataKind.String),
    };

    static LeafDecoder OfInt32(DataType type, bool isUnsigned) => type.Kind switch
    {
        DataKind.Int8 => new NumberDecoder<int, sbyte, ToSByte>(),
        DataKind.Int16 => new NumberDecoder<int, short, ToInt16>(),
        DataKind.Int32 or DataKind.Date => new NumberDecoder<int, int, Same<int>>(),
        DataKind.Decimal when type.IsWideDecimal => new NumberDecoder<int, Int128, NarrowToWide>(),
        DataKind.Decimal => new NumberDecoder<int, long, ToInt64>(Limit(type)),
        DataKind.Int64 when isUnsigned => new NumberDecoder<int, long, UnsignedToInt64>(),
        _ => new NumberDecoder<int, long, ToInt64>(),
    };

    static LeafDecoder OfFixedBytes(SchemaElement element, DataType type) => type.Kind switch
    {
        DataKind.Decimal when type.IsWideDecimal => new FixedNumberDecoder<Int128>(element.Width, Wide, ExactDecimal.PowerOfTen(type.Precision)),
        DataKind.Decimal => new FixedNumberDecoder<long>(element.Width, Narrow, Limit(type)),
        DataKind.Float => new FixedNumberDecoder<float>(2, b => (float)BinaryPrimitives.ReadHalfLittleEndian(b)),
        DataKind.String => new FixedTextDecoder(element.Width, element.IsInterval ? FixedTextDecoder.Interval : FixedTextDecoder.Uuid),
        _ => new FixedBytesDecoder(element.Width),
    };

    static long Limit(DataType type) => (long)ExactDecimal.PowerOfTen(type.Precision);

    static long Narrow(ReadOnlySpan<byte> bytes) => Wide(bytes) is var value && value >= long.MinValue && value <= long.MaxValue
        ? (long)value
        : throw new InvalidDataException("A decimal does not fit into its precision.");

    static Int128 Wide(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 16)
            return BinaryPrimitives.ReadInt128BigEndian(bytes);
        if (bytes.IsEmpty)
            return 0;
        var fill = (sbyte)bytes[0] < 0 ? (byte)255 : (byte)0;
        while (bytes.Length > 16)
        {
            if (bytes[0] != fill || ((bytes[1] ^ fill) & 0x80) != 0)
                throw new InvalidDataException("A decimal has more than 38 digits.");
            bytes = bytes[1..];
        }

        Span<byte> padded = stackalloc byte[16];
        padded.Fill(fill);
        bytes.CopyTo(padded[(16 - bytes.Length)..]);
        return BinaryPrimitives.ReadInt128BigEndian(padded);
    }
}
