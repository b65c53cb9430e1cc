namespace DataIngestion.LocalRuntime.Triggers;

/// <summary>Counts the invocations that run, so that a stop can wait for them, and signals them when it will not wait any longer.</summary>
internal sealed class InvocationTracker : IDisposable
{
    readonly CancellationTokenSource _abort = new();
    readonly Lock _lock = new();
    TaskCompletionSource _idle = Completed();
    int _running;

    /// <summary>Signalled when a drain has run out of time.</summary>
    public CancellationToken Aborted => _abort.Token;

    public int Running
    {
        get
        {
            lock (_lock)
                return _running;
        }
    }

    public void Begin()
    {
        lock (_lock)
        {
            if (_running++ == 0)
                _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void End()
    {
        lock (_lock)
        {
            if (--_running == 0)
                _idle.TrySetResult();
        }
    }

    /// <summary>Completes when nothing runs.</summary>
    public Task Idle
    {
        get
        {
            lock (_lock)
                return _idle.Task;
        }
    }

    public Task AbortAsync() => _abort.CancelAsync();

    public void Dispose() => _abort.Dispose();

    static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
