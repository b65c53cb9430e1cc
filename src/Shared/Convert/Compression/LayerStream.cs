using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Compression;

/// <summary>One layer as a stream: stops a small input from becoming an endless one, and gives damage a name. Opened at the first read.</summary>
internal sealed class LayerStream(string compression, Func<LayerDecoder> open, CountingStream stored, ConversionLimits limits) : ReadOnlyStream
{
    const long Free = 64 << 20;

    LayerDecoder? _decoder;
    long _count;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        try
        {
            _decoder ??= open();
            return Check(_decoder.Read(buffer));
        }
        catch (CompressionDamage damage)
        {
            throw new ConversionException(
                _count == 0
                    ? $"The {compression} compression cannot be read: {damage.Message}."
                    : $"The {compression} compression is damaged: {damage.Message}. The {_count} decompressed bytes before that can be read.",
                inner: damage);
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    int Check(int read)
    {
        _count += read;
        if (_count > limits.MaxDecompressedBytes)
            throw new ConversionException($"The content is larger than {limits.MaxDecompressedBytes} bytes when decompressed; the limit 'decompressedBytes' says where to stop.");
        if (_count > Free && _count / limits.MaxDecompressionRatio > stored.Count)
            throw new ConversionException(
                $"The content grows more than {limits.MaxDecompressionRatio} times when decompressed ({stored.Count} to {_count} bytes so far); the limit 'decompressionRatio' says how often it may.");
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _decoder?.Dispose();
        base.Dispose(disposing);
    }
}
