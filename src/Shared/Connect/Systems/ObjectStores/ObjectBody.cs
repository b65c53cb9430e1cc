using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>The content of an object on its way: it breaks with the store's failure, and takes the answer it belongs to with it.</summary>
/// <param name="inner">The body.</param>
/// <param name="answer">What it belongs to.</param>
/// <param name="failureOf">The failure that an exception stands for.</param>
internal sealed class ObjectBody(Stream inner, IDisposable? answer, Func<Exception, StepFailedException> failureOf) : ReadOnlyStream(inner)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw failureOf(fault);
        }
    }

    protected override void OnRead(ReadOnlySpan<byte> bytes, bool isEnd)
    {
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            answer?.Dispose();
    }
}
