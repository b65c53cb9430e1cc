using System.Buffers.Binary;

namespace DataIngestion.Tabular.Parquet;

/// <summary>
/// A zstd frame of raw blocks (RFC 8878, 3.1.1): what does not shrink is stored at the speed of copying, and every reader of the codec reads it.
/// </summary>
internal static class ZstdFrame
{
    const uint Magic = 0xFD2FB528;

    /// <summary>One segment, size in four bytes, no checksum, no dictionary.</summary>
    const byte Descriptor = 0xA0;
    const int HeaderBytes = 9;
    const int MaxBlock = 128 << 10;

    /// <summary>Bytes of the frame for so many bytes.</summary>
    public static int StoredLength(int length) => HeaderBytes + length + 3 * Math.Max(1, (length + MaxBlock - 1) / MaxBlock);

    /// <summary>Appends a frame that holds the bytes as they are.</summary>
    public static void Store(ReadOnlySpan<byte> bytes, ByteSink output)
    {
        var header = output.Room(HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        header[4] = Descriptor;
        BinaryPrimitives.WriteInt32LittleEndian(header[5..], bytes.Length);
        output.Advance(HeaderBytes);
        bool last;
        do
        {
            var size = Math.Min(MaxBlock, bytes.Length);
            last = size == bytes.Length;
            var block = output.Room(3 + size);
            var field = (size << 3) | (last ? 1 : 0);
            block[0] = (byte)field;
            block[1] = (byte)(field >> 8);
            block[2] = (byte)(field >> 16);
            bytes[..size].CopyTo(block[3..]);
            output.Advance(3 + size);
            bytes = bytes[size..];
        }
        while (!last);
    }
}
