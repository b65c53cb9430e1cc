using System.Runtime.ExceptionServices;
using DurableTask.Core.Exceptions;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>One execution of an orchestration in memory: replays its past, then takes turns. Used by one thread at a time.</summary>
internal sealed class OrchestrationSession
{
    /// <summary>How often an orchestration may continue as new within one turn before that turn is committed.</summary>
    const int MaxExecutionsATurn = 100;

    readonly OrchestratorRegistration? _orchestrator;
    readonly ILoggerFactory _loggers;
    readonly Action _wake;
    readonly TurnScheduler _scheduler;
    readonly Queue<HistoryEvent> _held = new();
    ReplayContext? _context;
    Task<object?>? _root;
    bool _suspended;
    volatile bool _leftItsThread;
    DateTime _lastTurn;

    /// <param name="orchestrator">Null if nothing of that name is registered.</param>
    /// <param name="wake">Asks for a turn without a message, to report that the code has left its thread.</param>
    public OrchestrationSession(InstanceIdentity identity, int execution, OrchestratorRegistration? orchestrator, ILoggerFactory loggers, Action wake)
    {
        Identity = identity;
        Execution = execution;
        _orchestrator = orchestrator;
        _loggers = loggers;
        _wake = wake;
        _scheduler = new(OnForeignContinuation);
    }

    public InstanceIdentity Identity { get; }

    public int Execution { get; }

    /// <summary>Events committed so far.</summary>
    public int HistoryLength { get; private set; }

    public bool IsStarted => _context is not null;

    /// <summary>Whether a turn is due although there may be no message.</summary>
    public bool LeftItsThread => _leftItsThread;

    /// <summary>Brings a new session to where the history ends.</summary>
    /// <exception cref="NonDeterministicOrchestrationException">The code does not do what the history says.</exception>
    public void Replay(IEnumerable<HistoryEvent> past)
    {
        ExceptionDispatchInfo? broken = null;
        foreach (var recorded in past)
        {
            HistoryLength++; // to the end in any case: the failure is appended there
            try
            {
                if (broken is null)
                    Play(recorded, replaying: true);
            }
            catch (Exception exception) when (exception is not SqliteException)
            {
                broken = ExceptionDispatchInfo.Capture(exception);
            }
        }

        broken?.Throw();
        _context?.State.ForgetCancelledTimers();
    }

    /// <summary>Takes a turn.</summary>
    /// <returns>What is to be committed, and the session to go on with (another one after continue-as-new).</returns>
    public (TurnOutcome Outcome, OrchestrationSession Next) Turn(IReadOnlyList<HistoryEvent> messages, DateTime now)
    {
        var outcome = new TurnOutcome { FromExecution = Execution, Execution = Execution, FirstHistorySeq = HistoryLength };
        var session = this;
        IReadOnlyList<HistoryEvent> events = messages;
        for (var executions = 1; ; executions++)
        {
            session.TakeTurn(events, now, outcome);
            if (session._context?.ContinueWith is not { } next || outcome.Status != OrchestrationRuntimeStatus.Completed)
                return (outcome, session);

            events = session.Restart(next, outcome);
            now = outcome.Now;
            session = new(Identity, outcome.Execution, _orchestrator, _loggers, _wake) { _lastTurn = now };
            if (executions == MaxExecutionsATurn)
            {
                outcome.LeftOver.AddRange(events);
                outcome.Status = OrchestrationRuntimeStatus.Running;
                return (outcome, session);
            }
        }
    }

    /// <summary>Tells that the last turn is in the store.</summary>
    public void Committed(TurnOutcome outcome) => HistoryLength = outcome.FirstHistorySeq + outcome.History.Count;

    /// <summary>A turn that does nothing but fail.</summary>
    public TurnOutcome FailTurn(TaskFailureDetails failure, DateTime now)
    {
        var outcome = new TurnOutcome { FromExecution = Execution, Execution = Execution, FirstHistorySeq = HistoryLength, Now = Later(now) };
        outcome.History.Add(new(HistoryKind.TurnStarted, outcome.Now));
        Finish(outcome, OrchestrationRuntimeStatus.Failed, failure.ErrorMessage, failure);
        return outcome;
    }

