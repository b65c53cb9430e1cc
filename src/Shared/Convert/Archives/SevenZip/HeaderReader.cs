using System.Buffers.Binary;
using DataIngestion.Conversion.Compression;

namespace DataIngestion.Conversion.Archives.SevenZip;

/// <summary>Reads the pieces of a 7z header (7zFormat.txt of the LZMA SDK). Every count is checked against the bytes there are.</summary>
internal ref struct HeaderReader(ReadOnlySpan<byte> bytes)
{
    ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Bytes left.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>One byte.</summary>
    public byte Byte() => Bytes(1)[0];

    public ReadOnlySpan<byte> Bytes(long count)
    {
        if (count < 0 || count > _rest.Length)
            throw Damaged();
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    /// <summary>A number: the ones at the start of the first byte say how many bytes follow, little-endian; its other bits are the highest.</summary>
    public long Number()
    {
        var first = Byte();
        var value = 0UL;
        for (int i = 0, mask = 0x80; i < 8; i++, mask >>= 1)
        {
            if ((first & mask) == 0)
                return Checked(value | ((ulong)(first & (mask - 1)) << (8 * i)));
            value |= (ulong)Byte() << (8 * i);
        }

        return Checked(value);
    }

    /// <summary>A number of things of which each takes at least some bits of what is left.</summary>
    public int Count(int perByte = 1)
    {
        var count = Number();
        return count <= (long)Left * perByte ? (int)count : throw Damaged();
    }

    public bool[] Bits(int count)
    {
        var bits = new bool[count];
        var packed = Bytes((count + 7L) / 8);
        for (var i = 0; i < count; i++)
            bits[i] = (packed[i / 8] & (0x80 >> (i % 8))) != 0;
        return bits;
    }

    /// <summary>Checksums; null where there is none.</summary>
    public uint?[] Digests(int count)
    {
        if (count > Left * 8L)
            throw Damaged();
        var all = Byte() != 0;
        var defined = all ? null : Bits(count);
        var digests = new uint?[count];
        for (var i = 0; i < count; i++)
        {
            if (defined?[i] != false)
                digests[i] = BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));
        }

        return digests;
    }

    public void Expect(byte id)
    {
        if (Byte() != id)
            throw Damaged();
    }

    public static CompressionDamage Damaged() => new("its header is damaged");

    static long Checked(ulong value) => value <= long.MaxValue ? (long)value : throw Damaged();
}
