using DataIngestion.Conversion.Columns;
using DataIngestion.Conversion.Formats;

namespace DataIngestion.Conversion.Arrow;

/// <summary>Apache Arrow IPC: the file format, which is also Feather V2, and the streaming format (Columnar.rst, Message.fbs, File.fbs of Arrow 1.5).</summary>
internal sealed class ArrowFormat : IColumnFormat
{
    public string Name => "arrow";

    public bool IsText => false;

    public bool NeedsSeek => false;

    public bool UsesSeek => true;

    public async ValueTask<IColumnReader> OpenAsync(Stream content, FormatContext context, CancellationToken cancellationToken)
    {
        var head = new byte[4];
        var read = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        if (read < head.Length)
            throw new InvalidDataException($"The Arrow content has {read} bytes: it is empty or cut off.");
        if (head.AsSpan().SequenceEqual("FEA1"u8))
            throw new NotSupportedException("This is a Feather V1 file, which Arrow gave up in 2020 and is not read: write it again as Feather V2 (pyarrow.feather.write_feather).");
        var (scratch, notes, maxDepth) = (new BodyScratch(context.Limits), new ArrowNotes(context.Limits.MaxColumns), context.Limits.MaxDepth);
        if (!FileMessages.Magic.StartsWith(head))
            return new ArrowReader(await StreamMessages.OpenAsync(content, head, scratch, notes, maxDepth, cancellationToken), scratch, notes, context);
        if (content.CanSeek)
            return new ArrowReader(await FileMessages.OpenAsync(content, scratch, notes, maxDepth, cancellationToken), scratch, notes, context);
        var copy = await SeekableContent.CopyAsync(new ContinuedStream(head, content), cancellationToken);
        try
        {
            return new ArrowReader(new CopiedFile(await FileMessages.OpenAsync(copy, scratch, notes, maxDepth, cancellationToken), copy), scratch, notes, context);
        }
        catch
        {
            await copy.DisposeAsync();
            throw;
        }
    }

    /// <summary>A file whose copy goes when it was read.</summary>
    sealed class CopiedFile(FileMessages file, Stream copy) : IMessageSource
    {
        public Metadata.ArrowSchema Schema => file.Schema;

        public ValueTask<MessageBody?> NextAsync(CancellationToken cancellationToken) => file.NextAsync(cancellationToken);

        public ValueTask DisposeAsync() => copy.DisposeAsync();
    }

    /// <summary>What was read of a stream already, and the rest of it.</summary>
    sealed class ContinuedStream(byte[] head, Stream rest) : Pipeline.ReadOnlyStream
    {
        int _at;

        public override int Read(Span<byte> buffer)
        {
            if (_at == head.Length)
                return rest.Read(buffer);
            var take = Math.Min(buffer.Length, head.Length - _at);
            head.AsSpan(_at, take).CopyTo(buffer);
            _at += take;
            return take;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _at == head.Length ? rest.ReadAsync(buffer, cancellationToken) : new(Read(buffer.Span));
    }
}
