using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace DataIngestion.LocalRuntime.Triggers.Queues;

/// <summary>
/// Tells listeners that this process has just put a message on their queue, so that they look at once instead of polling hard.
/// It watches the process's outgoing HTTP requests for the one that puts a message (POST …/{queue}/messages), whoever sends it.
/// Messages from other processes are found by polling.
/// </summary>
internal sealed class QueueWakeups : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    const string Request = "System.Net.Http.HttpRequestOut";
    const string Stop = "System.Net.Http.HttpRequestOut.Stop";

    readonly ConcurrentDictionary<string, Wakeup> _queues = new(StringComparer.OrdinalIgnoreCase);
    readonly List<IDisposable> _subscriptions = [];
    PropertyInfo? _request;

    public QueueWakeups() => _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

    public Wakeup Of(string queue) => _queues.GetOrAdd(queue, _ => new());

    public void Signal(string queue)
    {
        if (_queues.TryGetValue(queue, out var wakeup))
            wakeup.Signal();
    }

    void IObserver<DiagnosticListener>.OnNext(DiagnosticListener value)
    {
        if (value.Name != "HttpHandlerDiagnosticListener")
            return;
        // The predicate keeps every other request of the process free of any cost beyond this comparison.
        lock (_subscriptions)
            _subscriptions.Add(value.Subscribe(this, (name, request, _) => name == Stop || (name == Request && request is HttpRequestMessage put && QueueOf(put) is not null)));
    }

    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key != Stop || value.Value is not { } payload)
            return;
        var property = _request;
        if (property is null || property.DeclaringType != payload.GetType())
            _request = property = payload.GetType().GetProperty("Request");
        if (property?.GetValue(payload) is HttpRequestMessage request && QueueOf(request) is { } queue)
            Signal(queue);
    }

    /// <summary>The queue that a request puts a message on; null for any other request.</summary>
    string? QueueOf(HttpRequestMessage request)
    {
        if (request.Method != HttpMethod.Post || request.RequestUri is not { } uri)
            return null;
        var path = uri.AbsolutePath.AsSpan().TrimEnd('/');
        if (!path.EndsWith("/messages", StringComparison.Ordinal))
            return null;
        path = path[..^"/messages".Length];
        var name = path[(path.LastIndexOf('/') + 1)..].ToString();
        return _queues.ContainsKey(name) ? name : null;
    }

    public void Dispose()
    {
        lock (_subscriptions)
        {
            foreach (var subscription in _subscriptions)
                subscription.Dispose();
            _subscriptions.Clear();
        }
    }

    void IObserver<DiagnosticListener>.OnCompleted()
    {
    }

    void IObserver<DiagnosticListener>.OnError(Exception error)
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnCompleted()
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnError(Exception error)
    {
    }
}

/// <summary>A bell that stays rung until somebody has waited for it. Several listeners may wait; all of them wake.</summary>
internal sealed class Wakeup
{
    readonly Lock _lock = new();
    TaskCompletionSource _bell = New();

    /// <summary>Take it before looking at the source, and wait for it after: nothing that happens in between is missed.</summary>
    public Task Next
    {
        get
        {
            lock (_lock)
            {
                if (_bell.Task.IsCompleted)
                    _bell = New();
                return _bell.Task;
            }
        }
    }

    public void Signal()
    {
        lock (_lock)
            _bell.TrySetResult();
    }

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
