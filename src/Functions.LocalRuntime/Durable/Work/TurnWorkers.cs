using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>Takes turns: reads an instance's messages, runs its code, commits what came of it.</summary>
internal sealed class TurnWorkers(
    DurableEngineOptions options,
    IReadOnlyDictionary<string, OrchestratorRegistration> orchestrators,
    EngineCore core,
    ILoggerFactory loggers,
    ILogger logger,
    TimeProvider time)
{
    const int MaxMessagesATurn = 1000;

    readonly WarmSessions _warm = new(options.MaxWarmInstances, options.MaxWarmHistoryEvents);
    Task _workers = Task.CompletedTask;

    public void Start(CancellationToken stopping) =>
        _workers = Task.WhenAll(Enumerable.Range(0, options.MaxConcurrentOrchestrations).Select(_ => Task.Run(() => WorkAsync(stopping), CancellationToken.None)));

    public Task StopAsync() => _workers;

    async Task WorkAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            long key;
            try
            {
                key = await core.Ready.TakeAsync(stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var again = false;
            try
            {
                again = await TurnAsync(key);
            }
            catch (ObjectDisposedException)
            {
                return; // the store was closed under it; what was not committed is done again after the next start
            }
            catch (Exception broken)
            {
                again = true;
                await WaitAfterAsync(key, broken, stopping);
            }

            core.Ready.Release(key, again);
        }
    }

    /// <returns>Whether another turn is due.</returns>
    async Task<bool> TurnAsync(long key)
    {
        var warm = _warm.TryTake(key, out var kept) ? kept : null;
        var (row, inbox) = core.Readers.Read(reader => (warm is null ? reader.Find(key) : null, reader.Inbox(key, MaxMessagesATurn)));
        core.ReadSucceeded();
        if (warm is null && row is null or { Status: OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated })
            return false;

        var parent = warm is null ? row!.Parent : warm.Parent;
        var session = warm?.Session ?? Open(row!);
        TurnOutcome outcome;
        var next = session;
        try
        {
            if (warm is null)
                core.Readers.Read(reader => Replay(session, reader));
            var messages = Relevant(session, inbox);
            if (!Due(session, messages, inbox))
            {
                if (session.IsStarted)
                    _warm.Keep(new(session, parent));
                return false;
            }

            (outcome, next) = session.Turn(messages, Now());
        }
        catch (NonDeterministicOrchestrationException changed)
        {
            outcome = session.FailTurn(TaskFailureDetails.FromException(changed), Now());
        }
        catch (Exception unexpected) when (unexpected is not ObjectDisposedException && !StoreFaults.IsStoreWide(unexpected))
        {
            logger.TurnBroke(key, unexpected);
            outcome = session.FailTurn(TaskFailureDetails.FromException(unexpected), Now());
        }

        var upTo = inbox.Count == 0 ? long.MinValue : inbox[^1].Seq;
        CommitEffects effects;
        try
        {
            effects = await CommitAsync(outcome);
        }
        catch (Exception refused) when (refused is not ObjectDisposedException)
        {
            // The store takes commits, but not this one (a payload too large, say). Waiting would not help.
            logger.TurnBroke(key, refused);
            outcome = session.FailTurn(TaskFailureDetails.FromException(refused), Now());
            effects = await CommitAsync(outcome);
        }

        if (!effects.Applied)
            return false;

        if (outcome.IsFinal)
        {
            Report(session.Identity, outcome);
            core.Waiters.Changed(session.Identity.InstanceId);
            return false;
        }

        if (outcome.FirstHistorySeq == 0)
            core.Waiters.Changed(session.Identity.InstanceId);
        next.Committed(outcome);
        _warm.Keep(new(next, parent));
        return inbox.Count == MaxMessagesATurn || next.LeftItsThread;

        Task<CommitEffects> CommitAsync(TurnOutcome turn) => core.Writer.WriteAsync(store => TurnCommit.Apply(store, session.Identity, parent, turn, upTo), core.Publish);
    }

    OrchestrationSession Open(InstanceRow row) => new(
        new(row.Key, row.InstanceId, row.Name, row.Parent?.ToApi()),
        row.Execution,
        orchestrators.GetValueOrDefault(row.Name),
        loggers,
        () => core.Ready.Signal(row.Key));

    static bool Replay(OrchestrationSession session, StoreReader reader)
    {
        session.Replay(reader.History(session.Identity.Key));
        return session.IsStarted;
    }

    /// <summary>The messages for this execution; its start, which a scheduled instance may get after events, comes first.</summary>
    static List<HistoryEvent> Relevant(OrchestrationSession session, List<InboxMessage> inbox) =>
    [
        .. inbox.Where(m => m.Execution == InboxMessage.AnyExecution || m.Execution == session.Execution)
            .Select(m => m.Event)
            .OrderBy(e => e.Kind == HistoryKind.ExecutionStarted ? 0 : 1),
    ];

    /// <summary>Whether there is something to do: an instance that waits for its start time only listens to its end.</summary>
    static bool Due(OrchestrationSession session, List<HistoryEvent> messages, List<InboxMessage> inbox)
    {
        if (session.IsStarted)
            return inbox.Count > 0 || session.LeftItsThread;
        return messages.Exists(e => e.Kind is HistoryKind.ExecutionStarted or HistoryKind.ExecutionTerminated);
    }

    DateTime Now() => time.GetUtcNow().UtcDateTime;

    void Report(InstanceIdentity identity, TurnOutcome outcome)
    {
        if (outcome.Failure is { } failure)
            logger.OrchestrationFailed(identity.Name, identity.InstanceId, failure.ToString());
        else
            logger.OrchestrationEnded(identity.Name, identity.InstanceId, outcome.Status.ToString());
    }

    async Task WaitAfterAsync(long key, Exception broken, CancellationToken stopping)
    {
        if (StoreFaults.IsStoreWide(broken))
            core.ReadFailed(broken);
        else
            logger.TurnBroke(key, broken);
        try
        {
            await Task.Delay(options.FirstStoreRetryDelay * 4, time, stopping);
        }
        catch (OperationCanceledException)
        {
            // Stopping: the instance is picked up at the next start.
        }
    }
}
