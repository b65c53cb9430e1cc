namespace DataIngestion.LocalRuntime.Durable;

/// <summary>What can stand in a history. The numbers are stored: never change one.</summary>
internal enum HistoryKind
{
    TurnStarted = 0,
    ExecutionStarted = 1,
    TaskScheduled = 2,
    TaskCompleted = 3,
    TaskFailed = 4,
    TimerCreated = 5,
    TimerFired = 6,
    SubOrchestrationCreated = 7,
    SubOrchestrationCompleted = 8,
    SubOrchestrationFailed = 9,
    EventSent = 10,
    EventRaised = 11,
    ExecutionSuspended = 12,
    ExecutionResumed = 13,
    ExecutionTerminated = 14,
    ExecutionCompleted = 15,
}

/// <summary>One fact about an orchestration; also the form of a message to it.</summary>
/// <param name="TaskId">The call it belongs to; -1 if none.</param>
/// <param name="Name">Of the orchestrator, activity or event; for a termination, <see cref="Recursive"/> or null.</param>
/// <param name="Data">Input, output, payload or failure as JSON; the child's instance id; the time a timer fires.</param>
internal sealed record HistoryEvent(HistoryKind Kind, DateTime At, int TaskId = -1, string? Name = null, string? Data = null)
{
    /// <summary>The <see cref="Name"/> of a termination that reaches sub-orchestrations.</summary>
    public const string Recursive = "recursive";
}

/// <summary>A message to an orchestration.</summary>
/// <param name="Seq">Its place in the inbox.</param>
/// <param name="Execution">The execution it answers; -1 if it is for any.</param>
internal readonly record struct InboxMessage(long Seq, int Execution, HistoryEvent Event)
{
    public const int AnyExecution = -1;
}
