namespace DataIngestion.Connect;

/// <summary>
/// The connections of one source. Whoever comes first is served first: a connection that is given back goes to the first in line, or
/// leave to open a new one does when it is not fit for use; nobody who comes later can pass. So there is never a line beside an idle
/// connection or a free place.
/// </summary>
/// <remarks>A place is counted from the decision to open until its connection has been given up, so there are never more than <c>max</c>.</remarks>
internal sealed class ConnectionPool<T> : IAsyncDisposable
    where T : class, IAsyncDisposable
{
    readonly Lock _lock = new();
    readonly LinkedList<Waiter> _line = [];
    readonly List<PooledConnection<T>> _idle = []; // a stack: the rest lie long enough to be evicted
    readonly PoolHandlers<T> _handlers;
    readonly ConnectionPoolOptions _options;
    readonly TimeProvider _time;
    readonly int _max;
    readonly CancellationTokenSource _stop = new();
    readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _open;
    long _opened;
    long _evicted;
    long _broken;
    long _lastUsed;
    int _generation;
    bool _disposed;

    public ConnectionPool(PoolHandlers<T> handlers, ConnectionPoolOptions options, int max, TimeProvider time)
    {
        (_handlers, _options, _time, _max) = (handlers, options, time, Math.Min(max, options.MaxPerPool));
        _lastUsed = time.GetTimestamp();
    }

    public ConnectionPoolState State
    {
        get
        {
            lock (_lock)
                return new(_max, _open, _idle.Count, _line.Count, Interlocked.Read(ref _opened), Interlocked.Read(ref _evicted), Interlocked.Read(ref _broken));
        }
    }

    /// <summary>When a connection was last asked for or given back, for comparison only.</summary>
    public long LastUsed => Interlocked.Read(ref _lastUsed);

    /// <summary>A connection for the caller alone, to be disposed when done. Waits in line when all are taken.</summary>
    /// <exception cref="ObjectDisposedException">The pool is closed.</exception>
    public async Task<ConnectionLease<T>> RentAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var held = await TakeAsync(cancellationToken);
        while (held is not null)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                Return(held, keep: true, isClean: true);
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (await IsFitAsync(held, cancellationToken))
                return new(this, held);
            await CloseAsync(held); // before another is opened in its place: the source may count it until then
            held = TakeIdle();
        }

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new(this, await OpenAsync(cancellationToken));
        }
        catch
        {
            ReleasePlace();
            throw;
        }
    }

    /// <summary>Takes a connection back.</summary>
    /// <param name="held">The connection.</param>
    /// <param name="isClean">Whether the work on it ended well; otherwise nobody knows what state it is in, and it is closed.</param>
    internal void GiveBack(PooledConnection<T> held, bool isClean)
    {
        var now = _time.GetTimestamp();
        Interlocked.Exchange(ref _lastUsed, now);
        var keep = isClean && _handlers.IsReusable(held.Connection);
        if (keep)
            held.UsedAt = held.WellAt = now;
        Return(held, keep, isClean);
    }

    /// <summary>No connection opened before now is given out again: the secrets that they were opened with have changed.</summary>
    public void Expire() => Interlocked.Increment(ref _generation);

    /// <summary>Closes what lay or lived too long, probes what has lain for a while, and opens what is missing.</summary>
    public async Task SweepAsync()
    {
        List<PooledConnection<T>> gone = [];
        List<PooledConnection<T>> doubtful = [];
        var missing = 0;
        lock (_lock)
        {
            if (_disposed)
                return;
            for (var i = 0; i < _idle.Count;)
            {
                var held = _idle[i];
                if (IsOld(held) || (IsOver(held.UsedAt, _options.IdleTimeout) && _open - gone.Count > _options.MinIdle))
                {
                    gone.Add(held);
                    _idle.RemoveAt(i);
                    Interlocked.Increment(ref _evicted);
                }
                else if (IsOver(held.WellAt, _options.ProbeAfter))
                {
                    doubtful.Add(held); // taken: it counts as used while it is probed
                    _idle.RemoveAt(i);
                }
                else
                {
                    i++;
                }
            }

            missing = Math.Max(0, Math.Min(_options.MinIdle, _max) - (_open - gone.Count));
            missing = Math.Min(missing, _max - _open); // the others follow with the next sweep
            _open += missing;
        }

        await Task.WhenAll([
            .. gone.Select(CloseAndReleaseAsync),
            .. doubtful.Select(ProbeIdleAsync),
            .. Enumerable.Range(0, missing).Select(_ => WarmAsync()),
        ]);
    }

    /// <summary>Closes the idle ones, sends those in line away, and waits for the others; not longer than <see cref="ConnectionPoolOptions.CloseTimeout"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        List<PooledConnection<T>> idle;
        List<Waiter> waiting;
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            idle = [.. _idle];
            waiting = [.. _line];
            _idle.Clear();
            _line.Clear();
            _open -= idle.Count;
            if (_open == 0)
                _empty.TrySetResult();
        }

        await _stop.CancelAsync();
        foreach (var waiter in waiting)
            waiter.Turn.TrySetException(new ObjectDisposedException(nameof(ConnectionPool<>), "The connections of this source are being closed."));
        await Task.WhenAll(idle.Select(CloseAsync));
        await Task.WhenAny(_empty.Task, Task.Delay(_options.CloseTimeout, _time));
    }

    // A connection; or null, which is leave to open one in the place that has been taken.
    async Task<PooledConnection<T>?> TakeAsync(CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Interlocked.Exchange(ref _lastUsed, _time.GetTimestamp());
            if (PopIdle() is { } held)
                return held;
            if (_open < _max)
            {
                _open++;
                return null;
            }

            waiter = new();
            waiter.Place = _line.AddLast(waiter);
        }

        await using var registration = cancellationToken.UnsafeRegister(_ => GiveUp(waiter, cancellationToken), null);
        return await waiter.Turn.Task;
    }

    // Whoever has been served in the meantime stays served, and notices the cancellation afterwards.
    void GiveUp(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (waiter.Place?.List is null)
                return;
            _line.Remove(waiter.Place);
        }

        waiter.Turn.TrySetCanceled(cancellationToken);
    }

    // The caller keeps its place.
    PooledConnection<T>? TakeIdle()
    {
        lock (_lock)
        {
            if (PopIdle() is not { } held)
                return null;
            _open--;
            return held;
        }
    }

    PooledConnection<T>? PopIdle()
    {
        if (_idle is not [.., var held])
            return null;
        _idle.RemoveAt(_idle.Count - 1);
        return held;
    }

    async Task<bool> IsFitAsync(PooledConnection<T> held, CancellationToken cancellationToken)
    {
        if (IsOld(held) || IsOver(held.UsedAt, _options.IdleTimeout))
        {
            Interlocked.Increment(ref _evicted);
            return false;
        }

        return !IsOver(held.WellAt, _options.ProbeAfter) || await IsWellAsync(held, cancellationToken);
    }

    async Task<bool> IsWellAsync(PooledConnection<T> held, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_options.ProbeTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await _handlers.ProbeAsync(held.Connection, either.Token).WaitAsync(either.Token);
            held.WellAt = _time.GetTimestamp();
            return true;
        }
        catch (Exception) // whatever it is: the next connection will tell, if it is the source
        {
            Interlocked.Increment(ref _broken);
            return false;
        }
    }

    async Task<PooledConnection<T>> OpenAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, cancellationToken);
        var generation = Volatile.Read(ref _generation);
        var connection = await _handlers.OpenAsync(either.Token);
        Interlocked.Increment(ref _opened);
        return new(connection, _time.GetTimestamp(), generation);
    }

    async Task ProbeIdleAsync(PooledConnection<T> held)
    {
        var well = await IsWellAsync(held, CancellationToken.None);
        Return(held, well, isClean: true);
    }

    async Task WarmAsync()
    {
        try
        {
            Return(await OpenAsync(CancellationToken.None), keep: true, isClean: true);
        }
        catch (Exception) // whoever needs one opens it, and is told why it cannot be
        {
            ReleasePlace();
        }
    }

    void Return(PooledConnection<T> held, bool keep, bool isClean)
    {
        lock (_lock)
        {
            keep &= !_disposed && !IsOld(held);
            if (keep)
            {
                if (NextInLine() is { } next)
                    next.Turn.SetResult(held);
                else
                    _idle.Add(held);
                return;
            }

            if (!isClean)
                Interlocked.Increment(ref _broken);
        }

        // Its place is free only once it is closed: the source may count it until then.
        _ = CloseAndReleaseAsync(held);
    }

    async Task CloseAndReleaseAsync(PooledConnection<T> held)
    {
        await CloseAsync(held);
        ReleasePlace();
    }

    void ReleasePlace()
    {
        lock (_lock)
        {
            if (NextInLine() is { } next)
            {
                next.Turn.SetResult(null);
                return;
            }

            _open--;
            if (_disposed && _open == 0)
                _empty.TrySetResult();
        }
    }

    Waiter? NextInLine()
    {
        if (_line.First is not { } first)
            return null;
        _line.RemoveFirst();
        return first.Value;
    }

    bool IsOld(PooledConnection<T> held) => held.Generation != Volatile.Read(ref _generation) || IsOver(held.OpenedAt, _options.Lifetime);

    bool IsOver(long since, TimeSpan limit) => _time.GetElapsedTime(since) > limit;

    async Task CloseAsync(PooledConnection<T> held)
    {
        try
        {
            await held.Connection.DisposeAsync().AsTask().WaitAsync(_options.CloseTimeout, _time);
        }
        catch (Exception) // nothing is lost with a connection that nobody uses any more
        {
        }
    }

    sealed class Waiter
    {
        // Continuations run elsewhere, so that the lock is never held by somebody's work.
        public TaskCompletionSource<PooledConnection<T>?> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LinkedListNode<Waiter>? Place { get; set; }
    }
}
