namespace DataIngestion.Conversion.Pipeline;

/// <summary>Counts what is read from the stored input. Seekable where the input is.</summary>
internal sealed class CountingStream(Stream inner, Action<long>? progress) : ReadOnlyStream
{
    long _count;

    /// <summary>Bytes read so far; may be asked from any thread.</summary>
    public long Count => Volatile.Read(ref _count);

    public override bool CanSeek => inner.CanSeek;

    public override long Length => inner.Length;

    public override long Position { get => inner.Position; set => inner.Position = value; }

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Counted(await inner.ReadAsync(buffer, cancellationToken));

    public override int Read(Span<byte> buffer) => Counted(inner.Read(buffer));

    int Counted(int read)
    {
        Volatile.Write(ref _count, _count + read);
        progress?.Invoke(_count);
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
