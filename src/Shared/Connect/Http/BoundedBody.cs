using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>A response body that stops at a size and tells a broken connection from every other fault.</summary>
internal sealed class BoundedBody(Stream inner, long limit, string display) : Stream
{
    long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public static StepFailedException TooLarge(string display, long limit) => new(new()
    {
        Code = "response-too-large",
        Message = $"The answer of {display} is over {limit:N0} bytes: ask for smaller pages, or raise 'maxResponseBytes'.",
    });

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return Count(await inner.ReadAsync(buffer, cancellationToken));
        }
        catch (Exception fault) when (IsBroken(fault))
        {
            throw Broken(fault);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Count(inner.Read(buffer));
        }
        catch (Exception fault) when (IsBroken(fault))
        {
            throw Broken(fault);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    int Count(int bytes)
    {
        _read += bytes;
        return _read <= limit ? bytes : throw TooLarge(display, limit);
    }

    // InvalidDataException comes from the decompressors, for instance when the compressed bytes break off.
    static bool IsBroken(Exception fault) => fault is IOException or HttpRequestException or InvalidDataException;

    StepFailedException Broken(Exception fault) => new(
        new()
        {
            Code = "source-unavailable",
            Message = $"The answer of {display} broke off after {_read:N0} bytes: expected more.",
            IsTransient = true,
            ErrorType = fault.GetType().Name,
        },
        fault);
}
