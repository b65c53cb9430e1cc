using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.Storage.Usage;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Orchestrators.Activities;

/// <summary>Something to announce about a run.</summary>
/// <param name="Type">See <see cref="LifecycleEventTypes"/>.</param>
/// <param name="Run">Run id.</param>
/// <param name="Source">Source id.</param>
/// <param name="At">When it happened.</param>
/// <param name="Report">The run's report, once there is one.</param>
public sealed record RunAnnouncement(string Type, string Run, string Source, DateTimeOffset At, RunReport? Report = null)
{
    /// <summary>What made the run begin.</summary>
    public IngestionCause Cause { get; init; }

    /// <summary>
    /// Since when its data were awaited: the slot of its schedule, or the moment somebody asked. Null where it does not bring a dataset up to date,
    /// because it is about a window of the past or repeats an earlier run.
    /// </summary>
    public DateTimeOffset? AwaitedSince { get; init; }
}

/// <summary>Activity: puts a run's lifecycle event into the outbox, notes a run that has ended as such and which datasets are up to date, and counts it.</summary>
public sealed class AnnounceRun(EventOutbox outbox, RunRegister runs, FreshnessStore freshness, RunMetrics metrics)
{
    /// <summary>Announces it; the same announcement always has the same event id.</summary>
    [Function(nameof(AnnounceRun))]
    public async Task RunAsync([ActivityTrigger] RunAnnouncement announcement, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(announcement);
        UsageScope.Attribute(UsageSubject.Of(announcement.Run), ActivityUsage.Actions);
        UsageScope.Current?.Add(new() { Events = 1 });
        if (announcement is { AwaitedSince: { } since, Report: { } report })
        {
            foreach (var dataset in UpToDate(report))
                await freshness.DeliveredAsync(announcement.Source, dataset, new(since, announcement.Run, announcement.At), cancellationToken);
        }

        var happened = LifecycleEvent.Create(
            announcement.Type, Services.IngestionManager, announcement.Run, announcement.Source, announcement.At, announcement);
        await outbox.AppendAsync([happened], cancellationToken);
        if (announcement.Report is { } ended)
            await runs.EndAsync(ended, cancellationToken);
        metrics.Announced(announcement);
    }

    // Whichever source delivered it; of a batch each member's run announces its own.
    static IEnumerable<string> UpToDate(RunReport report) =>
        report.Datasets.GroupBy(d => d.Dataset, StringComparer.Ordinal).Where(parts => parts.All(d => d.Outcome is not RunOutcome.Failed)).Select(parts => parts.Key);
}
