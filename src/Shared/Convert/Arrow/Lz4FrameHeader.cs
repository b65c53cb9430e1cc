using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using DataIngestion.Conversion.Compression;

namespace DataIngestion.Conversion.Arrow;

/// <summary>What the head of an LZ4 frame says (lz4_Frame_format.md, version 1).</summary>
/// <param name="Length">Bytes of the head.</param>
/// <param name="BlockSize">The most bytes that a block decompresses to.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Lz4FrameHeader(int Length, int BlockSize, bool IsLinked, bool HasBlockChecksum, bool HasContentChecksum)
{
    const uint Magic = 0x184D2204;

    public static Lz4FrameHeader Read(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 7 || BinaryPrimitives.ReadUInt32LittleEndian(frame) != Magic)
            throw new CompressionDamage("it does not start like an lz4 frame");
        var (flags, size) = (frame[4], (frame[5] >> 4) & 7);
        if (flags >> 6 != 1 || (flags & 3) != 0 || size < 4 || (frame[5] & 0x8F) != 0)
            throw new CompressionDamage("its lz4 frame has an unknown version, flag or block size, or needs a dictionary");
        var length = (flags & 8) != 0 ? 15 : 7;
        if (frame.Length < length || frame[length - 1] != (byte)(XxHash32.HashToUInt32(frame[4..(length - 1)]) >> 8))
            throw new CompressionDamage("the checksum of its lz4 frame's head is wrong");
        return new(length, 1 << (8 + (2 * size)), (flags & 0x20) == 0, (flags & 0x10) != 0, (flags & 4) != 0);
    }

    /// <summary>Nothing follows but the content's checksum, where there is one.</summary>
    public void CheckEnd(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> content)
    {
        if (rest.Length != (HasContentChecksum ? 4 : 0))
            throw new CompressionDamage("its lz4 frame is cut off, or other bytes follow its end");
        if (HasContentChecksum && BinaryPrimitives.ReadUInt32LittleEndian(rest) != XxHash32.HashToUInt32(content))
            throw new CompressionDamage("the checksum at its lz4 frame's end is not that of its content");
    }
}
