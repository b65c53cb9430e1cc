using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>The context that orchestrators see.</summary>
internal sealed class ReplayContext(InstanceIdentity identity, string? input, TurnScheduler scheduler, ILoggerFactory loggers) : TaskOrchestrationContext
{
    readonly OrchestrationState _state = new();
    readonly EventWaiters _events = new();
    DateTime _now;
    bool _replaying;
    int _guids;
    object? _customStatus;

    public override TaskName Name => identity.Name;

    public override string InstanceId => identity.InstanceId;

    public override ParentOrchestrationInstance? Parent { get; } = identity.Parent;

    public override DateTime CurrentUtcDateTime
    {
        get
        {
            RequireTurn();
            return _now;
        }
    }

    public override bool IsReplaying
    {
        get
        {
            RequireTurn();
            return _replaying;
        }
    }

    protected override ILoggerFactory LoggerFactory => loggers;

    internal OrchestrationState State => _state;

    internal EventWaiters Events => _events;

    /// <summary>Set once the orchestrator has asked to continue as new.</summary>
    internal NewExecution? ContinueWith { get; private set; }

    internal string? SerializedCustomStatus => DurableJson.Converter.Serialize(_customStatus);

    internal void BeginTurn(DateTime now) => _now = now;

    internal void SetReplaying(bool replaying) => _replaying = replaying;

    public override T? GetInput<T>()
        where T : default => DurableJson.Converter.Deserialize<T>(input);

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        RequireTurn();
        RequireName(name);
        if (input is TaskOptions && options is null)
            throw new ArgumentException($"A {nameof(TaskOptions)} was given as the activity's input. Name the parameter '{nameof(options)}'.", nameof(input));

        var json = DurableJson.Converter.Serialize(input);
        return RetryAsync<TResult>(options?.Retry, () => _state.Call(HistoryKind.TaskScheduled, name.Name, json).Result);
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        RequireTurn();
        RequireName(orchestratorName);
        var json = DurableJson.Converter.Serialize(input);
        var child = (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N");
        return RetryAsync<TResult>(options?.Retry, () => _state.Call(HistoryKind.SubOrchestrationCreated, orchestratorName.Name, json, child).Result);
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        RequireTurn();
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);

        var (id, fired) = _state.Call(HistoryKind.TimerCreated, null, null, fireAt: fireAt.ToUniversalTime());
        if (cancellationToken.CanBeCanceled)
            cancellationToken.Register(() => Cancel(id, cancellationToken));
        return fired;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        RequireTurn();
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return _events.Wait<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        RequireTurn();
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        _state.Send(instanceId, eventName, DurableJson.Converter.Serialize(payload));
    }

    public override void SetCustomStatus(object? customStatus)
    {
        RequireTurn();
        _customStatus = customStatus;
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        RequireTurn();
        ContinueWith = new(DurableJson.Converter.Serialize(newInput), preserveUnprocessedEvents);
    }

    public override Guid NewGuid()
    {
        RequireTurn();
        return DeterministicGuid.Create(InstanceId, _now, _guids++);
    }

    async Task<T> RetryAsync<T>(TaskRetryOptions? retry, Func<Task<string?>> call)
    {
        var first = _now;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return DurableJson.Converter.Deserialize<T>(await call())!;
            }
            catch (TaskFailedException failed) when (retry is not null && Failures.IsRetriable(failed.FailureDetails))
            {
                if (retry.Handler is { } handler)
                {
                    if (!await handler(new(this, attempt, failed.FailureDetails, _now - first, CancellationToken.None)))
                        throw;
                }
                else
                {
                    if (RetryDelay.Next(retry.Policy!, attempt, _now - first, failed.FailureDetails) is not { } delay)
                        throw;
                    await CreateTimer(delay, CancellationToken.None);
                }
            }
        }
    }

    void Cancel(int timer, CancellationToken cancellationToken)
    {
        if (scheduler.IsTurnThread)
            _state.CancelTimer(timer, cancellationToken);
        else
            scheduler.ReportForeignContinuation(); // a token that a clock or another thread cancelled
    }

    void RequireTurn()
    {
        if (!scheduler.IsTurnThread)
            throw new InvalidOperationException(IllegalAwait.Message(identity.Name));
    }

    static void RequireName(TaskName name)
    {
        if (string.IsNullOrEmpty(name.Name))
            throw new ArgumentException("The name of an activity or orchestrator must not be empty.", nameof(name));
    }
}

/// <summary>Who an orchestration is.</summary>
internal sealed record InstanceIdentity(long Key, string InstanceId, string Name, ParentOrchestrationInstance? Parent);

/// <summary>What an orchestrator said when it continued as new.</summary>
internal sealed record NewExecution(string? Input, bool PreserveUnprocessedEvents);

/// <summary>The report about orchestrator code that left its thread.</summary>
internal static class IllegalAwait
{
    public static string Message(string orchestrator) =>
        $"Multi-threaded execution was detected. The orchestrator '{orchestrator}' awaits a task that was not created by its TaskOrchestrationContext "
        + "(such as Task.Delay, Task.Run, I/O or ConfigureAwait(false)). Move the work into an activity, or use CreateTimer to wait.";
}
