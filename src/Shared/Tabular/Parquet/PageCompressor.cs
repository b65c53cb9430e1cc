using System.Collections.Concurrent;
using System.IO.Compression;
using Snappier;
using ZstdSharp;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Compresses pages. Thread-safe; contexts are reused, and a page's bytes depend on the page alone.</summary>
internal sealed class PageCompressor(ParquetCompression compression, int level) : IDisposable
{
    /// <summary>Packed pages from twice this size on are compressed only if a piece of this size out of their middle shrinks.</summary>
    const int Trial = 8 << 10;

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

    /// <summary>Appends the compressed page, unless it is better stored.</summary>
    /// <param name="page">The page's bytes.</param>
    /// <param name="isPacked">Whether its values are bit-packed, which often leaves nothing to compress.</param>
    /// <param name="output">Is appended to; for the result false, with what does not matter.</param>
    /// <returns>False when <see cref="Store"/> is to be used.</returns>
    public bool TryCompress(ReadOnlySpan<byte> page, bool isPacked, ByteSink output)
    {
        switch (compression)
        {
            case ParquetCompression.Zstd:
                return TryZstd(page, isPacked, output);
            case ParquetCompression.Snappy:
                output.Advance(Snappy.Compress(page, output.Room(Snappy.GetMaxCompressedLength(page.Length))));
                return true;
            case ParquetCompression.Gzip:
                Gzip(page, output);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Bytes that <see cref="Store"/> writes.</summary>
    public int StoredLength(int length) => compression == ParquetCompression.Zstd ? ZstdFrame.StoredLength(length) : length;

    /// <summary>Appends the page as it is, in a form that the codec's readers understand.</summary>
    public void Store(ReadOnlySpan<byte> page, ByteSink output)
    {
        if (compression == ParquetCompression.Zstd)
            ZstdFrame.Store(page, output);
        else
            output.Write(page);
    }

    bool TryZstd(ReadOnlySpan<byte> page, bool isPacked, ByteSink output)
    {
        if (!_idle.TryTake(out var compressor))
            compressor = new(level);
        var room = output.Room(Compressor.GetCompressBound(page.Length));
        var shrinks = !isPacked || page.Length < 2 * Trial
            || compressor.Wrap(page.Slice((page.Length - Trial) / 2, Trial), room) <= Trial - Trial / TrialGain;
        if (shrinks)
            output.Advance(compressor.Wrap(page, room));
        _idle.Add(compressor);
        return shrinks;
    }

    /// <summary>The size of some bytes when compressed.</summary>
    public int Measure(ReadOnlySpan<byte> bytes)
    {
        using var output = new ByteSink();
        return TryCompress(bytes, isPacked: false, output) ? output.Length : bytes.Length;
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
