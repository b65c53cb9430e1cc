using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>Everything a turn changes, to be committed as one.</summary>
internal sealed class TurnOutcome
{
    /// <summary>The execution the turn began in; a commit applies only to it.</summary>
    public required int FromExecution { get; init; }

    /// <summary>The execution after the turn; higher if the orchestrator continued as new.</summary>
    public int Execution { get; set; }

    /// <summary>Place of the first of <see cref="History"/>; 0 if the old history is to go.</summary>
    public int FirstHistorySeq { get; set; }

    public List<HistoryEvent> History { get; } = [];

    /// <summary>The input of the new execution, if there is one.</summary>
    public string? NewInput { get; set; }

    public List<ScheduledActivity> Activities { get; } = [];

    public List<CreatedTimer> Timers { get; } = [];

    /// <summary>Timers of earlier turns that are no longer of interest.</summary>
    public List<int> CancelledTimers { get; } = [];

    public List<CreatedSubOrchestration> SubOrchestrations { get; } = [];

    public List<SentEvent> Events { get; } = [];

    /// <summary>Instance ids of sub-orchestrations that end with this one.</summary>
    public List<string> Terminations { get; } = [];

    public OrchestrationRuntimeStatus Status { get; set; }

    /// <summary>JSON; for a failure, its message.</summary>
    public string? Output { get; set; }

    public TaskFailureDetails? Failure { get; set; }

    public string? CustomStatus { get; set; }

    public DateTime Now { get; set; }

    /// <summary>More of the new execution's events than one turn should handle.</summary>
    public List<HistoryEvent> LeftOver { get; } = [];

    public bool ContinuedAsNew => Execution != FromExecution;

    public bool IsFinal => Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}

internal readonly record struct ScheduledActivity(int TaskId, string Name, string? Input);

internal readonly record struct CreatedTimer(int TaskId, DateTime FireAt);

internal readonly record struct CreatedSubOrchestration(int TaskId, string Name, string InstanceId, string? Input);

internal readonly record struct SentEvent(string InstanceId, string Name, string? Data);
