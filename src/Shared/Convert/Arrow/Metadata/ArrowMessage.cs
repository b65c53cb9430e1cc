using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DataIngestion.Conversion.Arrow.Metadata;

/// <summary>What a message is about, by the union <c>MessageHeader</c> of Message.fbs.</summary>
internal enum MessageKind : byte
{
    None = 0,
    Schema = 1,
    DictionaryBatch = 2,
    RecordBatch = 3,
    Tensor = 4,
    SparseTensor = 5,
}

/// <summary>How the buffers of a batch are compressed.</summary>
internal enum BodyCodec
{
    None,
    Lz4,
    Zstd,
}

/// <summary>Rows of one column of a batch.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ColumnNode(long Rows, long Nulls);

/// <summary>Where a buffer lies in the body.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BufferPlace(long Offset, long Length);

/// <summary>What the metadata says about the columns of a batch.</summary>
internal sealed record BatchLayout(long Rows, ColumnNode[] Nodes, BufferPlace[] Buffers, BodyCodec Codec, long[] VariadicCounts);

/// <summary>One message without its body.</summary>
internal sealed record ArrowMessage(MessageKind Kind, long BodyLength)
{
    /// <summary>Metadata versions, by their numbers in Schema.fbs.</summary>
    const int V4 = 3;
    const int V5 = 4;

    public ArrowSchema? Schema { get; init; }

    public BatchLayout? Batch { get; init; }

    /// <summary>Of a dictionary batch.</summary>
    public long DictionaryId { get; init; }

    /// <summary>Whether a dictionary batch adds to the dictionary instead of replacing it.</summary>
    public bool IsDelta { get; init; }

    /// <summary>Whether unions have validity bits, as they had up to V4.</summary>
    public bool IsV4 { get; init; }

    /// <exception cref="InvalidDataException">The metadata is damaged.</exception>
    /// <exception cref="NotSupportedException">It is of a version, or about something, that is not read.</exception>
    public static ArrowMessage Read(ReadOnlySpan<byte> metadata, int maxDepth)
    {
        var table = FlatTable.Root(metadata);
        var isV4 = IsVersion4(table.Int16(0));
        var kind = (MessageKind)table.Byte(1);
        var message = new ArrowMessage(kind, table.Int64(3)) { IsV4 = isV4 };
        if (message.BodyLength < 0)
            throw new InvalidDataException($"An Arrow message says that its body has {message.BodyLength} bytes.");
        if (kind is MessageKind.Tensor or MessageKind.SparseTensor)
            throw new NotSupportedException("The Arrow content holds a tensor, which is no table: write its values as columns.");
        if (kind is not (MessageKind.Schema or MessageKind.DictionaryBatch or MessageKind.RecordBatch) || !table.TryTable(2, out var header))
            throw new InvalidDataException($"An Arrow message is of kind {(byte)kind}, which there is not.");
        if (kind == MessageKind.Schema)
            return message with { Schema = SchemaMetadata.Read(header, maxDepth) };
        if (kind == MessageKind.RecordBatch)
            return message with { Batch = Layout(header) };
        if (!header.TryTable(1, out var data))
            throw new InvalidDataException("An Arrow dictionary batch has no data.");
        return message with { Batch = Layout(data), DictionaryId = header.Int64(0), IsDelta = header.Byte(2) != 0 };
    }

    /// <exception cref="NotSupportedException">The version is older than Arrow 0.8 or newer than this reader.</exception>
    public static bool IsVersion4(short version) => version switch
    {
        V4 => true,
        V5 => false,
        < V4 => throw new NotSupportedException($"The Arrow content has metadata version V{version + 1}, which no release since 0.8 (2017) writes: write it again with a current one."),
        _ => throw new NotSupportedException($"The Arrow content has metadata version V{version + 1}; V4 and V5 are read."),
    };

    static BatchLayout Layout(FlatTable table)
    {
        var nodes = table.Vector(1, 16);
        var buffers = table.Vector(2, 16);
        var counts = table.Vector(4, 8);
        var layout = new BatchLayout(table.Int64(0), new ColumnNode[nodes.Length / 16], new BufferPlace[buffers.Length / 16], Codec(table), new long[counts.Length / 8]);
        if (layout.Rows < 0)
            throw new InvalidDataException($"An Arrow batch says that it has {layout.Rows} rows.");
        for (var i = 0; i < layout.Nodes.Length; i++)
        {
            layout.Nodes[i] = new(BinaryPrimitives.ReadInt64LittleEndian(nodes[(i * 16)..]), BinaryPrimitives.ReadInt64LittleEndian(nodes[((i * 16) + 8)..]));
            if (layout.Nodes[i].Rows < 0 || layout.Nodes[i].Nulls < 0)
                throw new InvalidDataException($"A column of an Arrow batch says that it has {layout.Nodes[i].Rows} rows, {layout.Nodes[i].Nulls} of them null.");
        }

        for (var i = 0; i < layout.Buffers.Length; i++)
            layout.Buffers[i] = new(BinaryPrimitives.ReadInt64LittleEndian(buffers[(i * 16)..]), BinaryPrimitives.ReadInt64LittleEndian(buffers[((i * 16) + 8)..]));
        for (var i = 0; i < layout.VariadicCounts.Length; i++)
            layout.VariadicCounts[i] = BinaryPrimitives.ReadInt64LittleEndian(counts[(i * 8)..]);
        return layout;
    }

    static BodyCodec Codec(FlatTable batch)
    {
        if (!batch.TryTable(3, out var compression))
            return BodyCodec.None;
        var (codec, method) = (compression.Byte(0), compression.Byte(1));
        return (codec, method) switch
        {
            (0, 0) => BodyCodec.Lz4,
            (1, 0) => BodyCodec.Zstd,
            _ => throw new NotSupportedException($"An Arrow batch is compressed by codec {codec}, method {method}; LZ4 frames and zstd of buffers are read."),
        };
    }
}
