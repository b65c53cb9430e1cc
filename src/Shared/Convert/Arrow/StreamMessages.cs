using System.Buffers;
using System.Buffers.Binary;
using DataIngestion.Conversion.Arrow.Metadata;

namespace DataIngestion.Conversion.Arrow;

/// <summary>The streaming format: message after message, with the marker of 0.15 and later before each length or without it. Nothing is sought.</summary>
internal sealed class StreamMessages : IMessageSource
{
    const int MostMetadata = 256 << 20;
    readonly Stream _content;
    readonly byte[] _length = new byte[4];
    readonly BodyScratch _scratch;
    readonly ArrowNotes _notes;
    readonly int _maxDepth;
    int _begun;
    long _position;
    bool _ended;

    StreamMessages(Stream content, ReadOnlyMemory<byte> begun, BodyScratch scratch, ArrowNotes notes, int maxDepth)
    {
        (_content, _scratch, _notes, _maxDepth) = (content, scratch, notes, maxDepth);
        begun.CopyTo(_length);
        _begun = begun.Length;
    }

    public ArrowSchema Schema { get; private set; } = null!;

    /// <param name="begun">What was read of the content to find out what it is: at most four bytes.</param>
    public static async ValueTask<StreamMessages> OpenAsync(
        Stream content, ReadOnlyMemory<byte> begun, BodyScratch scratch, ArrowNotes notes, int maxDepth, CancellationToken cancellationToken)
    {
        var messages = new StreamMessages(content, begun, scratch, notes, maxDepth);
        var first = await messages.MessageAsync(cancellationToken);
        messages.Schema = first?.Schema ?? throw new InvalidDataException("The Arrow stream does not begin with a schema.");
        if (first.BodyLength > 0)
            (await messages.BodyAsync(first, cancellationToken)).Dispose();
        return messages;
    }

    public async ValueTask<MessageBody?> NextAsync(CancellationToken cancellationToken)
    {
        if (_ended || await MessageAsync(cancellationToken) is not { } message)
            return null;
        if (message.Schema is not null)
            throw new InvalidDataException($"The Arrow stream has a second schema before byte {_position}.");
        return await BodyAsync(message, cancellationToken);
    }

    async ValueTask<ArrowMessage?> MessageAsync(CancellationToken cancellationToken)
    {
        if (await LengthAsync(cancellationToken) is not { } length)
            return null;
        if (length == -1)
            length = await LengthAsync(cancellationToken) ?? throw new InvalidDataException("The Arrow stream is cut off behind the marker of a message.");
        if (length == 0)
        {
            _ended = true;
            if (await _content.ReadAsync(_length.AsMemory(0, 1), cancellationToken) > 0)
                throw new InvalidDataException($"Other bytes follow the end of the Arrow stream at byte {_position}: streams that were put together must be read one by one.");
            return null;
        }

        if (length is < 0 or > MostMetadata)
            throw new InvalidDataException($"This is no Arrow stream, or a damaged one: a message before byte {_position} has {length} bytes of metadata.");
        var metadata = await ContentBytes.ReadAsync(_content, length, $"the metadata of the message at byte {_position}", cancellationToken);
        _position += length;
        _scratch.BytesRead += length;
        try
        {
            return ArrowMessage.Read(metadata.AsSpan(0, length), _maxDepth);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(metadata);
        }
    }

    /// <summary>The next four bytes; null where the content ends before them.</summary>
    async ValueTask<int?> LengthAsync(CancellationToken cancellationToken)
    {
        var read = _begun + await _content.ReadAtLeastAsync(_length.AsMemory(_begun), 4 - _begun, throwOnEndOfStream: false, cancellationToken);
        _begun = 0;
        if (read == 0)
        {
            _ended = true;
            if (_position > 0)
                _notes.Add("the stream ends without its end mark: whether messages are missing cannot be seen");
            return null;
        }

        if (read < 4)
            throw new InvalidDataException($"The Arrow stream is cut off at byte {_position + read}.");
        _position += 4;
        _scratch.BytesRead += 4;
        return BinaryPrimitives.ReadInt32LittleEndian(_length);
    }

    async ValueTask<MessageBody> BodyAsync(ArrowMessage message, CancellationToken cancellationToken)
    {
        var (length, what) = (message.BodyLength, $"the body of the message at byte {_position}");
        _position += length;
        if (length <= BodyScratch.MostInMemory)
        {
            var bytes = await ContentBytes.ReadAsync(_content, (int)length, what, cancellationToken);
            _scratch.BytesRead += length;
            return new(message, new MemoryBytes(bytes.AsMemory(0, (int)length)), bytes);
        }

        var file = await ContentBytes.SpillAsync(_content, length, what, cancellationToken);
        _scratch.BytesRead += length;
        return new(message, new StreamBytes(file, 0, length), spilled: file);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
