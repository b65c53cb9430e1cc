using System.Buffers.Binary;
using System.IO.Hashing;
using DataIngestion.Conversion.Compression;
using DataIngestion.Conversion.Writing;
using Snappier;

namespace DataIngestion.Conversion.Avro;

/// <summary>Takes the compression off the blocks of a container (1.12, "Required Codecs", "Optional Codecs").</summary>
/// <param name="mostBytes">Bytes of one block, decompressed.</param>
internal sealed class AvroBlockCodec(string name, int mostBytes) : IDisposable
{
    static readonly string[] Known = ["null", "deflate", "snappy", "bzip2", "xz", "zstandard"];

    readonly Utf8Buffer _plain = new();

    /// <exception cref="NotSupportedException">There is no such codec.</exception>
    public static AvroBlockCodec Of(string name, int mostBytes) => Known.Contains(name)
        ? new(name, mostBytes)
        : throw new NotSupportedException($"The Avro file is compressed with the codec '{name}', which is not read: there are {string.Join(", ", Known)}.");

    /// <summary>The block's bytes, which stay until the next call.</summary>
    public ReadOnlyMemory<byte> Decompress(ReadOnlyMemory<byte> stored)
    {
        _plain.Clear();
        try
        {
            switch (name)
            {
                case "null":
                    return stored;
                case "snappy":
                    Snappy(stored.Span);
                    break;
                case "deflate":
                    using (var data = new Inflation(Input(stored)))
                        Drain(data.Read);
                    break;
                default:
                    using (var decoder = Compressions.Open(name == "zstandard" ? "zstd" : name, Input(stored)))
                        Drain(decoder.Read);
                    break;
            }
        }
        catch (Exception damage) when (damage is CompressionDamage or InvalidDataException)
        {
            throw new InvalidDataException($"its {name} compression is damaged: {damage.Message.TrimEnd('.')}", damage);
        }

        return _plain.Memory;
    }

    static CompressedInput Input(ReadOnlyMemory<byte> stored) =>
        new(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(stored, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(stored.ToArray()));

    delegate int Read(Span<byte> to);

    void Drain(Read read)
    {
        while (read(_plain.Room(64 << 10)) is > 0 and var length)
        {
            _plain.Advance(length);
            if (_plain.Length > mostBytes)
                throw TooLarge();
        }
    }

    /// <summary>One run of Snappy and the CRC-32 of what it holds, most significant byte first.</summary>
    void Snappy(ReadOnlySpan<byte> stored)
    {
        if (stored.Length < 5)
            throw new InvalidDataException("it is cut off");
        var data = stored[..^4];
        var length = Snappier.Snappy.GetUncompressedLength(data);
        if (length > mostBytes)
            throw TooLarge();
        // Each three bytes of Snappy become 64 at most.
        if (length > 64L + (data.Length * 32L))
            throw new InvalidDataException($"its {data.Length} bytes cannot become the {length} that they promise");
        if (Snappier.Snappy.Decompress(data, _plain.Room(length)) != length)
            throw new InvalidDataException("it has another length than it says");
        _plain.Advance(length);
        if (Crc32.HashToUInt32(_plain.Memory.Span) != BinaryPrimitives.ReadUInt32BigEndian(stored[^4..]))
            throw new InvalidDataException("the checksum is not that of the content");
    }

    InvalidDataException TooLarge() => new($"it becomes larger than {mostBytes} bytes, which is the most that is read");

    public void Dispose() => _plain.Dispose();
}
