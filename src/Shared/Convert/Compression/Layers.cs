using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Compression;

/// <summary>Takes all compression off an input.</summary>
internal static class Layers
{
    /// <summary>The content: the input itself where it is not compressed, otherwise decompressed ahead on a thread of its own. Closing it closes the input.</summary>
    /// <exception cref="ConversionException">There are too many layers.</exception>
    public static Stream Open(CountingStream stored, FormatFinding finding, ConversionLimits limits)
    {
        var layers = finding.Compression?.Split(Compressions.Separator) ?? [];
        if (layers.Length == 0)
            return stored;
        if (layers.Length > limits.MaxLayers)
            throw new ConversionException($"The content is compressed {layers.Length} times ({finding.Compression}): at most {limits.MaxLayers} are opened.");
        var opened = new Stack<Stream>([stored]);
        foreach (var compression in layers)
        {
            var outer = opened.Peek();
            opened.Push(new LayerStream(
                compression,
                () => compression == Compressions.Zip ? ZipInput.Open(outer, finding.Entry, limits).Decoder : Compressions.Open(compression, new CompressedInput(outer)),
                stored,
                limits));
        }

        return new ReadAheadStream(new Chain(opened));
    }

    /// <summary>The innermost stream, which closes those around it.</summary>
    sealed class Chain(Stack<Stream> streams) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => streams.Peek().Read(buffer);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => streams.Peek().ReadAsync(buffer, cancellationToken);

        public override async ValueTask DisposeAsync()
        {
            foreach (var stream in streams)
                await stream.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                foreach (var stream in streams)
                    stream.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
