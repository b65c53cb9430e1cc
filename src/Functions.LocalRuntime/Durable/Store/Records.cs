using System.Runtime.InteropServices;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>Who waits for a sub-orchestration.</summary>
internal sealed record ParentLink(long Key, int Execution, int TaskId, string InstanceId, string Name)
{
    public ParentOrchestrationInstance ToApi() => new(Name, InstanceId);
}

/// <summary>What a message needs to know of its receiver.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct InstanceState(long Key, OrchestrationRuntimeStatus Status, int Execution)
{
    public bool IsFinal => Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}

/// <summary>A row of the instances, whole.</summary>
internal sealed record InstanceRow(
    long Key,
    string InstanceId,
    string Name,
    OrchestrationRuntimeStatus Status,
    int Execution,
    DateTime CreatedAt,
    DateTime UpdatedAt,
    string? Input,
    string? Output,
    string? CustomStatus,
    string? Failure,
    ParentLink? Parent);

/// <summary>A call of an activity that has no result yet.</summary>
/// <param name="Seq">Its place in the queue; never used again.</param>
internal sealed record ActivityWork(long Seq, long Instance, int Execution, string InstanceId, int TaskId, string Name, string? Input);

/// <summary>What has to happen in memory once a transaction is committed.</summary>
internal sealed class CommitEffects
{
    /// <summary>Instances that have a message.</summary>
    public List<long> Ready { get; } = [];

    public List<ActivityWork> Activities { get; } = [];

    /// <summary>When the earliest of the new timers is due; null if there is none.</summary>
    public DateTime? NextTimer { get; set; }

    /// <summary>Whether the instance was still there to be changed.</summary>
    public bool Applied { get; set; } = true;

    public void Due(DateTime fireAt) => NextTimer = NextTimer < fireAt ? NextTimer : fireAt;
}
