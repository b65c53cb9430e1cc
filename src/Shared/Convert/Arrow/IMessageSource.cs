using System.Buffers;
using DataIngestion.Conversion.Arrow.Metadata;

namespace DataIngestion.Conversion.Arrow;

/// <summary>The messages of a file or stream, one after the other.</summary>
internal interface IMessageSource : IAsyncDisposable
{
    ArrowSchema Schema { get; }

    /// <summary>The next batch; null at the end.</summary>
    ValueTask<MessageBody?> NextAsync(CancellationToken cancellationToken);
}

/// <summary>A message with its body, which is good until it is disposed.</summary>
internal sealed class MessageBody(ArrowMessage message, ArrowBytes bytes, byte[]? rented = null, Stream? spilled = null) : IDisposable
{
    public ArrowMessage Message => message;

    public ArrowBytes Bytes => bytes;

    public void Dispose()
    {
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        spilled?.Dispose();
    }
}
