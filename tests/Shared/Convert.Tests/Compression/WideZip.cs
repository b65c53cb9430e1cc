using System.IO.Hashing;

namespace DataIngestion.Conversion.Tests.Compression;

/// <summary>A zip archive of one stored file whose sizes and places stand in the fields of 64 bits only.</summary>
internal static class WideZip
{
    public static byte[] Of(string name, byte[] content)
    {
        using var zip = new MemoryStream();
        using var writer = new BinaryWriter(zip);
        var crc = Crc32.HashToUInt32(content);
        writer.Write("PK\x03\x04"u8);
        writer.Write((ushort)45);
        writer.Write(new byte[8]);
        writer.Write(crc);
        writer.Write(uint.MaxValue);
        writer.Write(uint.MaxValue);
        writer.Write((ushort)name.Length);
        writer.Write((ushort)20);
        writer.Write(name.Select(c => (byte)c).ToArray());
        Sizes(2);
        writer.Write(content);
        var directory = zip.Position;
        writer.Write("PK\x01\x02"u8);
        writer.Write(0x002D002D);
        writer.Write(new byte[8]);
        writer.Write(crc);
        writer.Write(uint.MaxValue);
        writer.Write(uint.MaxValue);
        writer.Write((ushort)name.Length);
        writer.Write((ushort)28);
        writer.Write(new byte[10]);
        writer.Write(uint.MaxValue);
        writer.Write(name.Select(c => (byte)c).ToArray());
        Sizes(3);
        var end = zip.Position;
        writer.Write("PK\x06\x06"u8);
        writer.Write(44L);
        writer.Write(0x002D002D);
        writer.Write(new byte[8]);
        writer.Write(1L);
        writer.Write(1L);
        writer.Write(end - directory);
        writer.Write(directory);
        writer.Write("PK\x06\x07"u8);
        writer.Write(0);
        writer.Write(end);
        writer.Write(1);
        writer.Write("PK\x05\x06"u8);
        writer.Write(0);
        writer.Write(uint.MaxValue);
        writer.Write(uint.MaxValue);
        writer.Write(uint.MaxValue);
        writer.Write((ushort)0);
        return zip.ToArray();

        void Sizes(int count)
        {
            writer.Write((ushort)1);
            writer.Write((ushort)(count * 8));
            writer.Write((long)content.Length);
            writer.Write((long)content.Length);
            if (count == 3)
                writer.Write(0L);
        }
    }
}
