using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using K4os.Compression.LZ4;
using Snappier;
using ZstdSharp;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Undoes a page's compression into memory of exactly the size that the page header promises.</summary>
internal sealed class PageDecompressor : IDisposable
{
    /// <summary>Pages up to this size are taken at their word.</summary>
    const int Trusted = 16 << 20;

    /// <summary>How many times larger a large page may become. Real pages stay below a few hundred; a bomb reaches 40,000.</summary>
    const int MostGrowth = 4_000;

    readonly Decompressor _zstd = new();

    /// <summary>Refuses a large page whose bytes cannot have the size that they promise, before memory is taken for it.</summary>
    public static void CheckPlausible(Codec codec, ReadOnlyMemory<byte> input, int size)
    {
        if (size <= Trusted)
            return;
        if (size / MostGrowth > input.Length)
            throw new InvalidDataException($"Its {input.Length} bytes would become {size}: more than {MostGrowth} times as many.");
        var most = codec switch
        {
            Codec.Snappy => 32L * input.Length,
            Codec.Lz4 or Codec.Lz4Raw => 256L * input.Length,
            Codec.Gzip => 1100L * input.Length,
            Codec.Zstd => Counted(new DecompressionStream(StreamOf(input)), size),
            Codec.Brotli => Counted(new BrotliStream(StreamOf(input), CompressionMode.Decompress), size),
            _ => long.MaxValue,
        };
        if (most < size)
            throw new InvalidDataException($"Its {input.Length} bytes of {codec} do not become the {size} that it promises.");
    }

    /// <summary>Bytes that come out, counted without keeping them, up to one beyond the size.</summary>
    static long Counted(Stream stream, int size)
    {
        using (stream)
        {
            var piece = new byte[1 << 16];
            var sum = 0L;
            try
            {
                while (sum <= size && stream.Read(piece) is > 0 and var read)
                    sum += read;
            }
            catch (Exception damaged) when (damaged is ZstdException or InvalidDataException or InvalidOperationException or IOException)
            {
                // What is damaged is said when it is decompressed; here only the size counts.
            }

            return sum;
        }
    }

    public void Decompress(Codec codec, ReadOnlyMemory<byte> input, Memory<byte> output)
    {
        try
        {
            var length = codec switch
            {
                Codec.Zstd => _zstd.Unwrap(input.Span, output.Span),
                Codec.Snappy => Snappy.Decompress(input.Span, output.Span),
                Codec.Gzip => Gunzip(input, output.Span),
                Codec.Brotli => Unbrotli(input.Span, output.Span),
                Codec.Lz4 => HadoopLz4(input.Span, output.Span),
                Codec.Lz4Raw => LZ4Codec.Decode(input.Span, output.Span),
                Codec.Lzo => throw new NotSupportedException("LZO compression cannot be read."),
                _ => throw new NotSupportedException($"Parquet compression number {(int)codec} is not known."),
            };
            if (length != output.Length)
                throw new InvalidDataException($"It has {length} bytes, not the {output.Length} it promises.");
        }
        catch (Exception damaged) when (damaged is ZstdException or ArgumentException or InvalidOperationException or InvalidDataException)
        {
            throw new InvalidDataException($"Its {codec} compression is damaged: {damaged.Message}", damaged);
        }
    }

    static Stream StreamOf(ReadOnlyMemory<byte> input) => MemoryMarshal.TryGetArray(input, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(input.ToArray());

    /// <summary>Members may follow each other.</summary>
    static int Gunzip(ReadOnlyMemory<byte> input, Span<byte> output)
    {
        using var gzip = new GZipStream(StreamOf(input), CompressionMode.Decompress);
        return gzip.ReadAtLeast(output, output.Length, throwOnEndOfStream: false);
    }

    static int Unbrotli(ReadOnlySpan<byte> input, Span<byte> output) =>
        BrotliDecoder.TryDecompress(input, output, out var written) ? written : throw new InvalidDataException("the bytes are no Brotli of that size.");

    /// <summary>Hadoop puts both sizes before each block, most significant byte first; some writers of the same codec number put nothing.</summary>
    static int HadoopLz4(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var rest = input;
        var done = 0;
        while (rest.Length >= 8)
        {
            var expanded = BinaryPrimitives.ReadInt32BigEndian(rest);
            var stored = BinaryPrimitives.ReadInt32BigEndian(rest[4..]);
            if (expanded < 0 || stored < 0 || expanded > output.Length - done || stored > rest.Length - 8
                || LZ4Codec.Decode(rest.Slice(8, stored), output.Slice(done, expanded)) != expanded)
                break;
            done += expanded;
            rest = rest[(8 + stored)..];
        }

        return rest.IsEmpty && done == output.Length ? done : LZ4Codec.Decode(input, output);
    }

    public void Dispose() => _zstd.Dispose();
}
