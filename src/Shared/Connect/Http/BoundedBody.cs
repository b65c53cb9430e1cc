using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>A response body that stops at a size and tells a broken connection from every other fault.</summary>
internal sealed class BoundedBody(Stream inner, long limit, string display) : ReadOnlyStream(inner)
{
    long _read;

    public static StepFailedException TooLarge(string display, long limit) => new(new()
    {
        Code = "response-too-large",
        Message = $"The answer of {display} is over {limit:N0} bytes: ask for smaller pages, or raise 'maxResponseBytes'.",
    });

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception fault) when (IsBroken(fault))
        {
            throw Broken(fault);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return base.Read(buffer);
        }
        catch (Exception fault) when (IsBroken(fault))
        {
            throw Broken(fault);
        }
    }

    protected override void OnRead(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        _read += bytes.Length;
        if (_read > limit)
            throw TooLarge(display, limit);
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
