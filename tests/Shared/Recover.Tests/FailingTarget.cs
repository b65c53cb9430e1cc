namespace DataIngestion.Recover.Tests;

/// <summary>A target whose process is killed before one of its operations.</summary>
internal sealed class FailingTarget(IBackupTarget inner, int operations) : IBackupTarget
{
    int _left = operations;

    public string Name => inner.Name;

    public int Stored { get; private set; }

    public async Task<StoredObject> StoreAsync(Func<CancellationToken, Task<Stream>> open, CancellationToken cancellationToken)
    {
        Spend();
        Stored++;
        return await inner.StoreAsync(open, cancellationToken);
    }

    public Task<Stream?> TryOpenAsync(string name, CancellationToken cancellationToken)
    {
        Spend();
        return inner.TryOpenAsync(name, cancellationToken);
    }

    public Task WriteAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        Spend();
        return inner.WriteAsync(name, content, cancellationToken);
    }

    public Task<IReadOnlyList<string>> ListAsync(string below, CancellationToken cancellationToken) => inner.ListAsync(below, cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        Spend();
        return inner.DeleteAsync(name, cancellationToken);
    }

    void Spend()
    {
        if (Interlocked.Decrement(ref _left) < 0)
            throw new IOException("killed");
    }
}
