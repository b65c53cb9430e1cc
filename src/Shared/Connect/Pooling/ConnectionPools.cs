namespace DataIngestion.Connect;

/// <summary>
/// The pools of all sources, at most <see cref="ConnectionPoolOptions.MaxPools"/>. Where one more is needed, the least recently used that
/// nobody uses makes room. Is each in use, the newcomer waits in line, and for each in line the pool that should be free soonest takes no
/// new callers: so a busy source cannot keep others out, and the other pools go on as before.
/// </summary>
/// <typeparam name="T">The connections.</typeparam>
internal sealed class ConnectionPools<T> : IAsyncDisposable, IDisposable
    where T : class, IAsyncDisposable
{
    readonly Lock _lock = new();
    readonly Dictionary<string, Entry> _pools = new(StringComparer.Ordinal);
    readonly LinkedList<Newcomer> _line = [];
    readonly ConnectionPoolOptions _options;
    readonly TimeProvider _time;
    readonly ITimer _sweeper;
    int _sweeping;
    long _evicted;
    bool _disposed;

    public ConnectionPools(ConnectionPoolOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _sweeper = time.CreateTimer(_ => _ = SweepAsync(), null, options.SweepInterval, options.SweepInterval);
    }

    /// <summary>Pools closed to make room for others.</summary>
    public long Evicted => Interlocked.Read(ref _evicted);

    /// <summary>Callers who wait for a pool.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _line.Count;
        }
    }

    /// <summary>All pools, by key.</summary>
    public IReadOnlyList<(string Key, ConnectionPoolState State)> States
    {
        get
        {
            lock (_lock)
                return [.. _pools.Select(p => (p.Key, p.Value.Pool.State))];
        }
    }

    /// <summary>A connection of the pool with that key, which is made if need be.</summary>
    /// <param name="key">Says which connections are alike.</param>
    /// <param name="max">Connections that it may have.</param>
    /// <param name="handlers">How they are opened; those of the first caller stay.</param>
    /// <param name="cancellationToken">Stops the waiting and the opening.</param>
    public async Task<ConnectionLease<T>> RentAsync(string key, int max, PoolHandlers<T> handlers, CancellationToken cancellationToken)
    {
        var entry = await EnterAsync(key, max, handlers, cancellationToken);
        try
        {
            var lease = await entry.Pool.RentAsync(cancellationToken);
            lease.Returned = () => Leave(key, entry);
            return lease;
        }
        catch
        {
            Leave(key, entry);
            throw;
        }
    }

    /// <summary>The connections of that key are not given out again; those opened from now on are.</summary>
    public void Expire(string key)
    {
        lock (_lock)
        {
            if (_pools.TryGetValue(key, out var entry))
                entry.Pool.Expire();
        }
    }

    /// <summary>Looks after the idle connections of all pools, and forgets pools that have none and are not used.</summary>
    public async Task SweepAsync()
    {
        if (Interlocked.Exchange(ref _sweeping, 1) != 0)
            return; // the last one has not ended yet
        try
        {
            List<ConnectionPool<T>> pools;
            lock (_lock)
                pools = [.. _pools.Values.Select(p => p.Pool)];
            await Task.WhenAll(pools.Select(p => p.SweepAsync()));
            lock (_lock)
            {
                foreach (var (key, entry) in _pools.ToList())
                {
                    if (entry.Users == 0 && entry.Pool.State.Open == 0 && _time.GetElapsedTime(entry.Pool.LastUsed) > _options.IdleTimeout)
                        _pools.Remove(key);
                }
            }
        }
        finally
        {
            Volatile.Write(ref _sweeping, 0);
        }
    }

    /// <summary>Closes everything, in at most about <see cref="ConnectionPoolOptions.CloseTimeout"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        List<ConnectionPool<T>> pools;
        List<Newcomer> waiting;
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            pools = [.. _pools.Values.Select(p => p.Pool)];
            waiting = [.. _line];
            _pools.Clear();
            _line.Clear();
        }

        await _sweeper.DisposeAsync();
        foreach (var newcomer in waiting)
            newcomer.Turn.TrySetException(new ObjectDisposedException(nameof(ConnectionPools<>), "The connections are being closed."));
        await Task.WhenAll(pools.Select(p => p.DisposeAsync().AsTask()));
    }

    /// <summary>For containers that are disposed of in the old way.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    async Task<Entry> EnterAsync(string key, int max, PoolHandlers<T> handlers, CancellationToken cancellationToken)
    {
        Newcomer newcomer;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (TryEnter(key, max, handlers) is { } entry)
                return entry;
            newcomer = new(key, max, handlers);
            newcomer.Place = _line.AddLast(newcomer);
            _pools.Values.Where(p => !p.IsClosing).OrderBy(p => p.Users).ThenBy(p => p.Pool.LastUsed).FirstOrDefault()?.IsClosing = true;
        }

        await using var registration = cancellationToken.UnsafeRegister(_ => GiveUp(newcomer, cancellationToken), null);
        var served = await newcomer.Turn.Task;
        if (cancellationToken.IsCancellationRequested)
        {
            Leave(key, served);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return served;
    }

    // Under the lock.
    Entry? TryEnter(string key, int max, PoolHandlers<T> handlers)
    {
        if (_pools.TryGetValue(key, out var entry))
        {
            if (entry.IsClosing)
                return null;
            entry.Users++;
            return entry;
        }

        if (_pools.Count >= _options.MaxPools)
        {
            var idle = _pools.Where(p => p.Value.Users == 0).OrderBy(p => p.Value.Pool.LastUsed).Select(p => p.Key).FirstOrDefault();
            if (idle is null)
                return null;
            Remove(idle);
        }

        return _pools[key] = new(new(handlers, _options, max, _time)) { Users = 1 };
    }

    void Remove(string key)
    {
        if (!_pools.Remove(key, out var gone))
            return;
        _evicted++;
        _ = gone.Pool.DisposeAsync().AsTask(); // bounded in time, and never fails
    }

    void Leave(string key, Entry entry)
    {
        lock (_lock)
        {
            if (--entry.Users > 0 || _line.Count == 0 || _disposed)
                return;
            if (_pools.TryGetValue(key, out var mine) && ReferenceEquals(mine, entry))
                Remove(key);
            Serve();
        }
    }

    void GiveUp(Newcomer newcomer, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (newcomer.Place?.List is null)
                return;
            _line.Remove(newcomer.Place);
            // One less to make room for.
            if (_pools.Values.FirstOrDefault(p => p.IsClosing) is { } spared)
                spared.IsClosing = false;
            Serve();
        }

        newcomer.Turn.TrySetCanceled(cancellationToken);
    }

    // Those in line, in order; whoever still finds no room does not hold up those whose pool is there.
    void Serve()
    {
        for (var place = _line.First; place is not null;)
        {
            var (next, newcomer) = (place.Next, place.Value);
            if (TryEnter(newcomer.Key, newcomer.Max, newcomer.Handlers) is { } entry)
            {
                _line.Remove(place);
                newcomer.Turn.TrySetResult(entry);
            }

            place = next;
        }

        if (_line.Count == 0)
        {
            foreach (var entry in _pools.Values)
                entry.IsClosing = false;
        }
    }

    sealed class Entry(ConnectionPool<T> pool)
    {
        public ConnectionPool<T> Pool { get; } = pool;

        /// <summary>Callers who have a connection of it or wait for one.</summary>
        public int Users { get; set; }

        /// <summary>Takes no new callers, so that somebody in line gets its place.</summary>
        public bool IsClosing { get; set; }
    }

    sealed class Newcomer(string key, int max, PoolHandlers<T> handlers)
    {
        public string Key { get; } = key;

        public int Max { get; } = max;

        public PoolHandlers<T> Handlers { get; } = handlers;

        public TaskCompletionSource<Entry> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LinkedListNode<Newcomer>? Place { get; set; }
    }
}
