namespace DataIngestion.Connect.Tests.Pooling;

/// <summary>A source that counts its connections.</summary>
internal sealed class FakeConnections
{
    int _open;
    int _most;
    int _opened;

    public int Open => Volatile.Read(ref _open);

    public int Most => Volatile.Read(ref _most);

    public int Opened => Volatile.Read(ref _opened);

    public bool IsDown { get; set; }

    public Func<CancellationToken, Task>? Opening { get; set; }

    public Func<Task>? Closing { get; set; }

    public PoolHandlers<FakeConnection> Handlers => new(OpenAsync, (connection, stop) => connection.ProbeAsync(stop), connection => !connection.IsSpent);

    async Task<FakeConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var now = Interlocked.Increment(ref _open);
        for (var seen = Volatile.Read(ref _most); now > seen; seen = Volatile.Read(ref _most))
            Interlocked.CompareExchange(ref _most, now, seen);
        try
        {
            await (Opening?.Invoke(cancellationToken) ?? Task.CompletedTask);
            if (IsDown)
                throw new IOException("refused");
            return new(this, Interlocked.Increment(ref _opened));
        }
        catch
        {
            Interlocked.Decrement(ref _open);
            throw;
        }
    }

    public async ValueTask CloseAsync()
    {
        await (Closing?.Invoke() ?? Task.CompletedTask);
        Interlocked.Decrement(ref _open);
    }
}

internal sealed class FakeConnection(FakeConnections source, int number) : IAsyncDisposable
{
    int _users;
    int _closed;

    public int Number { get; } = number;

    public bool IsBroken { get; set; }

    public bool IsSpent { get; set; }

    public int Probes { get; private set; }

    public Task ProbeAsync(CancellationToken cancellationToken)
    {
        Probes++;
        return IsBroken ? Task.FromException(new IOException("reset")) : Task.CompletedTask;
    }

    /// <summary>Uses it; two users at once are a fault of the pool.</summary>
    public async Task UseAsync(Func<Task> work)
    {
        Assert.Equal(1, Interlocked.Increment(ref _users));
        Assert.Equal(0, Volatile.Read(ref _closed));
        await work();
        Interlocked.Decrement(ref _users);
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Equal(0, Interlocked.Exchange(ref _closed, 1));
        await source.CloseAsync();
    }
}
