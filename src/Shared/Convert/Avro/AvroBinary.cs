using System.Buffers.Binary;
using DataIngestion.Conversion.Writing;

namespace DataIngestion.Conversion.Avro;

/// <summary>Writes Avro's binary encoding.</summary>
internal static class AvroBinary
{
    public static void Long(long value, Utf8Buffer to)
    {
        var zigzag = (ulong)(value << 1) ^ (ulong)(value >> 63);
        var room = to.Room(10);
        var length = 0;
        for (; zigzag >= 0x80; zigzag >>= 7)
            room[length++] = (byte)(zigzag | 0x80);
        room[length++] = (byte)zigzag;
        to.Advance(length);
    }

    public static void Float(float value, Utf8Buffer to)
    {
        BinaryPrimitives.WriteSingleLittleEndian(to.Room(4), value);
        to.Advance(4);
    }

    public static void Double(double value, Utf8Buffer to)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(to.Room(8), value);
        to.Advance(8);
    }

    public static void Bytes(ReadOnlySpan<byte> value, Utf8Buffer to)
    {
        Long(value.Length, to);
        to.Write(value);
    }

    /// <summary>The shortest two's complement, most significant byte first.</summary>
    public static void Decimal(Int128 unscaled, Utf8Buffer to)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt128BigEndian(bytes, unscaled);
        var at = 0;
        var sign = unscaled < 0 ? byte.MaxValue : (byte)0;
        while (at < 15 && bytes[at] == sign && (bytes[at + 1] & 0x80) == (sign & 0x80))
            at++;
        Bytes(bytes[at..], to);
    }
}
