using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DataIngestion.Conversion.Arrow.Metadata;

namespace DataIngestion.Conversion.Arrow;

/// <summary>The file format: its footer says where the batches lie. All dictionaries are read first, as any batch may need any of them.</summary>
internal sealed class FileMessages : IMessageSource
{
    public const int MagicBytes = 6;
    const int BlockBytes = 24;
    const int MostFooter = 256 << 20;
    readonly Stream _content;
    readonly BodyScratch _scratch;
    readonly int _maxDepth;
    readonly List<(Block Block, bool IsDictionary)> _blocks;
    int _next;

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Block(long Offset, int Metadata, long Body)
    {
        public Int128 End => (Int128)Offset + Metadata + Body;
    }

    FileMessages(Stream content, ArrowSchema schema, BodyScratch scratch, int maxDepth, List<(Block Block, bool IsDictionary)> blocks) =>
        (_content, Schema, _scratch, _maxDepth, _blocks) = (content, schema, scratch, maxDepth, blocks);

    public static ReadOnlySpan<byte> Magic => "ARROW1"u8;

    public ArrowSchema Schema { get; }

    /// <param name="content">Can be sought.</param>
    public static async ValueTask<FileMessages> OpenAsync(Stream content, BodyScratch scratch, ArrowNotes notes, int maxDepth, CancellationToken cancellationToken)
    {
        var tail = new byte[4 + MagicBytes];
        if (content.Length < 8 + tail.Length)
            throw NoFooter();
        content.Position = content.Length - tail.Length;
        await content.ReadExactlyAsync(tail, cancellationToken);
        var length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        var start = content.Length - tail.Length - length;
        if (!tail.AsSpan(4).SequenceEqual(Magic) || length is < 4 or > MostFooter || start < 8)
            throw NoFooter();
        content.Position = start;
        var footer = await ContentBytes.ReadAsync(content, length, "the footer", cancellationToken);
        scratch.BytesRead += length;
        try
        {
            return Open(content, footer.AsSpan(0, length), start, scratch, notes, maxDepth);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(footer);
        }
    }

    static FileMessages Open(Stream content, ReadOnlySpan<byte> footer, long end, BodyScratch scratch, ArrowNotes notes, int maxDepth)
    {
        var table = FlatTable.Root(footer);
        if (!table.TryTable(1, out var schema))
            throw new InvalidDataException("The footer of the Arrow file has no schema.");
        if (table.Has(4))
            notes.AddMetadata(["that of the footer"]);
        var blocks = new List<(Block, bool)>();
        AddBlocks(table.Vector(2, BlockBytes), isDictionary: true, blocks);
        AddBlocks(table.Vector(3, BlockBytes), isDictionary: false, blocks);
        var last = (Int128)8;
        foreach (var (block, _) in blocks.OrderBy(b => b.Item1.Offset))
        {
            // A block that is read twice would make more rows than the file has.
            if (block.Offset < last || block.Metadata < 8 || block.Body < 0 || block.End > end)
                throw new InvalidDataException($"The footer of the Arrow file speaks of a batch at byte {block.Offset} with {block.Metadata} and {block.Body} bytes, which lies outside of the file or in another one.");
            last = block.End;
        }

        return new(content, SchemaMetadata.Read(schema, maxDepth), scratch, maxDepth, blocks);
    }

    static void AddBlocks(ReadOnlySpan<byte> stored, bool isDictionary, List<(Block, bool)> blocks)
    {
        for (var at = 0; at < stored.Length; at += BlockBytes)
        {
            blocks.Add((new(
                BinaryPrimitives.ReadInt64LittleEndian(stored[at..]), BinaryPrimitives.ReadInt32LittleEndian(stored[(at + 8)..]),
                BinaryPrimitives.ReadInt64LittleEndian(stored[(at + 16)..])), isDictionary));
        }
    }

    public async ValueTask<MessageBody?> NextAsync(CancellationToken cancellationToken)
    {
        if (_next == _blocks.Count)
            return null;
        var (block, isDictionary) = _blocks[_next++];
        var message = await MessageAsync(block, cancellationToken);
        if (message.Kind != (isDictionary ? MessageKind.DictionaryBatch : MessageKind.RecordBatch) || message.BodyLength > block.Body)
            throw new InvalidDataException($"At byte {block.Offset} the footer of the Arrow file expects {(isDictionary ? "a dictionary" : "rows")} of {block.Body} bytes; there is a message of kind {message.Kind} with {message.BodyLength}.");
        var start = block.Offset + block.Metadata;
        _scratch.BytesRead += block.Metadata + block.Body;
        if (message.BodyLength > BodyScratch.MostInMemory)
            return new(message, new StreamBytes(_content, start, message.BodyLength));
        _content.Position = start;
        var body = await ContentBytes.ReadAsync(_content, (int)message.BodyLength, $"the batch at byte {block.Offset}", cancellationToken);
        return new(message, new MemoryBytes(body.AsMemory(0, (int)message.BodyLength)), body);
    }

    async ValueTask<ArrowMessage> MessageAsync(Block block, CancellationToken cancellationToken)
    {
        _content.Position = block.Offset;
        var metadata = await ContentBytes.ReadAsync(_content, block.Metadata, $"the metadata at byte {block.Offset}", cancellationToken);
        try
        {
            var bytes = metadata.AsSpan(0, block.Metadata);
            var prefix = BinaryPrimitives.ReadInt32LittleEndian(bytes) == -1 ? 8 : 4; // before 0.15 there was no marker
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[(prefix - 4)..]);
            return length > 0 && length <= bytes.Length - prefix
                ? ArrowMessage.Read(bytes.Slice(prefix, length), _maxDepth)
                : throw new InvalidDataException($"The message at byte {block.Offset} of the Arrow file says that its metadata has {length} bytes; the footer says {block.Metadata}.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(metadata);
        }
    }

    static InvalidDataException NoFooter() => new("This is no complete Arrow file: it does not end in a footer and 'ARROW1'.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
