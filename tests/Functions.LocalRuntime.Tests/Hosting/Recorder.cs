namespace DataIngestion.LocalRuntime.Tests.Hosting;

/// <summary>What functions under test did, and gates they wait at.</summary>
public sealed class Recorder
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    readonly Lock _lock = new();
    readonly List<(string Name, object? Value)> _records = [];
    readonly Dictionary<string, TaskCompletionSource> _gates = new(StringComparer.Ordinal);
    TaskCompletionSource _changed = New();

    public void Record(string name, object? value)
    {
        lock (_lock)
        {
            _records.Add((name, value));
            _changed.TrySetResult();
            _changed = New();
        }
    }

    public IReadOnlyList<object?> Of(string name)
    {
        lock (_lock)
            return [.. _records.Where(r => r.Name == name).Select(r => r.Value)];
    }

    /// <summary>Waits until a name was recorded so many times, and returns all of its values.</summary>
    public async Task<IReadOnlyList<object?>> WaitAsync(string name, int count = 1)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            Task changed;
            lock (_lock)
                changed = _changed.Task;
            var values = Of(name);
            if (values.Count >= count)
                return values;
            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"'{name}' was recorded {Of(name).Count} times; {count} were expected.", late);
            }
        }
    }

    /// <summary>Where a function waits until the test opens it.</summary>
    public TaskCompletionSource Gate(string name)
    {
        lock (_lock)
        {
            if (!_gates.TryGetValue(name, out var gate))
                _gates.Add(name, gate = New());
            return gate;
        }
    }

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Waits for a condition on a real server.</summary>
internal static class Eventually
{
    public static async Task<T> NotNullAsync<T>(Func<Task<T?>> read)
        where T : class
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (await read() is { } value)
                return value;
            await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
        }
    }

    public static Task TrueAsync(Func<Task<bool>> read) => NotNullAsync(async () => await read() ? "" : null);
}
