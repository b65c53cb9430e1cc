namespace DataIngestion.Connect;

/// <summary>What comes over a data connection. Its end counts once the server has said that it is the end.</summary>
internal sealed class FtpData(Stream data, FtpControl control, string what) : Stream
{
    bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = _ended ? 0 : await data.ReadAsync(buffer, cancellationToken);
        if (read > 0 || _ended || buffer.Length == 0)
            return read;
        _ended = true;
        await data.DisposeAsync();
        var reply = await control.FinishAsync(cancellationToken);
        control.Ready();
        control.Expect(reply, what);
        return 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // One that is left before its end leaves the control connection unusable: the next command opens another.
    public override async ValueTask DisposeAsync()
    {
        await data.DisposeAsync();
        await base.DisposeAsync();
    }
}
