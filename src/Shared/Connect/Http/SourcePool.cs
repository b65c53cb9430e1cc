using System.Threading.RateLimiting;
using DataIngestion.Contracts;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace DataIngestion.Connect;

/// <summary>
/// One source's pipeline and counters. From the outside in: total timeout; retry; concurrency; rate; circuit breaker; attempt timeout.
/// Concurrency and rate are inside the retry because a vendor counts every attempt.
/// </summary>
internal sealed class SourcePool
{
    /// <summary>When the request must be done; a wait beyond it is not begun.</summary>
    public static readonly ResiliencePropertyKey<DateTimeOffset> Deadline = new("DataIngestion.Deadline");

    static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(10);
    static readonly TimeSpan BreakerSampling = TimeSpan.FromSeconds(30);

    readonly CircuitBreakerStateProvider _circuit = new();
    readonly RequestRate _rate;
    readonly TimeProvider _time;
    readonly ConnectMetrics _metrics;
    int _inFlight;
    long _requests;
    long _retries;
    long _rateLimited;
    long _waited;
    long _lastUsed;

    public SourcePool(string source, LimitsDefinition limits, TimeProvider time, ConnectMetrics metrics, Action<string, TimeSpan> onOpened)
    {
        Source = source;
        Limits = limits;
        _time = time;
        _metrics = metrics;
        _rate = new(limits.RequestsPerSecond, limits.Burst, time);

        var builder = new ResiliencePipelineBuilder { Name = source, TimeProvider = time };
        builder.AddTimeout(limits.TotalTimeout);
        if (limits.Attempts > 1)
            builder.AddRetry(Retry(limits));
        Pipeline = builder
            .AddConcurrencyLimiter(limits.MaxConcurrent, int.MaxValue)
            .AddRateLimiter(new RateLimiterStrategyOptions { RateLimiter = TakeTurnAsync })
            .AddCircuitBreaker(new()
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
            })
            .AddTimeout(limits.AttemptTimeout)
            .Build();
    }

    public string Source { get; }

    public LimitsDefinition Limits { get; }

    public ResiliencePipeline Pipeline { get; }

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
        Interlocked.Read(ref _waited));

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

    RetryStrategyOptions Retry(LimitsDefinition limits) => new()
    {
        MaxRetryAttempts = limits.Attempts - 1,
        Delay = limits.Backoff,
        MaxDelay = LongestBackoff,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        ShouldHandle = args => ValueTask.FromResult(IsWorthRepeating(args.Outcome.Exception, args.Context)),
        DelayGenerator = args => ValueTask.FromResult(DelayAskedFor(args.Outcome.Exception)),
        OnRetry = _ =>
        {
            Interlocked.Increment(ref _retries);
            _metrics.Retries.Add(1, new KeyValuePair<string, object?>("source", Source));
            return ValueTask.CompletedTask;
        },
    };

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

    // Null leaves it to the exponential backoff.
    TimeSpan? DelayAskedFor(Exception? fault) =>
        fault is StepFailedException { Failure.RetryNotBefore: { } moment } && moment - _time.GetUtcNow() is { Ticks: > 0 } delay ? delay : null;

    async ValueTask<RateLimitLease> TakeTurnAsync(RateLimiterArguments arguments)
    {
        var context = arguments.Context;
        var (wait, taken) = _rate.Take(context.Properties.GetValue(Deadline, DateTimeOffset.MaxValue));
        if (!taken)
            return new Turn(wait);
        if (wait > TimeSpan.Zero)
        {
            Interlocked.Increment(ref _waited);
            await Task.Delay(wait, _time, context.CancellationToken);
        }

        return new Turn(null);
    }

    /// <summary>Leave to send one request; refused with the time after which to ask again.</summary>
    sealed class Turn(TimeSpan? refusedFor) : RateLimitLease
    {
        public override bool IsAcquired => refusedFor is null;

        public override IEnumerable<string> MetadataNames => refusedFor is null ? [] : [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = refusedFor;
            return refusedFor is not null && metadataName == MetadataName.RetryAfter.Name;
        }
    }
}
