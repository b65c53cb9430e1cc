namespace DataIngestion.LocalRuntime.Durable;

/// <summary>Fires durable timers, late but never early. Knows only the time of the next one; the rest is in the store.</summary>
internal sealed class TimerService(EngineCore core, TimeProvider time) : IDisposable
{
    const int MaxBatch = 500;

    /// <summary>The clock is asked again at least this often, as it may have been set.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    readonly Lock _lock = new();
    ITimer? _timer;
    DateTime? _next;
    bool _stopped;

    public void Start(DateTime? next)
    {
        _timer = time.CreateTimer(static state => ((TimerService)state!).OnTick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Schedule(next);
    }

    /// <summary>Makes sure that a timer due at <paramref name="fireAt"/> is noticed.</summary>
    public void Schedule(DateTime? fireAt)
    {
        lock (_lock)
        {
            if (fireAt is null || _stopped || _next <= fireAt)
                return;
            _next = fireAt;
            Arm();
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _stopped = true;
        _timer?.Dispose();
    }

    void OnTick()
    {
        lock (_lock)
        {
            if (_stopped || _next is null)
                return;
            if (_next > Now())
            {
                Arm();
                return;
            }

            _next = null; // set again by the commit below, or by a new timer in the meantime
        }

        _ = core.Writer.WriteAsync(Fire, fired =>
        {
            core.Publish(fired);
            Schedule(fired.NextTimer);
        });
    }

    CommitEffects Fire(WriteStatements store)
    {
        var effects = new CommitEffects();
        var now = Now();
        foreach (var (key, execution, task, _) in store.DueTimers(now, MaxBatch))
        {
            store.DeleteTimer(key, execution, task);
            if (store.Find(key) is not { IsFinal: false })
                continue;
            if (task == TurnCommit.StartTimer)
            {
                var (name, input) = store.ReadStart(key);
                store.PostInFront(key, execution, new(HistoryKind.ExecutionStarted, now, -1, name, input)); // before events that came early
            }
            else
            {
                store.Post(key, execution, new(HistoryKind.TimerFired, now, task));
            }

            effects.Ready.Add(key);
        }

        effects.NextTimer = store.NextTimer();
        return effects;
    }

    void Arm()
    {
        var wait = _next!.Value - Now();
        // Rounded up: a timer that wakes a moment early would find nothing due.
        var due = wait <= TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
        _timer?.Change(due, Timeout.InfiniteTimeSpan);
    }

    DateTime Now() => time.GetUtcNow().UtcDateTime;
}
