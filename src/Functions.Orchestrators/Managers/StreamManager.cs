using DataIngestion.Contracts;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DataIngestion.Orchestrators.Managers;

/// <summary>Where an endless stream stands.</summary>
/// <param name="Plan">The plan; its request names the current window's run.</param>
/// <param name="Run">The run that was asked for.</param>
/// <param name="Windows">Windows taken so far.</param>
/// <param name="StartedAt">When the first began.</param>
/// <param name="Totals">What the windows so far added up to, by dataset.</param>
public sealed record StreamState(IngestionPlan Plan, string Run, int Windows, DateTimeOffset StartedAt, IReadOnlyList<DatasetReport> Totals);

/// <summary>
/// Moves an endless stream in windows: each is collected, converted, checked and published like a run of an API, and the cursor moves
/// after it, so that a stop between two windows loses nothing. The history begins anew with every window.
/// </summary>
public static class StreamManager
{
    /// <summary>The orchestrator that begins a stream.</summary>
    [Function(nameof(StreamManager))]
    public static Task<RunReport> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, IngestionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(plan);
        context.IsUsedFor(plan.Request.Run);
        var state = new StreamState(plan, plan.Request.Run, 0, new(context.CurrentUtcDateTime, TimeSpan.Zero), []);
        return context.CallSubOrchestratorAsync<RunReport>(nameof(StreamWindows), state, new SubOrchestrationOptions(retry: null, instanceId: $"{context.InstanceId}.windows"));
    }

    /// <summary>The orchestrator that takes one window and begins anew for the next.</summary>
    [Function(nameof(StreamWindows))]
    public static async Task<RunReport> StreamWindows([OrchestrationTrigger] TaskOrchestrationContext context, StreamState state)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(state);
        context.IsUsedFor(state.Run);
        var now = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero);
        var window = state.Plan with { Request = state.Plan.Request with { Run = RunId.From(state.Plan.Source.Source, now, $"{state.Run} window {state.Windows}") } };
        var datasets = ApiManager.DatasetsOf(window);
        var taken = await Task.WhenAll(datasets.Select(dataset =>
            new DatasetPipeline(context, window, dataset).RunAsync(steps => ApiManager.CollectAsync(context, window, dataset, steps))));

        var next = state with { Windows = state.Windows + 1, Totals = Add(state.Totals, taken) };
        if (taken.Any(d => d.Outcome is RunOutcome.Failed) || IsLast(next))
            return RunReport.Of(state.Run, state.Plan.Source.Source, state.StartedAt, new(context.CurrentUtcDateTime, TimeSpan.Zero), next.Totals);

        context.ContinueAsNew(next);
        return RunReport.Of(state.Run, state.Plan.Source.Source, state.StartedAt, now, next.Totals); // not seen: the orchestration begins anew
    }

    static bool IsLast(StreamState state) =>
        state.Plan.Source.Datasets.Max(d => d.Request?.MaxWindows ?? d.Read?.MaxWindows ?? 0) is > 0 and var most && state.Windows >= most;

    static IReadOnlyList<DatasetReport> Add(IReadOnlyList<DatasetReport> totals, IReadOnlyList<DatasetReport> window) =>
        totals.Count == 0 ? window : [.. totals.Zip(window, Add)];

    static DatasetReport Add(DatasetReport total, DatasetReport window) => window with
    {
        Outcome = window.Outcome is RunOutcome.NothingNew ? total.Outcome : window.Outcome,
        RowsIn = total.RowsIn + window.RowsIn,
        RowsOut = total.RowsOut + window.RowsOut,
        RowsQuarantined = total.RowsQuarantined + window.RowsQuarantined,
        RowsMergedAway = total.RowsMergedAway + window.RowsMergedAway,
        Bytes = total.Bytes + window.Bytes,
        Requests = total.Requests + window.Requests,
        Retries = total.Retries + window.Retries,
        Snapshot = window.Snapshot ?? total.Snapshot,
        Quarantine = window.Quarantine ?? total.Quarantine,
        Quality = window.Quality ?? total.Quality,
    };
}
