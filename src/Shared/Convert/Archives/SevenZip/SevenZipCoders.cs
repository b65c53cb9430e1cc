using System.Globalization;
using DataIngestion.Conversion.Compression;
using DataIngestion.Conversion.Pipeline;
using SharpCompress.Compressors.Deflate64;

namespace DataIngestion.Conversion.Archives.SevenZip;

/// <summary>Opens the content of a folder: its coders one after the other. Memory is bounded before any is taken.</summary>
internal static class SevenZipCoders
{
    /// <summary>The content.</summary>
    /// <param name="archive">The archive; closed with what is returned.</param>
    /// <exception cref="CompressionDamage">A coder is not supported, or its properties are damaged.</exception>
    public static Stream Open(Stream archive, Folder folder)
    {
        var packed = new SliceStream(archive, folder.Packed.At, folder.Packed.Size);
        try
        {
            return Output(packed, folder, folder.Main, folder.Coders.Length);
        }
        catch
        {
            packed.Dispose();
            throw;
        }
    }

    static Stream Output(SliceStream packed, Folder folder, int coder, int left)
    {
        if (left == 0)
            throw HeaderReader.Damaged(); // the coders read each other in a circle
        var input = folder.From[coder] < 0 ? packed : Output(packed, folder, folder.From[coder], left - 1);
        return Decoder(folder.Coders[coder], input, folder.Sizes[coder]);
    }

    static Stream Decoder(Coder coder, Stream input, long size)
    {
        var compressed = () => new CompressedInput(input);
        return coder.Method switch
        {
            0x00 => new Bounded(input, size),
            0x03 => new DeltaStream(input, coder.Properties is [var distance] ? distance + 1 : throw HeaderReader.Damaged()),
            0x21 => new Layer(new Lzma2Layer(compressed(), coder.Properties, size), input, size),
            0x030101 => new Foreign(input, () => ForeignCodecs.Lzma(coder.Properties, input, input.CanSeek ? input.Length : -1, size), size),
            0x030401 => new Foreign(input, () => ForeignCodecs.Ppmd(coder.Properties, input), size),
            0x040108 => new Layer(new DeflateLayer(compressed()), input, size),
            0x040109 => new Foreign(input, () => new Deflate64Stream(input, SharpCompress.Compressors.CompressionMode.Decompress), size),
            0x040202 => new Layer(new Bzip2Decoder(compressed()), input, size),
            0x03030103 or 0x04 => new BcjStream(input),
            0x06F10701 => throw new CompressionDamage("it is encrypted: decrypt it first"),
            _ => throw new CompressionDamage($"it is packed by the method {NameOf(coder.Method)}, which is not supported: pack it anew with LZMA2"),
        };
    }

    /// <summary>How a method is called.</summary>
    public static string NameOf(ulong method) => method switch
    {
        0x0303011B => "BCJ2",
        0x03030205 or 0x05 => "PPC",
        0x03030401 or 0x06 => "IA64",
        0x03030501 or 0x07 => "ARM",
        0x03030701 or 0x08 => "ARMT",
        0x03030805 or 0x09 => "SPARC",
        0x0A => "ARM64",
        0x04F71101 => "zstd",
        0x04F71102 => "brotli",
        0x04F71104 => "lz4",
        _ => method.ToString("X", CultureInfo.InvariantCulture),
    };

    sealed class Lzma2Layer : LayerDecoder
    {
        readonly Lzma2Decoder _decoder;

        public Lzma2Layer(CompressedInput input, byte[] properties, long size)
        {
            if (properties is not [<= 40 and var bits])
                throw HeaderReader.Damaged();
            _decoder = new(input, ForeignCodecs.Dictionary(bits == 40 ? uint.MaxValue : (2 | (bits & 1u)) << ((bits / 2) + 11), size));
        }

        public override int Read(Span<byte> to) => _decoder.Read(to);
    }

    sealed class DeflateLayer(CompressedInput input) : LayerDecoder
    {
        readonly Inflation _inflation = new(input);

        public override int Read(Span<byte> to) => _inflation.Read(to);

        protected override void Release() => _inflation.Dispose();
    }

    /// <summary>The first bytes of a stream, which it closes.</summary>
    sealed class Bounded(Stream inner, long size) : ReadOnlyStream
    {
        long _left = size;

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
            _left -= read;
            return read;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }

    sealed class Layer(LayerDecoder decoder, Stream inner, long size) : ReadOnlyStream
    {
        long _left = size;

        public override int Read(Span<byte> buffer)
        {
            if (_left == 0 || buffer.IsEmpty)
                return 0;
            var read = decoder.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
            _left -= read;
            return read;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                decoder.Dispose();
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }

    sealed class Foreign(Stream inner, Func<Stream> open, long size) : ReadOnlyStream
    {
        readonly ForeignDecoder _decoder = new(open, size);

        public override int Read(Span<byte> buffer) => buffer.IsEmpty ? 0 : _decoder.Read(buffer);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _decoder.Dispose();
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
