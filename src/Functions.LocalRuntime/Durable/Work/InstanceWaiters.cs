namespace DataIngestion.LocalRuntime.Durable;

/// <summary>Those who wait for an instance to start or to end.</summary>
internal sealed class InstanceWaiters
{
    readonly Dictionary<string, Watch> _byInstance = new(StringComparer.Ordinal);
    readonly Lock _lock = new();
    bool _closed;

    /// <summary>Waits until <paramref name="look"/> finds what it looks for: now, or after one of the instance's changes.</summary>
    public async Task<T> WaitAsync<T>(string instanceId, Func<T?> look, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            var watch = Begin(instanceId); // before the look, so that no change is missed
            try
            {
                if (look() is { } found)
                    return found;
                await watch.Change.Task.WaitAsync(cancellationToken);
            }
            finally
            {
                End(instanceId, watch);
            }
        }
    }

    public void Changed(string instanceId)
    {
        Watch? watch;
        lock (_lock)
            _byInstance.Remove(instanceId, out watch);
        watch?.Change.TrySetResult();
    }

    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (var watch in _byInstance.Values)
                watch.Change.TrySetException(Closed());
            _byInstance.Clear();
        }
    }

    Watch Begin(string instanceId)
    {
        lock (_lock)
        {
            if (_closed)
                throw Closed();
            if (!_byInstance.TryGetValue(instanceId, out var watch))
                _byInstance.Add(instanceId, watch = new());
            watch.Watchers++;
            return watch;
        }
    }

    void End(string instanceId, Watch watch)
    {
        lock (_lock)
        {
            if (--watch.Watchers == 0 && _byInstance.TryGetValue(instanceId, out var current) && current == watch)
                _byInstance.Remove(instanceId);
        }
    }

    static ObjectDisposedException Closed() => new(nameof(DurableEngine), "The durable engine has stopped.");

    sealed class Watch
    {
        public TaskCompletionSource Change { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Watchers { get; set; }
    }
}
