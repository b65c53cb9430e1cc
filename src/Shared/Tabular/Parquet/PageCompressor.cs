using System.Collections.Concurrent;
using System.IO.Compression;
using Snappier;
using ZstdSharp;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Compresses pages. Thread-safe; contexts are reused, and a page's bytes depend on the page alone.</summary>
internal sealed class PageCompressor(ParquetCompression compression, int level) : IDisposable
{
    /// <summary>Packed pages from twice this size on are compressed only if a piece of this size out of their middle shrinks.</summary>
    const int Trial = 16 << 10;

    /// <summary>The part that a trial must win: less would cost readers more time than it saves them bytes.</summary>
    const int TrialGain = 16;
    readonly ConcurrentBag<Compressor> _idle = [];

    public Codec Codec => compression switch
    {
        ParquetCompression.Zstd => Codec.Zstd,
        ParquetCompression.Snappy => Codec.Snappy,
        ParquetCompression.Gzip => Codec.Gzip,
        _ => Codec.Uncompressed,
    };

    /// <summary>Appends the compressed page.</summary>
    /// <param name="page">The page's bytes.</param>
    /// <param name="isPacked">Whether its values are bit-packed, which often leaves nothing to compress.</param>
    /// <param name="output">Is appended to.</param>
    public void Compress(ReadOnlySpan<byte> page, bool isPacked, ByteSink output)
    {
        switch (compression)
        {
            case ParquetCompression.Zstd:
                Zstd(page, isPacked, output);
                break;
            case ParquetCompression.Snappy:
                output.Advance(Snappy.Compress(page, output.Room(Snappy.GetMaxCompressedLength(page.Length))));
                break;
            case ParquetCompression.Gzip:
                Gzip(page, output);
                break;
            default:
                output.Write(page);
                break;
        }
    }

    void Zstd(ReadOnlySpan<byte> page, bool isPacked, ByteSink output)
    {
        if (!_idle.TryTake(out var compressor))
            compressor = new(level);
        var room = output.Room(Compressor.GetCompressBound(page.Length));
        if (isPacked && page.Length >= 2 * Trial && compressor.Wrap(page.Slice((page.Length - Trial) / 2, Trial), room) > Trial - Trial / TrialGain)
            ZstdFrame.Store(page, output);
        else
            output.Advance(compressor.Wrap(page, room));
        _idle.Add(compressor);
    }

    void Gzip(ReadOnlySpan<byte> page, ByteSink output)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, level <= 3 ? CompressionLevel.Fastest : CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(page);
        output.Write(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var compressor))
            compressor.Dispose();
    }
}
