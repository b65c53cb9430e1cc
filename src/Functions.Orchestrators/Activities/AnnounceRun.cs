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
public sealed record RunAnnouncement(string Type, string Run, string Source, DateTimeOffset At, RunReport? Report = null);

/// <summary>Activity: puts a run's lifecycle event into the outbox, and notes a run that has ended as such.</summary>
public sealed class AnnounceRun(EventOutbox outbox, RunRegister runs)
{
    /// <summary>Appends it; the same announcement always has the same event id.</summary>
    [Function(nameof(AnnounceRun))]
    public async Task RunAsync([ActivityTrigger] RunAnnouncement announcement, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(announcement);
        UsageScope.Attribute(UsageSubject.Of(announcement.Run), ActivityUsage.Actions);
        UsageScope.Current?.Add(new() { Events = 1 });
        var happened = LifecycleEvent.Create(
            announcement.Type, Services.IngestionManager, announcement.Run, announcement.Source, announcement.At, announcement);
        await outbox.AppendAsync([happened], cancellationToken);
        if (announcement.Report is { } report)
            await runs.EndAsync(report, cancellationToken);
    }
}
