using DataIngestion.Contracts;
using DataIngestion.Storage;
using Microsoft.DurableTask.Client;

namespace DataIngestion.Orchestrators.Http;

/// <summary>Puts an orchestration's state into the words of a run.</summary>
internal static class StatusReader
{
    /// <summary>Reads it.</summary>
    /// <param name="instance">The run's orchestration, with its output.</param>
    /// <param name="movement">The orchestration that moves its data, which knows the step at work; null if there is none or nobody cares.</param>
    public static IngestionStatus Read(OrchestrationMetadata instance, OrchestrationMetadata? movement)
    {
        var source = RunId.TryParse(instance.InstanceId, out var named, out _) ? named : instance.InstanceId;
        var report = instance.RuntimeStatus is OrchestrationRuntimeStatus.Completed ? instance.ReadOutputAs<RunReport>() : null;
        return new()
        {
            Run = instance.InstanceId,
            Source = source,
            Status = StateOf(instance, report),
            StartedAt = report?.StartedAt ?? instance.CreatedAt,
            UpdatedAt = movement?.LastUpdatedAt ?? instance.LastUpdatedAt,
            Progress = movement?.SerializedCustomStatus is null ? null : movement.ReadCustomStatusAs<RunProgress>(),
            Report = report ?? FailedReport(instance, source),
        };
    }

    /// <summary>Reads what the register knows of a run that this task hub does not have.</summary>
    public static IngestionStatus Read(RunRecord record) => new()
    {
        Run = record.Request.Run,
        Source = record.Request.Source,
        Status = record.Report is null ? RunState.Running : record.Report.Outcome is RunOutcome.Failed ? RunState.Failed : RunState.Completed,
        StartedAt = record.Report?.StartedAt ?? record.BegunAt,
        UpdatedAt = record.EndedAt,
        Report = record.Report,
    };

    static RunState StateOf(OrchestrationMetadata instance, RunReport? report) => instance.RuntimeStatus switch
    {
        OrchestrationRuntimeStatus.Completed when report?.Outcome is RunOutcome.Failed => RunState.Failed,
        OrchestrationRuntimeStatus.Completed => RunState.Completed,
        OrchestrationRuntimeStatus.Failed => RunState.Failed,
        OrchestrationRuntimeStatus.Terminated => RunState.Terminated,
        OrchestrationRuntimeStatus.Pending => RunState.Queued,
        _ => RunState.Running,
    };

    static RunReport? FailedReport(OrchestrationMetadata instance, string source) => instance.FailureDetails is { } failure
        ? new()
        {
            Run = instance.InstanceId,
            Source = source,
            Outcome = RunOutcome.Failed,
            StartedAt = instance.CreatedAt,
            FinishedAt = instance.LastUpdatedAt,
            Failure = new() { Code = "internal", Message = failure.ErrorMessage, ErrorType = failure.ErrorType },
        }
        : null;
}
