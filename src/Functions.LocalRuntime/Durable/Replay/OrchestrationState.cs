using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>The calls an orchestrator has made: those that are new, and those whose results are still to come.</summary>
internal sealed class OrchestrationState
{
    readonly SortedDictionary<int, PendingAction> _actions = [];
    readonly SortedDictionary<int, PendingAction> _actionsWhileSuspended = [];
    readonly Dictionary<int, OpenTask> _open = [];
    readonly List<int> _cancelledTimers = [];
    int _nextId;

    public bool HasOpenTasks => _open.Count > 0;

    /// <summary>The instance ids of sub-orchestrations that have not answered.</summary>
    public IEnumerable<string> OpenSubOrchestrations => _open.Values.Select(task => task.Action.InstanceId).OfType<string>();

    /// <summary>A call that has a result.</summary>
    public (int Id, Task<string?> Result) Call(HistoryKind kind, string? name, string? input, string? instanceId = null, DateTime fireAt = default)
    {
        var action = Add(kind, name, input, instanceId, fireAt);
        var open = new OpenTask(action);
        _open.Add(action.Id, open);
        return (action.Id, open.Source.Task);
    }

    /// <summary>A call without a result.</summary>
    public void Send(string instanceId, string eventName, string? data) => Add(HistoryKind.EventSent, eventName, data, instanceId, default);

    /// <summary>Ends a timer early, unless it has fired.</summary>
    public void CancelTimer(int id, CancellationToken cancellationToken)
    {
        if (!_open.Remove(id, out var open))
            return;
        if (_actions.TryGetValue(id, out var action) || _actionsWhileSuspended.TryGetValue(id, out action))
            action.IsCancelled = true; // never gets as far as the store
        else
            _cancelledTimers.Add(id);
        open.Source.TrySetCanceled(cancellationToken);
    }

    /// <summary>Checks a call of the history against the one the code just made.</summary>
    /// <exception cref="NonDeterministicOrchestrationException">They differ.</exception>
    public void Confirm(HistoryEvent recorded)
    {
        var was = Describe(recorded.Kind, recorded.Name);
        if (!_actions.Remove(recorded.TaskId, out var action))
        {
            throw new NonDeterministicOrchestrationException(
                $"A previous execution of this orchestration made the call {was} with sequence number {recorded.TaskId}, but the current replay has not made it. "
                + "Was the orchestrator's code changed after this instance had started?");
        }

        var sameName = recorded.Kind == HistoryKind.TimerCreated || string.Equals(recorded.Name, action.Name, StringComparison.OrdinalIgnoreCase);
        if (action.Kind != recorded.Kind || !sameName)
        {
            throw new NonDeterministicOrchestrationException(
                $"A previous execution of this orchestration made the call {was} with sequence number {recorded.TaskId}, but the current replay instead made the call "
                + $"{Describe(action.Kind, action.Name)}. Was the orchestrator's code changed after this instance had started?");
        }
    }

    /// <summary>Gives a call its result. A result that nobody waits for, such as that of a cancelled timer, is ignored.</summary>
    public void Complete(int id, string? result)
    {
        if (_open.Remove(id, out var open))
            open.Source.TrySetResult(result);
    }

    public void Fail(int id, TaskFailureDetails failure)
    {
        if (_open.Remove(id, out var open))
            open.Source.TrySetException(new TaskFailedException(open.Action.Name!, id, failure));
    }

    public void Suspend()
    {
        foreach (var (id, action) in _actions)
            _actionsWhileSuspended.Add(id, action);
        _actions.Clear();
    }

    public void Resume()
    {
        foreach (var (id, action) in _actionsWhileSuspended)
            _actions.Add(id, action);
        _actionsWhileSuspended.Clear();
    }

    /// <summary>Moves the new calls into what the turn will commit.</summary>
    public void Take(TurnOutcome outcome)
    {
        foreach (var action in _actions.Values)
        {
            var data = action.Kind switch
            {
                HistoryKind.TimerCreated => action.FireAt.ToString("o"),
                HistoryKind.SubOrchestrationCreated or HistoryKind.EventSent => action.InstanceId,
                _ => null,
            };
            outcome.History.Add(new(action.Kind, outcome.Now, action.Id, action.Name, data));
            switch (action.Kind)
            {
                case HistoryKind.TaskScheduled:
                    outcome.Activities.Add(new(action.Id, action.Name!, action.Data));
                    break;
                case HistoryKind.TimerCreated when !action.IsCancelled:
                    outcome.Timers.Add(new(action.Id, action.FireAt));
                    break;
                case HistoryKind.SubOrchestrationCreated:
                    outcome.SubOrchestrations.Add(new(action.Id, action.Name!, action.InstanceId!, action.Data));
                    break;
                case HistoryKind.EventSent:
                    outcome.Events.Add(new(action.InstanceId!, action.Name!, action.Data));
                    break;
            }
        }

        _actions.Clear();
        outcome.CancelledTimers.AddRange(_cancelledTimers);
        _cancelledTimers.Clear();
    }

    /// <summary>Drops what a replay of the past found out again.</summary>
    public void ForgetCancelledTimers() => _cancelledTimers.Clear();

    PendingAction Add(HistoryKind kind, string? name, string? data, string? instanceId, DateTime fireAt)
    {
        var action = new PendingAction(_nextId++, kind, name, data, instanceId, fireAt);
        _actions.Add(action.Id, action);
        return action;
    }

    static string Describe(HistoryKind kind, string? name) => kind == HistoryKind.TimerCreated ? "CreateTimer" : $"{kind} '{name}'";

    sealed class PendingAction(int id, HistoryKind kind, string? name, string? data, string? instanceId, DateTime fireAt)
    {
        public int Id { get; } = id;

        public HistoryKind Kind { get; } = kind;

        public string? Name { get; } = name;

        public string? Data { get; } = data;

        public string? InstanceId { get; } = instanceId;

        public DateTime FireAt { get; } = fireAt;

        public bool IsCancelled { get; set; }
    }

    sealed class OpenTask(PendingAction action)
    {
        public PendingAction Action { get; } = action;

        public TaskCompletionSource<string?> Source { get; } = new();
    }
}
