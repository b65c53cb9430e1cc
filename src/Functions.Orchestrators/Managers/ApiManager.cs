using DataIngestion.Contracts;
using DataIngestion.Orchestrators.Activities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DataIngestion.Orchestrators.Managers;

/// <summary>Moves the data of what is asked, an HTTP API or a database: reach it, fetch what is new of each dataset, convert, check, publish.</summary>
public static class ApiManager
{
    /// <summary>The orchestrator.</summary>
    [Function(nameof(ApiManager))]
    public static async Task<RunReport> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, IngestionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(plan);
        context.IsUsedFor(plan.Request.Run);
        var startedAt = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero);
        var datasets = DatasetsOf(plan);
        var reports = await Task.WhenAll(datasets.Select(dataset => new DatasetPipeline(context, plan, dataset).RunAsync(steps => CollectAsync(context, plan, dataset, steps))));
        return RunReport.Of(plan.Request.Run, plan.Source.Source, startedAt, new(context.CurrentUtcDateTime, TimeSpan.Zero), reports);
    }

    /// <summary>The datasets that a plan is about.</summary>
    internal static IReadOnlyList<string> DatasetsOf(IngestionPlan plan) =>
        [.. plan.Source.Datasets.Select(d => d.Dataset).Where(d => plan.Request.Dataset is null || plan.Request.Dataset == d)];

    /// <summary>Reaches the source and fetches what is new of a dataset, or takes what was landed before if that is the advice.</summary>
    internal static async Task<CollectResult> CollectAsync(TaskOrchestrationContext context, IngestionPlan plan, string dataset, StepRunner steps)
    {
        if (plan.Request.ReplayOf is { } earlier)
        {
            return await steps.RunAsync<CollectResult>(
                "collect", Queues.DataCollector, CommandKinds.Replay, plan.Workflow.Collect, new ReplayArguments(plan.Source, dataset, earlier));
        }

        try
        {
            await steps.RunAsync<ConnectResult>(
                "connect", Queues.DataConnector, CommandKinds.Connect, plan.Workflow.Connect, new ConnectArguments(plan.Source));

            var cursor = plan.Request.FullRefresh || plan.Request.Window is not null
                ? null
                : await context.CallActivityAsync<string?>(nameof(ReadCursor), new CursorName(plan.Source.Source, dataset, plan.Request.Run), Retries.Persistent);
            return await steps.RunAsync<CollectResult>(
                "collect", Queues.DataCollector, CommandKinds.Collect, plan.Workflow.Collect,
                new CollectArguments { Source = plan.Source, Dataset = dataset, Cursor = cursor, Window = plan.Request.Window });
        }
        catch (StepGaveUpException gaveUp) when (gaveUp.Decision is { Action: RetryAction.RecoverFromCache, CachedLanding: { } cached })
        {
            return new() { Manifest = cached, Artefacts = 1 };
        }
    }
}
