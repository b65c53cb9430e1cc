using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>What the parts of a running engine share.</summary>
internal sealed class EngineCore : IDisposable
{
    /// <summary>Calls of activities held in memory; the rest waits in the store.</summary>
    const int ActivityWindow = 2000;

    readonly ILogger _logger;
    readonly string _path;
    Exception? _readFault;

    public EngineCore(DurableEngineOptions options, StoreProbe? probe, ILogger logger, TimeProvider time)
    {
        _logger = logger;
        _path = options.DatabasePath;
        Writer = new(options, probe, logger, time);
        Readers = new(options.DatabasePath);
        Activities = new(ActivityWindow, (after, limit) => Readers.Read(reader => reader.Activities(after, limit)));
        Timers = new(this, time);
    }

    public StoreWriter Writer { get; }

    public ReaderPool Readers { get; }

    public ReadyQueue Ready { get; } = new();

    public ActivityQueue Activities { get; }

    public TimerService Timers { get; }

    public InstanceWaiters Waiters { get; } = new();

    public Exception? Fault => Writer.Fault ?? Volatile.Read(ref _readFault);

    /// <summary>Lets a commit take effect in memory.</summary>
    public void Publish(CommitEffects effects)
    {
        foreach (var key in effects.Ready)
            Ready.Signal(key);
        if (effects.Activities.Count > 0)
            Activities.Push(effects.Activities);
        Timers.Schedule(effects.NextTimer);
    }

    public void ReadFailed(Exception fault)
    {
        if (Interlocked.Exchange(ref _readFault, fault) is null)
            _logger.StoreUnreadable(_path, fault);
    }

    public void ReadSucceeded()
    {
        if (Volatile.Read(ref _readFault) is not null)
            Volatile.Write(ref _readFault, null);
    }

    public void Dispose()
    {
        Timers.Dispose();
        Readers.Dispose();
    }
}
