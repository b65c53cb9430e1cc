using System.Buffers.Binary;
using System.IO.Hashing;
using K4os.Compression.LZ4;
using ZstdSharp;

namespace DataIngestion.Conversion.Arrow.Writing;

/// <summary>Compresses single buffers: their length, then a frame; -1 and the bytes as they are where a frame is not smaller.</summary>
internal sealed class BufferPacker(ArrowCompression compression) : IDisposable
{
    const int ZstdLevel = 1;
    const int BlockBytes = 4 << 20;
    readonly Compressor? _zstd = compression == ArrowCompression.Zstd ? new(ZstdLevel) : null;

    /// <summary>The buffer as it is stored.</summary>
    public ReadOnlyMemory<byte> Pack(ReadOnlyMemory<byte> buffer)
    {
        if (compression == ArrowCompression.None || buffer.IsEmpty)
            return buffer;
        var packed = new byte[8 + Math.Max(buffer.Length, _zstd is null ? Lz4Bound(buffer.Length) : Compressor.GetCompressBound(buffer.Length))];
        var length = _zstd is null ? Lz4(buffer.Span, packed.AsSpan(8)) : _zstd.Wrap(buffer.Span, packed.AsSpan(8));
        BinaryPrimitives.WriteInt64LittleEndian(packed, length < buffer.Length ? buffer.Length : -1);
        if (length < buffer.Length)
            return packed.AsMemory(0, 8 + length);
        buffer.CopyTo(packed.AsMemory(8));
        return packed.AsMemory(0, 8 + buffer.Length);
    }

    static int Lz4Bound(int length) => 15 + LZ4Codec.MaximumOutputSize(Math.Min(length, BlockBytes)) + length + ((length / BlockBytes) + 1) * 4;

    /// <summary>A frame of independent blocks of 4 MiB, without checksums (lz4_Frame_format.md).</summary>
    static int Lz4(ReadOnlySpan<byte> bytes, Span<byte> to)
    {
        ReadOnlySpan<byte> descriptor = [0x60, 0x70];
        BinaryPrimitives.WriteUInt32LittleEndian(to, 0x184D2204);
        descriptor.CopyTo(to[4..]);
        to[6] = (byte)(XxHash32.HashToUInt32(descriptor) >> 8);
        var at = 7;
        for (var start = 0; start < bytes.Length; start += BlockBytes)
        {
            var block = bytes.Slice(start, Math.Min(BlockBytes, bytes.Length - start));
            var length = LZ4Codec.Encode(block, to[(at + 4)..]);
            var isPlain = length <= 0 || length >= block.Length;
            if (isPlain)
                block.CopyTo(to[(at + 4)..]);
            BinaryPrimitives.WriteUInt32LittleEndian(to[at..], isPlain ? 0x80000000 | (uint)block.Length : (uint)length);
            at += 4 + (isPlain ? block.Length : length);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(to[at..], 0);
        return at + 4;
    }

    public void Dispose() => _zstd?.Dispose();
}
