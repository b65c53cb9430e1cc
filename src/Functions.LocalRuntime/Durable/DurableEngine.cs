using System.Diagnostics;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>
/// Runs orchestrators and activities in this process, with their history in a SQLite file. Names are compared without regard to case.
/// One engine a file: a second one is refused.
/// </summary>
internal sealed class DurableEngine : IAsyncDisposable
{
    readonly DurableEngineOptions _options;
    readonly Dictionary<string, OrchestratorRegistration> _orchestrators;
    readonly Dictionary<string, ActivityRegistration> _activities;
    readonly ILoggerFactory _loggers;
    readonly ILogger _logger;
    readonly TimeProvider _time;
    readonly StoreProbe? _probe;
    readonly CancellationTokenSource _stopping = new();
    readonly LocalDurableTaskClient _client;
    FileStream? _lock;
    EngineCore? _core;
    TurnWorkers? _turns;
    ActivityWorkers? _activityWorkers;
    bool _closed;

    /// <exception cref="ArgumentException">Two orchestrators or two activities have the same name.</exception>
    public DurableEngine(
        DurableEngineOptions options,
        IEnumerable<OrchestratorRegistration> orchestrators,
        IEnumerable<ActivityRegistration> activities,
        ILoggerFactory loggers,
        TimeProvider time,
        StoreProbe? probe = null)
    {
        _options = options;
        _orchestrators = ByName(orchestrators, registration => registration.Name, "orchestrators");
        _activities = ByName(activities, registration => registration.Name, "activities");
        _loggers = loggers;
        _logger = loggers.CreateLogger<DurableEngine>();
        _time = time;
        _probe = probe;
        _client = new(() => _core ?? throw new InvalidOperationException("The durable engine has not been started."), time);
    }

    /// <summary>Works from the moment <see cref="StartAsync"/> has returned.</summary>
    public DurableTaskClient Client => _client;

    /// <summary>Why the store does not take commits or cannot be read; null when it is healthy. For readiness checks.</summary>
    public Exception? StoreFault => _core?.Fault;

    /// <summary>Opens the store and picks up all unfinished work.</summary>
    /// <exception cref="IOException">The file is in use by another engine, or cannot be created.</exception>
    /// <exception cref="InvalidDataException">The file was written by a newer version.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_core is not null)
            throw new InvalidOperationException("The durable engine was started before.");

        // Off the caller's context: opening recovers the write-ahead log of a killed process.
        return Task.Run(Start, cancellationToken);
    }

    /// <summary>Takes no new work, lets running turns and activities finish within <see cref="DurableEngineOptions.DrainTimeout"/>, and closes the store.</summary>
    /// <param name="cancellationToken">Cuts the waiting short.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_core is null || _closed)
            return;
        _closed = true;
        _core.Timers.Dispose();
        await _stopping.CancelAsync();
        await _activityWorkers!.StopAsync(cancellationToken);

        // A store that takes no commits must not keep the process from ending: what is not committed is done again.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(5));
        await Task.WhenAny(_turns!.StopAsync(), Task.Delay(Timeout.InfiniteTimeSpan, patience.Token));
        await _core.Writer.CloseAsync(patience.Token);
        await _turns.StopAsync();
        Close();
    }

    /// <summary>Stops as the death of the process would: nothing more is committed, nothing is waited for.</summary>
    internal async Task AbandonAsync()
    {
        if (_core is null || _closed)
            return;
        _closed = true;
        _core.Timers.Dispose();
        await _core.Writer.DisposeAsync();
        await _stopping.CancelAsync();
        await _activityWorkers!.CutAsync();
        await _turns!.StopAsync();
        Close();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _stopping.Dispose();
        _activityWorkers?.Dispose();
    }

    void Start()
    {
        var clock = Stopwatch.StartNew();
        var folder = Path.GetDirectoryName(Path.GetFullPath(_options.DatabasePath))!;
        Directory.CreateDirectory(folder);
        _lock = Lock(_options.DatabasePath + ".lock");
        try
        {
            var core = new EngineCore(_options, _probe, _logger, _time);
            var ready = core.Readers.Read(reader => reader.Ready());
            var nextTimer = core.Writer.WriteAsync(store => store.NextTimer()).GetAwaiter().GetResult();

            _turns = new(_options, _orchestrators, core, _loggers, _logger, _time);
            _activityWorkers = new(_options, _activities, core, _logger, _time);
            core.Timers.Start(nextTimer);
            foreach (var key in ready)
                core.Ready.Signal(key);
            core.Activities.RequestRefill();
            _turns.Start(_stopping.Token);
            _activityWorkers.Start(_stopping.Token);
            _core = core;
            _logger.EngineStarted(clock.Elapsed.TotalMilliseconds, _options.DatabasePath, ready.Count);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    void Close()
    {
        _core!.Waiters.Close();
        _core.Dispose();
        _lock?.Dispose();
    }

    static FileStream Lock(string path)
    {
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new IOException($"{path}: another process uses this history. Stop it, or choose another folder.", taken);
        }
    }

    static Dictionary<string, T> ByName<T>(IEnumerable<T> registrations, Func<T, string> name, string what)
    {
        var byName = new Dictionary<string, T>(StringComparer.OrdinalIgnoreCase);
        foreach (var registration in registrations)
        {
            if (!byName.TryAdd(name(registration), registration))
                throw new ArgumentException($"Two {what} are named '{name(registration)}'.", nameof(registrations));
        }

        return byName;
    }
}
