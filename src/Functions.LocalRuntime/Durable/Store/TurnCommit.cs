namespace DataIngestion.LocalRuntime.Durable;

/// <summary>Writes what a turn changed: its history, its messages to others, its timers and the instance, in the caller's transaction.</summary>
internal static class TurnCommit
{
    /// <summary>The task id of the timer that starts an instance at a given time.</summary>
    public const int StartTimer = -1;

    /// <param name="inboxUpTo">The last message the turn has seen.</param>
    public static CommitEffects Apply(WriteStatements store, InstanceIdentity identity, ParentLink? parent, TurnOutcome outcome, long inboxUpTo)
    {
        var effects = new CommitEffects();
        var key = identity.Key;
        if (store.Find(key) is not { IsFinal: false } current || current.Execution != outcome.FromExecution)
        {
            // Purged or replaced while the turn ran.
            effects.Applied = false;
            return effects;
        }

        if (inboxUpTo > long.MinValue)
            store.ClearInbox(key, inboxUpTo);
        if (outcome.ContinuedAsNew)
        {
            store.ClearHistory(key);
            store.ClearTimers(key);
            store.ReplaceInput(key, outcome.NewInput);
        }

        for (var i = 0; i < outcome.History.Count; i++)
            store.Append(key, outcome.FirstHistorySeq + i, outcome.History[i]);
        store.UpdateInstance(key, outcome);

        foreach (var activity in outcome.Activities)
            effects.Activities.Add(store.InsertActivity(key, outcome.Execution, identity.InstanceId, activity));
        foreach (var timer in outcome.CancelledTimers)
            store.DeleteTimer(key, outcome.Execution, timer);
        foreach (var timer in outcome.Timers)
        {
            store.InsertTimer(key, outcome.Execution, timer.TaskId, timer.FireAt);
            effects.Due(timer.FireAt);
        }

        foreach (var child in outcome.SubOrchestrations)
            Start(store, identity, outcome, child, effects);
        foreach (var sent in outcome.Events)
            Send(store, sent.InstanceId, new(HistoryKind.EventRaised, outcome.Now, -1, sent.Name, sent.Data), effects);
        foreach (var child in outcome.Terminations)
            Send(store, child, new(HistoryKind.ExecutionTerminated, outcome.Now, -1, HistoryEvent.Recursive, outcome.Output), effects);

        if (outcome.IsFinal)
            Finish(store, key, parent, outcome, effects);
        else
            Continue(store, key, outcome, effects);
        return effects;
    }

    static void Start(WriteStatements store, InstanceIdentity parent, TurnOutcome outcome, CreatedSubOrchestration child, CommitEffects effects)
    {
        var existing = store.Find(child.InstanceId);
        if (existing is { IsFinal: false })
        {
            // An answer, so that the parent does not wait for an instance that is not its own.
            var taken = new Microsoft.DurableTask.TaskFailureDetails(
                typeof(global::DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException).FullName!,
                $"An Orchestration instance with the ID {child.InstanceId} already exists.",
                null,
                null,
                null);
            store.Post(parent.Key, outcome.Execution, new(HistoryKind.SubOrchestrationFailed, outcome.Now, child.TaskId, child.Name, Failures.Serialize(taken)));
            effects.Ready.Add(parent.Key);
            return;
        }

        if (existing is { } old)
            store.DeleteInstance(old.Key);
        var link = new ParentLink(parent.Key, outcome.Execution, child.TaskId, parent.InstanceId, parent.Name);
        var key = store.InsertInstance(child.InstanceId, child.Name, outcome.Now, child.Input, link);
        store.Post(key, 0, new(HistoryKind.ExecutionStarted, outcome.Now, -1, child.Name, child.Input));
        effects.Ready.Add(key);
    }

    static void Send(WriteStatements store, string instanceId, HistoryEvent message, CommitEffects effects)
    {
        if (store.Find(instanceId) is not { IsFinal: false } receiver)
            return; // as in Azure: an event to nobody is dropped
        store.Post(receiver.Key, InboxMessage.AnyExecution, message);
        effects.Ready.Add(receiver.Key);
    }

    static void Finish(WriteStatements store, long key, ParentLink? parent, TurnOutcome outcome, CommitEffects effects)
    {
        store.EmptyInbox(key);
        store.ClearTimers(key);
        if (parent is null || store.Find(parent.Key) is not { IsFinal: false } waiting)
            return;
        var answer = outcome.Status switch
        {
            Microsoft.DurableTask.Client.OrchestrationRuntimeStatus.Completed => new HistoryEvent(HistoryKind.SubOrchestrationCompleted, outcome.Now, parent.TaskId, null, outcome.Output),
            _ => new HistoryEvent(HistoryKind.SubOrchestrationFailed, outcome.Now, parent.TaskId, null, Failures.Serialize(outcome.Failure ?? Failures.Terminated(outcome.Output))),
        };
        store.Post(waiting.Key, parent.Execution, answer);
        effects.Ready.Add(waiting.Key);
    }

    static void Continue(WriteStatements store, long key, TurnOutcome outcome, CommitEffects effects)
    {
        foreach (var message in Enumerable.Reverse(outcome.LeftOver))
            store.PostInFront(key, message.Kind == HistoryKind.ExecutionStarted ? outcome.Execution : InboxMessage.AnyExecution, message);
        if (outcome.LeftOver.Count > 0)
            effects.Ready.Add(key);
    }
}
