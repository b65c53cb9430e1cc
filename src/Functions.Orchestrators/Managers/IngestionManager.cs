using DataIngestion.Contracts;
using DataIngestion.Orchestrators.Activities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DataIngestion.Orchestrators.Managers;

/// <summary>
/// Runs one ingestion: announces it, hands the data movement to the manager for the source's kind, lets another source stand in where
/// the fetch-retry agent says so, and announces the end. Its instance id is the run id.
/// </summary>
public static class IngestionManager
{
    /// <summary>The orchestrator.</summary>
    [Function(nameof(IngestionManager))]
    public static async Task<RunReport> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, IngestionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(plan);
        context.IsUsedFor(plan.Request.Run, isChild: false);
        var startedAt = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero);
        await Announce(LifecycleEventTypes.RunStarted, startedAt);

        var report = await MoveAsync(context, plan);
        foreach (var standIn in StandIns(plan, report))
        {
            var request = standIn.Request with { Run = RunId.From(standIn.Source.Source, startedAt, $"{plan.Request.Run} failed") };
            var instead = await MoveAsync(context, standIn with { Request = request });
            report = Join(report, instead);
        }

        report = report with { StartedAt = startedAt, FinishedAt = new(context.CurrentUtcDateTime, TimeSpan.Zero) };
        var type = report.Outcome is RunOutcome.Failed ? LifecycleEventTypes.RunFailed : LifecycleEventTypes.RunCompleted;
        await Announce(type, report.FinishedAt, report);
        return report;

        Task Announce(string type, DateTimeOffset at, RunReport? outcome = null) =>
            context.CallActivityAsync(
                nameof(AnnounceRun),
                new RunAnnouncement(type, plan.Request.Run, plan.Source.Source, at, outcome) { Cause = plan.Request.Cause, AwaitedSince = AwaitedSince(plan.Request) },
                Retries.Persistent);
    }

    static DateTimeOffset? AwaitedSince(IngestionRequest request) => request.Window is null && request.ReplayOf is null ? request.RequestedAt : null;

    static async Task<RunReport> MoveAsync(TaskOrchestrationContext context, IngestionPlan plan)
    {
        var manager = plan.Source.Kind switch
        {
            not SourceKind.Batch when plan.Request.ReplayOf is not null => nameof(ApiManager), // whatever it once came from, it lies in landing now
            SourceKind.Api or SourceKind.Database => nameof(ApiManager),
            SourceKind.File => nameof(FileManager),
            SourceKind.Batch => nameof(BatchManager),
            _ => nameof(StreamManager),
        };
        var child = new SubOrchestrationOptions(retry: null, instanceId: MovementOf(plan.Request.Run));
        try
        {
            return await context.CallSubOrchestratorAsync<RunReport>(manager, plan, child);
        }
        catch (TaskFailedException failure)
        {
            // A manager reports failures; one that throws has a defect. The run still ends with a report.
            var now = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero);
            return new()
            {
                Run = plan.Request.Run,
                Source = plan.Source.Source,
                Outcome = RunOutcome.Failed,
                StartedAt = now,
                FinishedAt = now,
                Failure = new() { Code = "internal", Message = $"{manager} failed: {failure.FailureDetails.ErrorMessage}", ErrorType = failure.FailureDetails.ErrorType },
            };
        }
    }

    /// <summary>Instance id of the orchestration that moves a run's data, below the run's own.</summary>
    public static string MovementOf(string run) => $"{run}.movement";

    static IEnumerable<IngestionPlan> StandIns(IngestionPlan plan, RunReport report) =>
        report.Datasets.Select(d => d.FallbackSource).OfType<string>().Distinct().Where(plan.Related.ContainsKey).Select(source => plan.Related[source]);

    // The stand-in's datasets take the place of the failed ones.
    static RunReport Join(RunReport failed, RunReport instead)
    {
        var covered = instead.Datasets.Where(d => d.Outcome is not RunOutcome.Failed).Select(d => d.Dataset).ToHashSet(StringComparer.Ordinal);
        var kept = failed.Datasets.Where(d => !covered.Contains(d.Dataset));
        return RunReport.Of(failed.Run, failed.Source, failed.StartedAt, instead.FinishedAt, [.. kept, .. instead.Datasets]);
    }
}
