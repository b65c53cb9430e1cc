using System.Text;
using System.Text.Unicode;
using DataIngestion.Conversion.Documents;

namespace DataIngestion.Conversion.Avro;

/// <summary>The header of an object container file (1.12, "Object Container Files").</summary>
/// <param name="Metadata">Values by key.</param>
/// <param name="Sync">What stands behind each block.</param>
internal sealed record AvroHeader(IReadOnlyDictionary<string, byte[]> Metadata, byte[] Sync)
{
    const int SyncBytes = 16;
    const int MostEntries = 10_000;

    public static ReadOnlySpan<byte> Magic => "Obj\x01"u8;

    public string Codec => Metadata.TryGetValue("avro.codec", out var codec) ? Encoding.UTF8.GetString(codec) : "null";

    public byte[] SchemaJson => Metadata.TryGetValue("avro.schema", out var schema) ? schema : throw new InvalidDataException("The Avro file has no schema in its header.");

    /// <summary>Reads it from the start of the content.</summary>
    public static async ValueTask<AvroHeader> ReadAsync(ByteWindow window, int maxBytes, CancellationToken cancellationToken)
    {
        if (!await window.EnsureAsync(Magic.Length, cancellationToken) || !window.Bytes.StartsWith(Magic))
            throw new InvalidDataException("The content is no Avro file: it does not start with 'Obj' and 1.");
        while (true)
        {
            try
            {
                var (header, used) = Parse(window.Bytes);
                window.Skip(used);
                return header;
            }
            catch (AvroEndException) when (!window.IsLast && window.Length <= maxBytes)
            {
                await window.MoreAsync(cancellationToken);
            }
            catch (AvroEndException end)
            {
                throw new InvalidDataException(window.IsLast ? "The Avro file is cut off in its header." : $"The header of the Avro file is longer than {maxBytes} bytes.", end);
            }
        }
    }

    static (AvroHeader Header, int Used) Parse(ReadOnlySpan<byte> bytes)
    {
        var input = new AvroInput(bytes, 1, 0);
        input.ReadFixed(Magic.Length);
        var metadata = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (int count; (count = input.ReadBlock(2)) > 0;)
        {
            for (var i = 0; i < count; i++)
            {
                var key = input.ReadBytes();
                if (!Utf8.IsValid(key) || metadata.Count >= MostEntries)
                    throw new InvalidDataException("The header of the Avro file is damaged.");
                metadata[Encoding.UTF8.GetString(key)] = input.ReadBytes().ToArray();
            }
        }

        return (new(metadata, input.ReadFixed(SyncBytes).ToArray()), input.At);
    }
}

/// <summary>The blocks of a container, decompressed one after another.</summary>
internal sealed class AvroContainer(ByteWindow window, AvroHeader header, AvroBlockCodec codec, int maxBlockBytes, ConversionLimits limits) : IDisposable
{
    const long Unjudged = 64 << 20;

    /// <summary>Two numbers of at most ten bytes.</summary>
    const int HeadBytes = 20;

    int _stored;
    long _plain;

    /// <summary>Where the block begins in the content.</summary>
    public long At { get; private set; }

    public long Records { get; private set; }

    public ReadOnlyMemory<byte> Data { get; private set; }

    /// <summary>Goes to the next block; false at the end.</summary>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        window.Skip(_stored);
        _stored = 0;
        At = window.Position;
        if (!await window.EnsureAsync(1, cancellationToken))
            return false;
        await window.EnsureAsync(HeadBytes, cancellationToken);
        try
        {
            var (records, size, head) = Head();
            if (size < 0 || size > maxBlockBytes)
                throw new InvalidDataException($"it claims {size} bytes; at most {maxBlockBytes} are read");
            _stored = head + (int)size + header.Sync.Length;
            if (!await window.EnsureAsync(_stored, cancellationToken))
                throw new InvalidDataException($"it claims {size} bytes, and the file ends before");
            if (!window.Bytes.Slice(head + (int)size, header.Sync.Length).SequenceEqual(header.Sync))
                throw new InvalidDataException("the mark behind it is not that of the file");
            Records = records;
            Data = codec.Decompress(window.Memory.Slice(head, (int)size));
            Judge();
            return true;
        }
        catch (AvroEndException end)
        {
            throw Damaged("the file ends within it", end);
        }
        catch (InvalidDataException damage)
        {
            throw Damaged(damage.Message, damage);
        }
    }

    public InvalidDataException Damaged(string why, Exception? inner = null) => new($"The block at byte {At} of the Avro file is damaged: {why}.", inner);

    (long Records, long Size, int Head) Head()
    {
        var input = new AvroInput(window.Bytes, 1, 0);
        var records = input.ReadLong();
        return (records, input.ReadLong(), input.At);
    }

    void Judge()
    {
        _plain += Data.Length;
        if (_plain > limits.MaxDecompressedBytes)
            throw new InvalidDataException($"the content is larger than {limits.MaxDecompressedBytes} bytes when decompressed; the limit 'decompressedBytes' says where to stop");
        if (_plain > Unjudged && _plain / limits.MaxDecompressionRatio > At + _stored)
            throw new InvalidDataException($"the content grows more than {limits.MaxDecompressionRatio} times when decompressed; the limit 'decompressionRatio' says how often it may");
    }

    public void Dispose() => codec.Dispose();
}
