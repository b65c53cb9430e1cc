using System.IO.Compression;
using K4os.Compression.LZ4;
using Snappier;
using ZstdSharp;

namespace DataIngestion.Conversion.Orc;

/// <summary>How a file's chunks are compressed; one for all its streams, so that their working memory is shared and what comes out is bounded together.</summary>
internal sealed class OrcPacking(OrcCompression compression, int blockSize, long fileLength, ConversionLimits limits)
{
    const long Free = 64 << 20;

    byte[] _packed = [];
    byte[]? _plain;
    long _count;

    public OrcCompression Compression => compression;

    /// <summary>The most bytes of one chunk.</summary>
    public int BlockSize => blockSize;

    /// <summary>Room for the stored bytes of a chunk; overwritten by the next one.</summary>
    public Span<byte> Packed(int length)
    {
        if (_packed.Length < length)
            _packed = new byte[Math.Max(length, 4096)];
        return _packed.AsSpan(0, length);
    }

    /// <summary>Decompresses a chunk.</summary>
    /// <returns>Its bytes, until the next chunk.</returns>
    public ReadOnlySpan<byte> Unpack(int length)
    {
        _plain ??= new byte[blockSize];
        var stored = _packed.AsSpan(0, length);
        int written;
        try
        {
            written = compression switch
            {
                OrcCompression.Zlib => Inflate(length),
                OrcCompression.Snappy => Snappy.TryDecompress(stored, _plain, out var count) ? count : -1,
                OrcCompression.Lzo => LzoBlock.Decompress(stored, _plain),
                OrcCompression.Lz4 => LZ4Codec.Decode(stored, _plain),
                OrcCompression.Zstd => Zstd(stored),
                _ => BrotliDecoder.TryDecompress(stored, _plain, out var count) ? count : -1,
            };
        }
        catch (Exception damage) when (damage is InvalidDataException or ZstdException or ArgumentException)
        {
            throw new InvalidDataException($"The ORC file is damaged: a chunk of {length} bytes is no {compression.ToString().ToLowerInvariant()}.", damage);
        }

        if (written < 0)
            throw new InvalidDataException($"The ORC file is damaged: a chunk of {length} bytes is no {compression.ToString().ToLowerInvariant()} of at most {blockSize} bytes.");
        _count += written;
        if (_count > limits.MaxDecompressedBytes || (_count > Free && _count / limits.MaxDecompressionRatio > fileLength))
            throw new InvalidDataException(
                $"The content grows from {fileLength} to more than {_count} bytes when decompressed; the limits 'decompressedBytes' and 'decompressionRatio' say where to stop.");
        return _plain.AsSpan(0, written);
    }

    int Inflate(int length)
    {
        using var inflating = new DeflateStream(new MemoryStream(_packed, 0, length, writable: false), CompressionMode.Decompress);
        var written = inflating.ReadAtLeast(_plain, _plain!.Length, throwOnEndOfStream: false);
        return written == _plain.Length && inflating.ReadByte() >= 0 ? -1 : written;
    }

    int Zstd(ReadOnlySpan<byte> stored)
    {
        using var decompressor = new Decompressor();
        return decompressor.Unwrap(stored, _plain);
    }
}
