using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DataIngestion.Orchestrators.Tests.Simulation;

internal sealed class SimulatedContext(Hub hub, string instanceId) : TaskOrchestrationContext
{
    readonly Dictionary<string, Queue<object>> _early = new(StringComparer.OrdinalIgnoreCase);
    readonly Dictionary<string, Queue<Action<object>>> _waiting = new(StringComparer.OrdinalIgnoreCase);

    public object? CustomStatus { get; private set; }

    public object? ContinuedWith { get; private set; }

    public override TaskName Name => "orchestration";

    public override string InstanceId => instanceId;

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime => hub.Now;

    public override bool IsReplaying => false;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    public void Deliver(string name, object payload)
    {
        if (_waiting.TryGetValue(name, out var waiters) && waiters.TryDequeue(out var waiter))
            waiter(payload);
        else
            (_early.TryGetValue(name, out var early) ? early : _early[name] = new()).Enqueue(payload);
    }

    public override T? GetInput<T>()
        where T : default => default;

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null) =>
        hub.CallAsync<TResult>(hub.Activities, name.Name, input);

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        hub.CallAsync<TResult>(hub.Orchestrators, orchestratorName.Name, input);

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        var timer = new TaskCompletionSource();
        cancellationToken.Register(() => timer.TrySetCanceled(cancellationToken));
        hub.At(fireAt, () => timer.TrySetResult());
        return timer.Task;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        if (_early.TryGetValue(eventName, out var early) && early.TryDequeue(out var payload))
            return Task.FromResult(Hub.RoundTrip<T>(payload));
        var waiter = new TaskCompletionSource<T>();
        (_waiting.TryGetValue(eventName, out var waiters) ? waiters : _waiting[eventName] = new()).Enqueue(p => waiter.TrySetResult(Hub.RoundTrip<T>(p)));
        return waiter.Task;
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
    }

    public override void SetCustomStatus(object? customStatus) => CustomStatus = customStatus;

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => ContinuedWith = newInput;

    public override Guid NewGuid() => Guid.Empty;
}
