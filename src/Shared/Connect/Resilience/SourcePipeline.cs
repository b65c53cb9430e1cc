using DataIngestion.Contracts;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace DataIngestion.Connect;

/// <summary>
/// One source's pipelines and counters. From the outside in: total timeout; retry, under a budget; [hedging;] concurrency; rate and quota;
/// circuit breaker; attempt timeout. Concurrency and rate are inside the retry because a vendor counts every attempt. Work on a system is
/// not timed, since a table may take hours: there the timeouts are those of opening, and concurrency is the pool's.
/// </summary>
internal sealed class SourcePipeline
{
    /// <summary>When the request must be done; a wait beyond it is not begun.</summary>
    public static readonly ResiliencePropertyKey<DateTimeOffset> Deadline = new("DataIngestion.Deadline");

    /// <summary>How much of the quota the request takes.</summary>
    public static readonly ResiliencePropertyKey<int> Weight = new("DataIngestion.Weight");

    static readonly ResiliencePropertyKey<TimeSpan?> LastDelay = new("DataIngestion.LastDelay");
    static readonly ResiliencePropertyKey<int> LastCost = new("DataIngestion.LastCost");
    static readonly TimeSpan BreakerSampling = TimeSpan.FromSeconds(30);

    readonly CircuitBreakerStateProvider _circuit = new();
    readonly DecorrelatedJitter _jitter;
    readonly RetryBudget _budget;
    readonly RequestRate _rate;
    readonly QuotaGate? _quota;
    readonly TimeProvider _time;
    readonly ConnectMetrics _metrics;
    int _inFlight;
    long _requests;
    long _retries;
    long _hedges;
    long _unpaid;
    long _rateLimited;
    long _waited;
    long _lastUsed;
    long _downSince;

    public SourcePipeline(
        string source, LimitsDefinition limits, QuotaGate? quota, TimeProvider time, Random random, ConnectMetrics metrics, Action<string, TimeSpan> onOpened)
    {
        Source = source;
        Limits = limits;
        _quota = quota;
        _time = time;
        _metrics = metrics;
        _rate = new(limits.RequestsPerSecond, limits.Burst, time);
        _budget = new(limits.RetryBudget);
        _jitter = new(limits.Backoff, limits.MaxBackoff, random);

        var breaker = new CircuitBreakerStrategyOptions
        {
            FailureRatio = limits.BreakerFailureRatio,
            MinimumThroughput = limits.BreakerMinimumThroughput,
            SamplingDuration = BreakerSampling,
            BreakDuration = limits.BreakerDuration,
            StateProvider = _circuit,
            ShouldHandle = args => ValueTask.FromResult(IsBreakersConcern(args.Outcome.Exception)),
            OnOpened = args =>
            {
                onOpened(source, args.BreakDuration);
                return ValueTask.CompletedTask;
            },
        };
        var protection = Builder("turn").AddStrategy(_ => new TurnStrategy(TakeTurnAsync, EndTurn), new TurnStrategy.Options()).AddCircuitBreaker(breaker).Build();
        Use = protection;
        Attempt = Builder("attempt").AddConcurrencyLimiter(limits.MaxConcurrent, int.MaxValue).AddPipeline(protection).AddTimeout(limits.AttemptTimeout).Build();
        Repeat = Builder("repeat").AddRetry(Retry(limits)).Build();
        Request = Builder("request").AddTimeout(limits.TotalTimeout).AddPipeline(Repeat).Build();

        ResiliencePipelineBuilder Builder(string part) => new() { Name = source, InstanceName = part, TimeProvider = time };
    }

    /// <summary>Around all attempts of an HTTP request: total timeout, retry.</summary>
    public ResiliencePipeline Request { get; }

    /// <summary>Around one attempt of an HTTP request: concurrency, rate, circuit breaker, attempt timeout.</summary>
    public ResiliencePipeline Attempt { get; }

    /// <summary>Around all uses of a system for one piece of work: retry.</summary>
    public ResiliencePipeline Repeat { get; }

    /// <summary>Around one use of a system: rate, circuit breaker.</summary>
    public ResiliencePipeline Use { get; }

    public string Source { get; }

    public LimitsDefinition Limits { get; }

    /// <summary>When the vendor is known to be down, as the newest run says.</summary>
    public IReadOnlyList<MaintenanceDefinition> Maintenance { get; set; } = [];

    /// <summary>When it was last used, for comparison only.</summary>
    public long LastUsed => Interlocked.Read(ref _lastUsed);

    public SourceConnectionState State => new(
        Source,
        _circuit.CircuitState switch
        {
            CircuitState.Closed => CircuitStatus.Closed,
            CircuitState.HalfOpen => CircuitStatus.HalfOpen,
            _ => CircuitStatus.Open,
        },
        Volatile.Read(ref _inFlight),
        Interlocked.Read(ref _requests),
        Interlocked.Read(ref _retries),
        Interlocked.Read(ref _rateLimited),
        Interlocked.Read(ref _waited))
    {
        Hedges = Interlocked.Read(ref _hedges),
        RetriesRefused = Interlocked.Read(ref _unpaid),
        RetryBudget = _budget.Left,
        MaxInFlight = Limits.MaxConcurrent,
        DownSince = Interlocked.Read(ref _downSince) is > 0 and var ticks ? new(ticks, TimeSpan.Zero) : null,
        Quota = _quota?.State,
    };

    public void Begin()
    {
        Interlocked.Increment(ref _inFlight);
        Interlocked.Increment(ref _requests);
        Interlocked.Exchange(ref _lastUsed, _time.GetTimestamp());
    }

    public void End() => Interlocked.Decrement(ref _inFlight);

