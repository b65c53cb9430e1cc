using System.Buffers.Binary;
using System.IO.Hashing;

namespace DataIngestion.Conversion.Tests.Compression;

/// <summary>
/// An .xz container around LZMA2 chunks that are stored, with a check of CRC-32. What LZMA itself does is tested on <see cref="XzSamples"/>
/// and on the output of the machine's <c>xz</c>.
/// </summary>
internal static class XzPacking
{
    public static byte[] Pack(byte[] plain)
    {
        using var packed = new MemoryStream();
        byte[] flags = [0, 1];
        packed.Write([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, .. flags, .. Crc(flags)]);

        var begin = packed.Position;
        byte[] header = [2, 0, 0x21, 1, 22, 0, 0, 0];
        packed.Write([.. header, .. Crc(header)]);
        for (var at = 0; at < plain.Length; at += 60_000)
        {
            var chunk = plain.AsSpan(at, Math.Min(60_000, plain.Length - at));
            packed.Write([at == 0 ? (byte)1 : (byte)2, (byte)((chunk.Length - 1) >> 8), (byte)(chunk.Length - 1)]);
            packed.Write(chunk);
        }

        packed.WriteByte(0);
        var unpadded = packed.Position - begin + 4;
        Pad();
        packed.Write(Crc(plain));

        byte[] index = [0, 1, .. Number(unpadded), .. Number(plain.Length)];
        index = [.. index, .. new byte[(4 - (index.Length & 3)) & 3]];
        packed.Write([.. index, .. Crc(index)]);
        var size = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, ((index.Length + 4) / 4) - 1);
        byte[] footer = [.. size, .. flags];
        packed.Write([.. Crc(footer), .. footer, (byte)'Y', (byte)'Z']);
        return packed.ToArray();

        void Pad()
        {
            while ((packed.Position & 3) != 0)
                packed.WriteByte(0);
        }
    }

    static byte[] Crc(ReadOnlySpan<byte> bytes) => BitConverter.GetBytes(Crc32.HashToUInt32(bytes));

    static List<byte> Number(long value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return bytes;
    }
}