    void TakeTurn(IReadOnlyList<HistoryEvent> events, DateTime now, TurnOutcome outcome)
    {
        outcome.Now = _lastTurn = Later(now);
        outcome.Status = OrchestrationRuntimeStatus.Running;
        var played = 0;
        try
        {
            Record(new(HistoryKind.TurnStarted, outcome.Now), outcome);
            while (played < events.Count && !outcome.IsFinal)
            {
                var message = events[played++];
                Record(message, outcome);
                if (message.Kind == HistoryKind.ExecutionTerminated)
                    Terminate(message, outcome);
                else if (_leftItsThread || IsStuck)
                    Fail(new InvalidOperationException(IllegalAwait.Message(Identity.Name)), outcome);
                else
                    CompleteIfDone(outcome);
            }

            if (!outcome.IsFinal && (_leftItsThread || IsStuck))
                Fail(new InvalidOperationException(IllegalAwait.Message(Identity.Name)), outcome);
        }
        catch (NonDeterministicOrchestrationException changed)
        {
            Fail(changed, outcome);
        }

        outcome.CustomStatus = _context?.SerializedCustomStatus;
        if (outcome.IsFinal)
        {
            outcome.LeftOver.AddRange(events.Skip(played));
        }
        else
        {
            _context?.State.Take(outcome);
            outcome.Status = _suspended ? OrchestrationRuntimeStatus.Suspended : _context is null ? OrchestrationRuntimeStatus.Pending : OrchestrationRuntimeStatus.Running;
        }
    }

    /// <summary>Nothing durable can wake the orchestrator again, so it awaits something else.</summary>
    bool IsStuck => _root is { IsCompleted: false } && !_suspended && _context is { State.HasOpenTasks: false, Events.HasPending: false };

    void Record(HistoryEvent message, TurnOutcome outcome)
    {
        outcome.History.Add(message);
        Play(message, replaying: false);
    }

    void Play(HistoryEvent message, bool replaying)
    {
        if (message.Kind == HistoryKind.TurnStarted)
        {
            _lastTurn = message.At;
            _context?.BeginTurn(message.At);
            return;
        }

        if (message.Kind == HistoryKind.ExecutionStarted)
        {
            _context = new(Identity, message.Data, _scheduler, _loggers);
            _context.BeginTurn(_lastTurn);
        }

        _context?.SetReplaying(replaying);
        if (_suspended && message.Kind is not (HistoryKind.ExecutionResumed or HistoryKind.ExecutionTerminated))
            _held.Enqueue(message);
        else
            _scheduler.Run(() => Apply(message));
    }

    void Apply(HistoryEvent message)
    {
        switch (message.Kind)
        {
            case HistoryKind.ExecutionStarted:
                Start();
                break;
            case HistoryKind.TaskScheduled or HistoryKind.TimerCreated or HistoryKind.SubOrchestrationCreated or HistoryKind.EventSent:
                _context!.State.Confirm(message);
                break;
            case HistoryKind.TaskCompleted or HistoryKind.SubOrchestrationCompleted or HistoryKind.TimerFired:
                _context!.State.Complete(message.TaskId, message.Data);
                break;
            case HistoryKind.TaskFailed or HistoryKind.SubOrchestrationFailed:
                _context!.State.Fail(message.TaskId, Failures.Deserialize(message.Data));
                break;
            case HistoryKind.EventRaised:
                _context!.Events.Raise(message);
                break;
            case HistoryKind.ExecutionSuspended:
                _suspended = true;
                _context?.State.Suspend();
                break;
            case HistoryKind.ExecutionResumed:
                _suspended = false;
                _context?.State.Resume();
                while (_held.TryDequeue(out var held))
                    Apply(held);
                break;
        }
    }

