namespace DataIngestion.Conversion.Arrow;

/// <summary>Bytes that are read here and there. What a call gives is good until the next call.</summary>
internal abstract class ArrowBytes(long length)
{
    public static ArrowBytes Empty { get; } = new MemoryBytes(default);

    public long Length { get; } = length;

    /// <exception cref="InvalidDataException">They are not all there.</exception>
    public ReadOnlySpan<byte> Slice(long at, long count)
    {
        if (at < 0 || count < 0 || at > Length - count)
            throw new InvalidDataException($"A buffer of an Arrow batch has {Length} bytes; bytes {at} to {(Int128)at + count} are wanted of it.");
        return count == 0 ? default : Read(at, checked((int)count));
    }

    /// <summary>Some of them, to be read by themselves.</summary>
    public abstract ArrowBytes Part(long at, long length);

    protected abstract ReadOnlySpan<byte> Read(long at, int count);
}

/// <summary>Bytes in memory.</summary>
internal sealed class MemoryBytes(ReadOnlyMemory<byte> memory) : ArrowBytes(memory.Length)
{
    public override ArrowBytes Part(long at, long length) => new MemoryBytes(memory.Slice((int)at, (int)length));

    protected override ReadOnlySpan<byte> Read(long at, int count) => memory.Span.Slice((int)at, count);
}

/// <summary>Bytes of a stream that can be sought, so that a large batch needs no memory.</summary>
internal sealed class StreamBytes(Stream stream, long start, long length) : ArrowBytes(length)
{
    byte[] _read = [];

    public override ArrowBytes Part(long at, long length) => new StreamBytes(stream, start + at, length);

    protected override ReadOnlySpan<byte> Read(long at, int count)
    {
        if (_read.Length < count)
            _read = new byte[Math.Max(count, Math.Min(_read.Length * 2, 1 << 20))];
        stream.Position = start + at;
        var read = stream.ReadAtLeast(_read.AsSpan(0, count), count, throwOnEndOfStream: false);
        return read == count ? _read.AsSpan(0, count) : throw new InvalidDataException($"The Arrow content is cut off at byte {start + at + read}.");
    }
}
