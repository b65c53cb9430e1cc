using DataIngestion.Contracts;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DataIngestion.Orchestrators.Managers;

/// <summary>Moves files, a dropped one or those that are new where the connection leads: into landing, converted, checked, published.</summary>
public static class FileManager
{
    /// <summary>The orchestrator.</summary>
    [Function(nameof(FileManager))]
    public static async Task<RunReport> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, IngestionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(plan);
        var startedAt = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero);
        if (plan.Source.Connection is not null)
            return await ApiManager.RunAsync(context, plan);
        context.IsUsedFor(plan.Request.Run);
        var report = await MoveDroppedAsync(context, plan);
        return RunReport.Of(plan.Request.Run, plan.Source.Source, startedAt, new(context.CurrentUtcDateTime, TimeSpan.Zero), [report]);
    }

    static async Task<DatasetReport> MoveDroppedAsync(TaskOrchestrationContext context, IngestionPlan plan)
    {
        if (plan.Request.File is not { } file)
            return Refused(plan, "A file source needs a file: put one into the drop container below the source's name.");
        if (DatasetOf(plan, file) is not { } dataset)
            return Refused(plan, $"'{file.Path.FileName}' fits none of the patterns of '{plan.Source.Source}': expected {string.Join(", ", plan.Source.Datasets.Select(d => d.Files))}.");

        return await new DatasetPipeline(context, plan, dataset).RunAsync(steps => steps.RunAsync<CollectResult>(
            "collect", Queues.DataCollector, CommandKinds.LandFile, plan.Workflow.Collect, new LandFileArguments(plan.Source, dataset, file)));
    }

    static string? DatasetOf(IngestionPlan plan, DroppedFile file) =>
        plan.Request.Dataset
        ?? plan.Source.Datasets.FirstOrDefault(d => d.Files is { } pattern && FileNamePattern.IsMatch(pattern, file.Path.FileName))?.Dataset;

    static DatasetReport Refused(IngestionPlan plan, string message) => new()
    {
        Dataset = plan.Request.Dataset ?? plan.Source.Datasets[0].Dataset,
        Source = plan.Source.Source,
        Outcome = RunOutcome.Failed,
        Failure = new() { Code = "not-configured", Message = message },
    };
}
