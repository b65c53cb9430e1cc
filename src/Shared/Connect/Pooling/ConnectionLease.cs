namespace DataIngestion.Connect;

/// <summary>A connection and what its pool knows of it.</summary>
internal sealed class PooledConnection<T>(T connection, long now, int generation)
    where T : class, IAsyncDisposable
{
    public T Connection { get; } = connection;

    /// <summary>How often the pool had been told to open anew when this one was opened.</summary>
    public int Generation { get; } = generation;

    public long OpenedAt { get; } = now;

    /// <summary>When it was last given back.</summary>
    public long UsedAt { get; set; } = now;

    /// <summary>When it last was known to be well.</summary>
    public long WellAt { get; set; } = now;
}

/// <summary>A rented connection. Without <see cref="MarkClean"/> it is closed when given back: nobody knows what state it was left in.</summary>
internal sealed class ConnectionLease<T>(ConnectionPool<T> pool, PooledConnection<T> held) : IDisposable
    where T : class, IAsyncDisposable
{
    bool _isClean;
    int _returned;

    public T Connection => held.Connection;

    /// <summary>Called when giving it back, and once only.</summary>
    public Action? Returned { get; set; }

    /// <summary>The work on it ended well: the next caller may have it.</summary>
    public void MarkClean() => _isClean = true;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _returned, 1) != 0)
            return;
        pool.GiveBack(held, _isClean);
        Returned?.Invoke();
    }
}
