using DataIngestion.Contracts;
using DataIngestion.Orchestrators.Activities;
using DataIngestion.Orchestrators.Saga;
using Microsoft.DurableTask;

namespace DataIngestion.Orchestrators.Managers;

/// <summary>
/// What every manager does with raw artefacts: convert, check, publish, and only then move the cursor. When a step fails for good,
/// the steps that began are undone, last first.
/// </summary>
internal sealed class DatasetPipeline(TaskOrchestrationContext context, IngestionPlan plan, string dataset)
{
    readonly StepRunner _steps = new(context, plan, dataset);
    readonly DatasetDefinition _definition = plan.Datasets[dataset];

    string Run => plan.Request.Run;

    string Source => plan.Source.Source;

    /// <summary>Runs the whole path for one dataset. Failures are in the report, not thrown.</summary>
    /// <param name="collect">How the raw artefacts get into landing.</param>
    public async Task<DatasetReport> RunAsync(Func<StepRunner, Task<CollectResult>> collect)
    {
        var saga = new SagaLog();
        var report = new DatasetReport { Dataset = dataset, Source = Source, Outcome = RunOutcome.Failed };
        try
        {
            var landed = await collect(_steps);
            report = report with { Bytes = landed.Bytes, Requests = landed.Requests, Retries = landed.Retries, Notes = landed.Notes };
            if (landed.Artefacts == 0)
                return await CommitAsync(landed, report with { Outcome = RunOutcome.NothingNew }); // days without records are done too

            return await PublishAsync(saga, landed, report);
        }
        catch (StepGaveUpException gaveUp)
        {
            context.SetCustomStatus(new RunProgress(dataset, "undo", 1));
            var stuck = await saga.CompensateAsync();
            return report with
            {
                Outcome = RunOutcome.Failed,
                RowsOut = 0,
                Snapshot = null,
                Failure = gaveUp.Failure with { Message = $"{gaveUp.Step}: {gaveUp.Failure.Message}" },
                DeadLetter = gaveUp.Decision.DeadLetter,
                FallbackSource = gaveUp.Decision.FallbackSource,
                Notes = [.. report.Notes, gaveUp.Decision.Reason, .. stuck],
            };
        }
    }

    async Task<DatasetReport> PublishAsync(SagaLog saga, CollectResult landed, DatasetReport report)
    {
        var converted = await saga.RunAsync(
            "convert",
            () => _steps.RunAsync<ConvertResult>(
                "convert", Queues.DataConverter, CommandKinds.Convert, plan.Workflow.Convert,
                new ConvertArguments { Source = plan.Source, Dataset = _definition, Landing = landed.Manifest }),
            () => context.CallActivityAsync(nameof(DiscardCurated), new CuratedRun(dataset, Source, Run), Retries.Persistent));
        report = report with { RowsIn = converted.RowsIn, RowsQuarantined = converted.RowsQuarantined, Quarantine = converted.Quarantine };

        var quality = await _steps.RunAsync<QualityResult>(
            "quality", Queues.DataConverter, CommandKinds.CheckQuality, plan.Workflow.Quality,
            new QualityArguments(Source, _definition, converted.Manifest));
        report = report with { Quality = quality.Score, Notes = [.. report.Notes, .. quality.Findings] };
        if (!quality.Passed)
            throw await _steps.GiveUpAsync("quality", BelowTheGate(quality));

        var merged = await saga.RunAsync(
            "merge",
            () => _steps.RunAsync<MergeResult>(
                "merge", Queues.DataMerger, CommandKinds.Merge, plan.Workflow.Merge,
                new MergeArguments(Source, _definition, Run, converted.Manifest)),
            () => _steps.RunAsync<WithdrawResult>(
                "withdraw", Queues.DataMerger, CommandKinds.Withdraw, plan.Workflow.Merge, new WithdrawArguments(dataset, Run)));

        report = report with
        {
            Outcome = RunOutcome.Completed,
            RowsOut = merged.RowsOut,
            RowsMergedAway = merged.RowsMergedAway,
            Disagreements = merged.Disagreements,
            Snapshot = merged.Snapshot,
        };
        return await CommitAsync(landed, report);
    }

    // Published data stays even when the cursor does not move: the next run fetches it again and merges it away.
    async Task<DatasetReport> CommitAsync(CollectResult landed, DatasetReport report)
    {
        if (landed.NextCursor is null || plan.Request.Window is not null || plan.Request.ReplayOf is not null)
            return report;

        var commit = new CursorCommit(Source, dataset, Run, landed.NextCursor, landed.Manifest, plan.Request.FullRefresh);
        var moved = await context.CallActivityAsync<bool>(nameof(CommitCursor), commit, Retries.Persistent);
        return moved ? report : report with { Notes = [.. report.Notes, "Another run moved the cursor meanwhile; this run left it alone."] };
    }

    Failure BelowTheGate(QualityResult quality) => new()
    {
        Code = "quality",
        Message = $"Quality {quality.Score:0.#} is below the minimum of {_definition.Quality.MinimumScore:0.#} of '{dataset}', so nothing was published: {string.Join("; ", quality.Findings)}",
    };
}
