using System.IO.Compression;
using Snappier;
using ZstdSharp;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Undoes a page's compression into memory of exactly the size that the page header promises.</summary>
internal sealed class PageDecompressor : IDisposable
{
    readonly Decompressor _zstd = new();

    public void Decompress(Codec codec, ReadOnlyMemory<byte> input, Span<byte> output)
    {
        try
        {
            var length = codec switch
            {
                Codec.Uncompressed => Copy(input.Span, output),
                Codec.Zstd => _zstd.Unwrap(input.Span, output),
                Codec.Snappy => Snappy.Decompress(input.Span, output),
                Codec.Gzip => Gunzip(input, output),
                _ => throw new NotSupportedException($"Parquet compression number {(int)codec} cannot be read; zstd, snappy, gzip and none can."),
            };
            if (length != output.Length)
                throw new InvalidDataException($"A page has {length} bytes, not the {output.Length} it promises.");
        }
        catch (Exception damaged) when (damaged is ZstdException or ArgumentException)
        {
            throw new InvalidDataException($"A page's {codec} compression is damaged: {damaged.Message}", damaged);
        }
    }

    static int Copy(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (input.Length != output.Length)
            throw new InvalidDataException($"A page has {input.Length} bytes, not the {output.Length} it promises.");
        input.CopyTo(output);
        return input.Length;
    }

    static int Gunzip(ReadOnlyMemory<byte> input, Span<byte> output)
    {
        using var gzip = new GZipStream(new MemoryStream(input.ToArray()), CompressionMode.Decompress);
        return gzip.ReadAtLeast(output, output.Length, throwOnEndOfStream: false);
    }

    public void Dispose() => _zstd.Dispose();
}
