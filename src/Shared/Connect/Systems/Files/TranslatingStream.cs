using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>What is read of a file, with a library's exceptions turned into failures.</summary>
/// <param name="inner">The content.</param>
/// <param name="translate">The failure that an exception stands for; null for what is none of the system's.</param>
/// <param name="owner">What the content belongs to and goes with it, such as an answer; null for nothing.</param>
internal sealed class TranslatingStream(Stream inner, Func<Exception, StepFailedException?> translate, IDisposable? owner = null) : ReadOnlyStream(inner)
{
    readonly Stream _inner = inner;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && translate(exception) is not null)
        {
            throw translate(exception)!;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await _inner.DisposeAsync();
        }
        catch (Exception exception) when (translate(exception) is not null)
        {
            // What was read stands; a connection that broke meanwhile says so when it is used next.
        }

        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            owner?.Dispose();
    }
}
