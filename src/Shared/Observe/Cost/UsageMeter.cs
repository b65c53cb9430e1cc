using Azure;
using DataIngestion.Contracts;
using DataIngestion.Storage.Usage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataIngestion.Observe.Cost;

/// <summary>
/// Measures what every invocation of the app uses, and records it: what a command used as a record of its own before the command counts as done,
/// everything else by subject every <see cref="UsageOptions.Interval"/>. Measuring never makes an invocation fail: what cannot be written now is
/// written later.
/// </summary>
public sealed class UsageMeter : IDisposable
{
    static readonly AsyncLocal<Invocation?> Running = new();

    readonly Lock _gate = new();
    readonly SemaphoreSlim _writing = new(1);
    readonly ActiveClock _clock;
    readonly UsageStore _store;
    readonly UsageOptions _options;
    readonly TimeProvider _time;
    readonly ILogger<UsageMeter> _logger;
    readonly string? _stamp;
    readonly string _instance;
    readonly Dictionary<UsageSubject, UsageAmounts> _pending = [];
    readonly Queue<(string Id, UsageBatch Batch)> _unwritten = [];
    long _batches;
    bool _isWorthWriting;

    /// <summary>The meter of one process.</summary>
    public UsageMeter(UsageStore store, IOptions<UsageOptions> options, IConfiguration configuration, TimeProvider time, ILogger<UsageMeter> logger)
        : this(store, options, configuration, time, () => Environment.CpuUsage.TotalTime, logger)
    {
    }

    internal UsageMeter(
        UsageStore store, IOptions<UsageOptions> options, IConfiguration configuration, TimeProvider time, Func<TimeSpan> processorTime, ILogger<UsageMeter> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(configuration);
        (_store, _options, _time, _logger) = (store, options.Value, time, logger);
        _clock = new(time, processorTime);
        _stamp = configuration["Ingestion:Stamp"];
        _instance = InstanceId.Of(configuration);
    }

    /// <summary>Runs an invocation and measures it.</summary>
    /// <param name="id">Unique to the invocation.</param>
    /// <param name="invocation">What it does.</param>
    public async Task MeasureAsync(string id, Func<Task> invocation)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(invocation);
        using var usage = UsageScope.Enter();
        usage.Add(new() { Executions = 1 });
        var own = new Invocation(id, usage, _clock.Begin());
        Running.Value = own;
        try
        {
            await invocation();
        }
        finally
        {
            usage.Add(AmountsOf(_clock.End(own.Share)));
            Keep(usage.Subject, usage.Take(), worthWriting: true);
        }
    }

    /// <summary>
    /// Records what the invocation under way has used so far; what it uses from here on is collected with the rest. Call it before what it did
    /// is marked as done: a crash in between does the work again, and both are recorded.
    /// </summary>
    /// <param name="name">What the record is called, unique together with the invocation.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RecordAsync(string name, CancellationToken cancellationToken = default)
    {
        if (Running.Value is not { } own)
            return; // nobody measures
        var usage = own.Usage;
        usage.Add(AmountsOf(_clock.Take(own.Share)));
        var (id, batch) = ($"{name}-{own.Id}", Batch([new(usage.Subject, usage.Take())]));
        try
        {
            await _store.WriteAsync(id, batch, cancellationToken);
        }
        catch (Exception failure) when (failure is RequestFailedException or OperationCanceledException or AggregateException)
        {
            // It may have been written all the same; written again under its name it counts once.
            lock (_gate)
                _unwritten.Enqueue((id, batch));
            if (failure is not OperationCanceledException)
                _logger.LogWarning(failure, "The usage of {Name} could not be written now; it is written later", name);
        }
    }

    /// <summary>Writes what was collected, if there is anything.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            Close();
            using var usage = UsageScope.Enter();
            while (Oldest() is { } oldest)
            {
                await _store.WriteAsync(oldest.Id, oldest.Batch, cancellationToken);
                lock (_gate)
                    _unwritten.Dequeue();
            }

            Keep(usage.Subject, usage.Take(), worthWriting: false);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Frees what it holds; write what was collected before.</summary>
    public void Dispose() => _writing.Dispose();

    (string Id, UsageBatch Batch)? Oldest()
    {
        lock (_gate)
            return _unwritten.TryPeek(out var oldest) ? oldest : null;
    }

    void Close()
    {
        lock (_gate)
        {
            if (!_isWorthWriting)
                return;
            var batch = Batch([.. _pending.Select(p => new UsageRecord(p.Key, p.Value))]);
            _unwritten.Enqueue(($"{_instance}-{batch.At:HHmmssfff}-{_batches++}", batch));
            _pending.Clear();
            _isWorthWriting = false;
        }
    }

    void Keep(UsageSubject subject, UsageAmounts used, bool worthWriting)
    {
        lock (_gate)
        {
            _pending[subject] = _pending.TryGetValue(subject, out var before) ? before + used : used;
            _isWorthWriting |= worthWriting;
        }
    }

    UsageBatch Batch(IReadOnlyList<UsageRecord> records) =>
        new() { At = _time.GetUtcNow(), Instance = _instance, Stamp = _stamp, MemoryMB = _options.InstanceMemoryMB, Records = records };

    UsageAmounts AmountsOf(ActiveClock.Times times) => new()
    {
        WallSeconds = times.Wall,
        ActiveSeconds = times.Active,
        CpuSeconds = times.Processor,
        GbSeconds = (times.Active + times.RoundedUp) * _options.InstanceMemoryMB / 1024,
    };

    sealed record Invocation(string Id, UsageScope Usage, ActiveClock.Share Share);
}
