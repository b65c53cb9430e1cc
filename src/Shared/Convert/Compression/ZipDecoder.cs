using System.Buffers.Binary;
using System.IO.Hashing;
using DataIngestion.Conversion.Pipeline;
using SharpCompress.Compressors.Deflate64;

namespace DataIngestion.Conversion.Compression;

/// <summary>Decompresses one file of a zip archive and checks its length and checksum.</summary>
internal sealed class ZipDecoder : LayerDecoder
{
    readonly ZipEntry _entry;
    readonly Crc32 _crc = new();
    readonly CompressedInput _input;
    readonly Inflation? _inflation;
    readonly LayerDecoder? _layer;
    long _size;

    /// <param name="archive">Seekable; read by nobody else meanwhile.</param>
    /// <param name="entry">The file.</param>
    /// <exception cref="CompressionDamage">The file cannot be read.</exception>
    public ZipDecoder(Stream archive, ZipEntry entry)
    {
        if (entry.IsEncrypted)
            throw new CompressionDamage($"'{entry.Name}' is encrypted: decrypt it first");
        _entry = entry;
        var part = new Part(archive, DataAt(archive, entry), entry.Packed);
        _input = new(part);
        _inflation = entry.Method == 8 ? new(_input) : null;
        _layer = entry.Method switch
        {
            0 or 8 => null,
            9 => new ForeignDecoder(() => new Deflate64Stream(part, SharpCompress.Compressors.CompressionMode.Decompress), entry.Size),
            12 => new Bzip2Decoder(_input),
            14 => new ForeignDecoder(() => Lzma(part, entry), entry.Size),
            93 => new ZstdDecoder(_input),
            95 => new XzDecoder(_input),
            98 => new ForeignDecoder(() => Ppmd(part), entry.Size),
            _ => throw new CompressionDamage(
                $"'{entry.Name}' is compressed by {NameOf(entry.Method)}, which is not supported: expected deflate, bzip2, LZMA, PPMd, zstd, xz or none"),
        };
    }

    // APPNOTE 4.4.5.
    static string NameOf(int method) => method switch
    {
        1 => "the method Shrink",
        2 or 3 or 4 or 5 => "the method Reduce",
        6 => "the method Implode",
        94 => "MP3",
        96 => "JPEG",
        97 => "WavPack",
        _ => $"the method {method}",
    };

    // APPNOTE 5.8: the version and the length of the properties come before them.
    static Stream Lzma(Stream packed, ZipEntry entry)
    {
        Span<byte> header = stackalloc byte[9];
        if (packed.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || header[2] != 5 || header[3] != 0)
            throw new CompressionDamage("the properties of its LZMA data are damaged");
        return ForeignCodecs.Lzma(header[4..], packed, entry.Packed - header.Length, entry.Size);
    }

    // APPNOTE 5.10.
    static Stream Ppmd(Stream packed)
    {
        Span<byte> properties = stackalloc byte[2];
        if (packed.ReadAtLeast(properties, properties.Length, throwOnEndOfStream: false) < properties.Length)
            throw CompressionDamage.CutOff("the properties of its PPMd data");
        return ForeignCodecs.Ppmd(properties, packed);
    }

    static long DataAt(Stream archive, ZipEntry entry)
    {
        Span<byte> header = stackalloc byte[30];
        if (entry.HeaderAt < 0 || entry.Packed < 0 || entry.HeaderAt > archive.Length - header.Length)
            throw new CompressionDamage($"'{entry.Name}' does not lie inside the archive");
        archive.Position = entry.HeaderAt;
        archive.ReadExactly(header);
        var at = entry.HeaderAt + header.Length + BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        if (!header.StartsWith("PK\x03\x04"u8) || at > archive.Length - entry.Packed)
            throw new CompressionDamage($"'{entry.Name}' does not lie inside the archive");
        return at;
    }

    public override int Read(Span<byte> to)
    {
        var read = _inflation?.Read(to) ?? _layer?.Read(to) ?? _input.Read(to);
        if (read > 0)
        {
            _crc.Append(to[..read]);
            _size += read;
            if (_size > _entry.Size)
                throw new CompressionDamage($"'{_entry.Name}' holds more than the {_entry.Size} bytes that the directory says");
        }
        else if (_size != _entry.Size || _crc.GetCurrentHashAsUInt32() != _entry.Crc)
        {
            throw new CompressionDamage($"the checksum or length of '{_entry.Name}' is not that of its content");
        }

        return read;
    }

    protected override void Release()
    {
        _inflation?.Dispose();
        _layer?.Dispose();
    }

    sealed class Part(Stream archive, long at, long length) : ReadOnlyStream
    {
        long _at;

        public override int Read(Span<byte> buffer)
        {
            if (archive.Position != at + _at)
                archive.Position = at + _at;
            var read = archive.Read(buffer[..(int)Math.Min(buffer.Length, length - _at)]);
            _at += read;
            return read;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
    }
}