    /// <summary>Notes an answer 429, and holds back everybody else until the moment that it names.</summary>
    public void NoteRateLimited(DateTimeOffset? notBefore)
    {
        Interlocked.Increment(ref _rateLimited);
        _metrics.RateLimited.Add(1, new KeyValuePair<string, object?>("source", Source));
        if (notBefore is { } moment)
            _rate.PauseUntil(moment);
    }

    /// <summary>Learns what an answer says of the vendor's limits.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="now">When it came.</param>
    /// <param name="isRefused">Whether it means what a 429 does, whatever its status.</param>
    public void Heard(HttpResponseMessage response, DateTimeOffset now, bool isRefused) =>
        _quota?.Heard(VendorLimits.Of(response, now, isRefused, per => Limits.Quota?.Limits().FirstOrDefault(l => l.Per == per)?.Permits));

    /// <summary>Whether another attempt may be made beside one that is slow.</summary>
    public bool MayHedge()
    {
        if (_circuit.CircuitState is not CircuitState.Closed || !_budget.TryPay(RetryBudget.HedgeCost))
            return false;
        Interlocked.Increment(ref _hedges);
        _metrics.Hedges.Add(1, new KeyValuePair<string, object?>("source", Source));
        return true;
    }

    RetryStrategyOptions Retry(LimitsDefinition limits) => new()
    {
        MaxRetryAttempts = Math.Max(1, limits.Attempts - 1), // at least one is demanded; with a single attempt none is repeated
        ShouldHandle = args => ValueTask.FromResult(IsRepeated(args.Outcome.Exception, args.Context, isLast: args.AttemptNumber >= limits.Attempts - 1)),
        DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(DelayAskedFor(args.Outcome.Exception) ?? NextDelay(args.Context)),
        OnRetry = _ =>
        {
            Interlocked.Increment(ref _retries);
            _metrics.Retries.Add(1, new KeyValuePair<string, object?>("source", Source));
            return ValueTask.CompletedTask;
        },
    };

    // Asked once after every attempt, which makes it the place where the budget is paid and refunded.
    bool IsRepeated(Exception? fault, ResilienceContext context, bool isLast)
    {
        if (fault is null)
        {
            _budget.Succeeded(context.Properties.GetValue(LastCost, 0));
            return false;
        }

        if (isLast || !IsWorthRepeating(fault, context))
            return false;
        var cost = fault is StepFailedException { Failure.Code: "rate-limited" } ? RetryBudget.ThrottledCost : RetryBudget.TransientCost;
        if (!_budget.TryPay(cost))
        {
            Interlocked.Increment(ref _unpaid);
            _metrics.RetriesRefused.Add(1, new KeyValuePair<string, object?>("source", Source));
            return false;
        }

        context.Properties.Set(LastCost, cost);
        return true;
    }

    TimeSpan NextDelay(ResilienceContext context)
    {
        var delay = _jitter.Next(context.Properties.GetValue(LastDelay, null));
        context.Properties.Set(LastDelay, delay);
        return delay;
    }

    // A source that asks for more time than there is gets it from the caller, who waits without holding a thread.
    static bool IsWorthRepeating(Exception? fault, ResilienceContext context) => fault switch
    {
        StepFailedException { Failure: { IsTransient: true } failure } =>
            !(failure.RetryNotBefore > context.Properties.GetValue(Deadline, DateTimeOffset.MaxValue)),
        TimeoutRejectedException => true,
        _ => false,
    };

    static bool IsBreakersConcern(Exception? fault) =>
        fault is TimeoutRejectedException or StepFailedException { Failure: { IsTransient: true, HttpStatus: not 429 } };

    // Null leaves it to the jitter.
    TimeSpan? DelayAskedFor(Exception? fault) =>
        fault is StepFailedException { Failure.RetryNotBefore: { } moment } && moment - _time.GetUtcNow() is { Ticks: > 0 } delay ? delay : null;

    async ValueTask<QuotaUse?> TakeTurnAsync(ResilienceContext context)
    {
        var deadline = context.Properties.GetValue(Deadline, DateTimeOffset.MaxValue);
        var (wait, taken) = _rate.Take(deadline);
        if (!taken)
            throw new RateLimiterRejectedException(wait);
        if (wait > TimeSpan.Zero)
        {
            Interlocked.Increment(ref _waited);
            await Task.Delay(wait, _time, context.CancellationToken);
        }

        return _quota is null ? null : await _quota.TakeAsync(context.Properties.GetValue(Weight, 1), deadline, context.CancellationToken);
    }

    void EndTurn(QuotaUse? use, Exception? fault)
    {
        if (use is { } taken)
        {
            // Without an answer nobody knows when the request got there, or whether it is still on its way.
            _quota!.Ended(taken, fault is null or StepFailedException { Failure.HttpStatus: not null } or BrokenCircuitException);
            _metrics.Taken(Source, _quota.Key, taken.Weight);
        }

        if (Sighting(fault) is not { } sighting)
            return;
        if (sighting is SourceSighting.Down)
            Interlocked.CompareExchange(ref _downSince, _time.GetUtcNow().UtcTicks, 0);
        else if (sighting is SourceSighting.Up)
            Interlocked.Exchange(ref _downSince, 0);
        _metrics.Attempted(Source, sighting);
    }

    // Null where nobody asked the source, or nobody waited for its answer.
    SourceSighting? Sighting(Exception? fault) => fault switch
    {
        BrokenCircuitException or RateLimiterRejectedException => null,
        OperationCanceledException => null,
        StepFailedException { Failure.Code: "unauthorized" or "forbidden" } => SourceSighting.Refused,
        _ when !IsBreakersConcern(fault) => SourceSighting.Up,
        _ => Maintenance.Any(m => m.EndAt(_time.GetUtcNow()) is not null) ? SourceSighting.Maintenance : SourceSighting.Down,
    };
}