    void Start()
    {
        try
        {
            _root = _orchestrator is null
                ? Task.FromException<object?>(new OrchestratorNotFoundException(Identity.Name))
                : _orchestrator.Run(_context!);
        }
        catch (Exception thrown)
        {
            _root = Task.FromException<object?>(thrown); // a function that is not async
        }

        if (!_root.IsCompleted)
            _ = _root.ContinueWith(static (_, state) => ((OrchestrationSession)state!).OnRootCompleted(), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    void OnRootCompleted()
    {
        if (!_scheduler.IsTurnThread)
            OnForeignContinuation();
    }

    void OnForeignContinuation()
    {
        _leftItsThread = true;
        _wake();
    }

    /// <summary>An orchestration is done when its function is and every call it made has its result.</summary>
    void CompleteIfDone(TurnOutcome outcome)
    {
        if (_root is not { IsCompleted: true } || _suspended || _context!.State.HasOpenTasks)
            return;

        // A last SendEvent belongs to the history too.
        _context.State.Take(outcome);
        if (_root.IsCompletedSuccessfully)
            Succeed(_root.Result, outcome);
        else
            Fail(_root.Exception?.InnerException ?? new TaskCanceledException(_root), outcome);
    }

    static void Succeed(object? result, TurnOutcome outcome)
    {
        string? output;
        try
        {
            output = DurableJson.Converter.Serialize(result);
        }
        catch (Exception unwritable) when (unwritable is System.Text.Json.JsonException or NotSupportedException)
        {
            Fail(unwritable, outcome);
            return;
        }

        Finish(outcome, OrchestrationRuntimeStatus.Completed, output, null);
    }

    static void Fail(Exception exception, TurnOutcome outcome)
    {
        var failure = exception is OrchestratorNotFoundException missing ? Failures.NoOrchestrator(missing.Message) : TaskFailureDetails.FromException(exception);
        Finish(outcome, OrchestrationRuntimeStatus.Failed, failure.ErrorMessage, failure);
    }

    void Terminate(HistoryEvent message, TurnOutcome outcome)
    {
        if (message.Name == HistoryEvent.Recursive && _context is not null)
            outcome.Terminations.AddRange(_context.State.OpenSubOrchestrations);
        Finish(outcome, OrchestrationRuntimeStatus.Terminated, message.Data, null);
    }

    static void Finish(TurnOutcome outcome, OrchestrationRuntimeStatus status, string? output, TaskFailureDetails? failure)
    {
        outcome.History.Add(new(HistoryKind.ExecutionCompleted, outcome.Now, -1, status.ToString(), failure is null ? output : Failures.Serialize(failure)));
        outcome.Status = status;
        outcome.Output = output;
        outcome.Failure = failure;
    }

    /// <summary>Turns the end of one execution into the beginning of the next.</summary>
    List<HistoryEvent> Restart(NewExecution next, TurnOutcome outcome)
    {
        var kept = outcome.LeftOver
            .Where(e => e.Kind is HistoryKind.ExecutionTerminated or HistoryKind.ExecutionSuspended or HistoryKind.ExecutionResumed
                || (e.Kind == HistoryKind.EventRaised && next.PreserveUnprocessedEvents))
            .ToList();
        List<HistoryEvent> events = [new(HistoryKind.ExecutionStarted, outcome.Now, -1, Identity.Name, next.Input)];
        if (next.PreserveUnprocessedEvents)
            events.AddRange(_context!.Events.Unprocessed);
        events.AddRange(kept);

        outcome.LeftOver.Clear();
        outcome.History.Clear();
        outcome.FirstHistorySeq = 0;
        outcome.Execution++;
        outcome.NewInput = next.Input;
        outcome.Output = null;
        return events;
    }

    /// <summary>Turns never share a time, or NewGuid would repeat itself after continue-as-new.</summary>
    DateTime Later(DateTime now) => now > _lastTurn ? now : _lastTurn.AddTicks(1);

    sealed class OrchestratorNotFoundException(string name) : Exception(name);
}
