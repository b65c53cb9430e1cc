namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>Numbers from a page's bytes; every one is checked to be there.</summary>
internal static class ByteReader
{
    public static byte Byte(ReadOnlySpan<byte> bytes, ref int at) =>
        at < bytes.Length ? bytes[at++] : throw new InvalidDataException("A page ends inside a number.");

    public static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = Byte(bytes, ref at);
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException("A number of a page does not end.");
    }

    public static long ZigZag(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = Varint(bytes, ref at);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public static InvalidDataException Short() => new("A page ends inside a value.");

    public static InvalidDataException TooFew() => new("A page has fewer values than its levels say.");
}
