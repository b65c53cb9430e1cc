using DataIngestion.Contracts;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

/// <summary>
/// Lets this process's requests of one key through, in the order in which they come, as fast as its share of the permits allows. Where
/// the share is there, that is a matter of a lock; exchanging with the other workers goes on beside it.
/// </summary>
internal sealed class QuotaGate : IAsyncDisposable
{
    static readonly TimeSpan ShortestBetween = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestNap = TimeSpan.FromSeconds(1);
    static readonly TimeSpan StorageLimit = TimeSpan.FromSeconds(5);

    readonly Lock _lock = new();
    readonly LinkedList<Waiter> _line = [];
    readonly CancellationTokenSource _stop = new();
    readonly ServerClock _clock = new();
    readonly IQuotaLedger _ledger;
    readonly TimeProvider _time;
    readonly Random _random;
    readonly ILogger _logger;
    readonly long _beginning;
    readonly QuotaShare _share;
    readonly ITimer _timer;
    TaskCompletionSource _wake = New();
    Task _exchanging = Task.CompletedTask;
    (TimeSpan Here, DateTimeOffset Wall) _awake;
    bool _isExchanging;
    bool _isCutOff;
    long _exchanges;

    public QuotaGate(string key, QuotaDefinition definition, string worker, QuotaTerms terms, IQuotaLedger ledger, TimeProvider time, Random random, ILogger logger)
    {
        (Key, _ledger, _time, _random, _logger) = (key, ledger, time, random, logger);
        _beginning = time.GetTimestamp();
        _share = new(worker, definition.Limits(), terms, _clock);
        _timer = time.CreateTimer(_ => Serve(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Name of the budget.</summary>
    public string Key { get; }

    /// <summary>How it stands in this process.</summary>
    public QuotaKeyState State
    {
        get
        {
            lock (_lock)
            {
                var paused = _share.PausedUntil > Now ? _time.GetUtcNow() + (_share.PausedUntil - Now) : (DateTimeOffset?)null;
                return new(Key, _share.Limits, _line.Count, paused, _isCutOff, _exchanges);
            }
        }
    }

    TimeSpan Now => _time.GetElapsedTime(_beginning);

    /// <summary>Waits until a request may be made. <see cref="Ended"/> is to be called when it has.</summary>
    /// <param name="weight">Permits that it takes.</param>
    /// <param name="deadline">When it must have its turn.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StepFailedException">
    /// Its turn does not come in time (<c>rate-limited</c>, transient, with the time to try again); or it is heavier than the limit (<c>configuration-invalid</c>).
    /// </exception>
    public async ValueTask<QuotaUse> TakeAsync(int weight, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter;
        TimeSpan patience;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            if (weight > _share.Most)
                throw new StepFailedException(new() { Code = "configuration-invalid", Message = $"The request weighs {weight} and the quota '{Key}' allows {_share.Most} at most: raise 'permits', or lower the request's 'weight'." });
            CheckAwake();
            _share.Asked(weight);
            if (_line.Count == 0 && _share.TryTake(weight, Now) is { } use)
                return use;

            waiter = new(weight, deadline);
            if (RefusalOf(waiter) is { } refusal)
                throw refusal;
            waiter.Place = _line.AddLast(waiter);
            _share.Waiting += weight;
            patience = deadline - _time.GetUtcNow();
            ServeLine();
            Wake();
        }

        try
        {
            // A moment before the time of the whole request is over, which would only say that nobody answered.
            patience -= TimeSpan.FromMilliseconds(Math.Clamp(patience.TotalMilliseconds / 20, 0, 200));
            var limit = patience.TotalDays > 20 ? Timeout.InfiniteTimeSpan : patience > TimeSpan.Zero ? patience : TimeSpan.Zero;
            return await waiter.Turn.Task.WaitAsync(limit, _time, cancellationToken);
        }
        catch (Exception gaveUp) when (gaveUp is TimeoutException or OperationCanceledException)
        {
            lock (_lock)
            {
                if (waiter.Place.List is not null)
                    Leave(waiter);
                else if (waiter.Turn.Task.IsCompletedSuccessfully)
                    _share.Unused(waiter.Turn.Task.Result, Now);
                ServeLine();
            }

            if (gaveUp is OperationCanceledException)
                throw;
            throw Refuse("its turn comes after the request's total timeout", AfterTrouble);
        }
    }

    /// <summary>The request has ended.</summary>
    /// <param name="use">What <see cref="TakeAsync"/> gave.</param>
    /// <param name="wasAnswered">Whether the vendor answered: if not, nobody knows when the request got there.</param>
    public void Ended(QuotaUse use, bool wasAnswered)
    {
        lock (_lock)
        {
            _share.Ended(use, wasAnswered, Now);
            ServeLine();
        }
    }

    /// <summary>Learns from what the vendor said of its limits.</summary>
    public void Heard(VendorLimits said)
    {
        lock (_lock)
        {
            foreach (var (per, permits) in said.Limits)
                _share.Lower(per, permits);
            if (said.WasRefused)
                _share.Lower(null, null);
            if (said.NotBefore is { } moment && moment > _time.GetUtcNow())
                _share.Pause(Now + (moment - _time.GetUtcNow()));
            if (said.IsNews)
                Wake(isUrgent: said.WasRefused);
        }
    }

    /// <summary>Gives everything back.</summary>
    public async ValueTask DisposeAsync()
    {
        Task exchanging;
        lock (_lock)
        {
            if (_stop.IsCancellationRequested)
                return;
            _stop.Cancel();
            foreach (var waiter in _line)
                waiter.Turn.TrySetException(new ObjectDisposedException(nameof(QuotaGate)));
            _line.Clear();
            _wake.TrySetResult();
            exchanging = _exchanging;
        }

        await _timer.DisposeAsync();
        await exchanging;
        bool hasAny;
        lock (_lock)
        {
            hasAny = !_share.IsEmpty;
            _share.ReturnAll(Now);
        }

        if (hasAny)
            await ExchangeAsync(CancellationToken.None); // a failure costs the others a while, and no more
        _stop.Dispose();
    }

    void Serve()
    {
        lock (_lock)
            ServeLine();
    }

    // Strictly in order: a heavy request is not passed by light ones for ever.
    void ServeLine()
    {
        CheckAwake();
        while (_line.First is { Value: var first })
        {
            var now = Now;
            if (_share.TryTake(first.Weight, now) is { } use)
            {
                Leave(first);
                first.Turn.SetResult(use);
                continue;
            }

            if (RefusalOf(first) is { } refusal)
            {
                Leave(first);
                first.Turn.SetException(refusal);
                continue;
            }

            if (_share.UsableAt(first.Weight) is { } moment && _share.HasLease(now))
                _timer.Change(moment > now + TimeSpan.FromMilliseconds(1) ? moment - now : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
            return;
        }
    }

    // A machine that sleeps does not count the time, but others do.
    void CheckAwake()
    {
        if (_share.HasLease(Now) && _time.GetUtcNow() - _awake.Wall - (Now - _awake.Here) > LongestNap)
            _share.LoseLease();
    }

    void Leave(Waiter waiter)
    {
        _line.Remove(waiter.Place!);
        _share.Waiting -= waiter.Weight;
    }

    // What cannot come true by the deadline is said at once, so that the caller waits without holding anything.
    StepFailedException? RefusalOf(Waiter waiter)
    {
        var (now, left) = (Now, waiter.Deadline - _time.GetUtcNow());
        if (_share.PausedUntil > now && _share.PausedUntil - now > left)
            return Refuse("the vendor asked us to wait longer than the request's total timeout", _share.PausedUntil - now);
        foreach (var next in (TimeSpan?[])[_share.UsedUpUntil, _share.HasLease(now) ? _share.AllBusyUntil(waiter.Weight) : null])
        {
            if (next > now && next - now > left)
                return Refuse("all is used up for longer than the request's total timeout", next.Value - now);
        }

        if (_isCutOff && !_share.HasLease(now))
            return Refuse("the storage that it is shared through does not answer", StorageLimit);
        return null;
    }

    StepFailedException Refuse(string why, TimeSpan wait) => new(new()
    {
        Code = "rate-limited",
        Message = $"The request was not made: of the quota '{Key}' {why}.",
        IsTransient = true,
        RetryNotBefore = _time.GetUtcNow() + wait,
    });

    void Wake(bool isUrgent = false)
    {
        if (_stop.IsCancellationRequested)
            return;
        if (!_isExchanging)
        {
            _isExchanging = true;
            _exchanging = Task.Run(ExchangeOnAsync);
        }
        else if (isUrgent || _share.MayGetMore(Now) || !_share.HasLease(Now))
        {
            _wake.TrySetResult();
        }
    }

    async Task ExchangeOnAsync()
    {
        while (true)
        {
            var next = await ExchangeAsync(_stop.Token);
            Task woken;
            lock (_lock)
            {
                ServeLine();
                if (_stop.IsCancellationRequested || (next == Timeout.InfiniteTimeSpan && _line.Count == 0))
                {
                    _isExchanging = false;
                    return;
                }

                if (next == Timeout.InfiniteTimeSpan || _wake.Task.IsCompleted)
                    next = ShortestBetween;
                _wake = New();
                woken = _wake.Task;
            }

            // Whoever wakes it still leaves the storage a moment.
            await Task.Delay(ShortestBetween, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (next > ShortestBetween)
                await Task.WhenAny(woken, Task.Delay(next - ShortestBetween, _time, _stop.Token));
        }
    }

    async Task<TimeSpan> ExchangeAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(StorageLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var isWriting = false;
        try
        {
            lock (_lock)
                _share.BeginExchange(Now);
            while (true)
            {
                var sent = Now;
                var page = await _ledger.ReadAsync(Key, either.Token);
                QuotaExchange exchange;
                DateTimeOffset wall;
                lock (_lock)
                {
                    _clock.Observe(page.Low, page.High, sent, Now);
                    if (!_share.HasLease(Now))
                        _share.BeginExchange(Now); // it ran out while we read
                    wall = _time.GetUtcNow();
                    _share.Next = _line.First?.Value.Weight ?? 1;
                    exchange = _share.Exchange(page.Account, Now);
                    isWriting = true;
                }

                var isWritten = await _ledger.TryWriteAsync(Key, exchange.Account, page.Version, either.Token);
                lock (_lock)
                {
                    isWriting = false;
                    if (isWritten)
                    {
                        _share.ExchangeWritten(exchange);
                        _isCutOff = false;
                        _awake = (exchange.BeganAt, wall); // a nap while it was written counts
                        _exchanges++;
                        return exchange.Next;
                    }

                    _share.ExchangeRefused();
                }

                TimeSpan pause;
                lock (_random)
                    pause = TimeSpan.FromMilliseconds(_random.NextDouble() * 30);
                await Task.Delay(pause, _time, either.Token);
            }
        }
        catch (Exception trouble) when (trouble is not OutOfMemoryException)
        {
            lock (_lock)
            {
                if (isWriting)
                    _share.ExchangeUnknown();
                if (!_stop.IsCancellationRequested && !_isCutOff)
                    _logger.QuotaCutOff(trouble, Key);
                _isCutOff = true;
            }

            return AfterTrouble;
        }
    }

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    sealed class Waiter(int weight, DateTimeOffset deadline)
    {
        public int Weight { get; } = weight;

        public DateTimeOffset Deadline { get; } = deadline;

        public TaskCompletionSource<QuotaUse> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LinkedListNode<Waiter>? Place { get; set; }
    }
}

/// <summary>How one quota stands in this process.</summary>
/// <param name="Key">Name of the budget.</param>
/// <param name="Limits">Its limits.</param>
/// <param name="Waiting">Requests in line.</param>
/// <param name="PausedUntil">When the vendor wants to be asked again; null when it does not mind.</param>
/// <param name="IsCutOff">Whether the storage that it is shared through did not answer the last time.</param>
/// <param name="Exchanges">How often permits were exchanged with the other workers.</param>
public sealed record QuotaKeyState(string Key, IReadOnlyList<QuotaLimitState> Limits, int Waiting, DateTimeOffset? PausedUntil, bool IsCutOff, long Exchanges);
