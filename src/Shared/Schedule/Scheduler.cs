using System.Collections.Concurrent;
using Azure;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Schedule;

/// <summary>A moment at which a source is to run by itself.</summary>
/// <param name="Source">Source id.</param>
/// <param name="DueAt">The moment.</param>
/// <param name="Missed">Earlier moments that passed unnoticed and are not caught up.</param>
public sealed record DueSlot(string Source, DateTimeOffset DueAt, int Missed);

/// <summary>
/// Starts sources when their schedules fall due. After downtime a source runs once, for the latest slot that passed: runs continue from a
/// cursor, so one run fetches what all of them would have. A schedule that is seen for the first time begins with its next slot.
/// A changed schedule is followed from the last slot of the old one on. Of several stamps each follows its share of the sources; how far a
/// schedule was followed is known to all of them, so that a share can be moved at any time.
/// </summary>
public sealed class Scheduler(BlobStore blobs, MessageQueues queues, ScheduleMetrics metrics, Stamp stamp)
{
    const int SourcesAtOnce = 8;

    /// <summary>The sources that are due, without starting them, by id.</summary>
    /// <param name="configuration">What is scheduled.</param>
    /// <param name="now">The moment to judge from.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<IReadOnlyList<DueSlot>> DueAsync(PlatformConfiguration configuration, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        var due = new ConcurrentBag<DueSlot>();
        await EachAsync(configuration, async (source, cancel) =>
        {
            if (await blobs.ReadJsonAsync<ScheduleState>(ScheduleState.PathOf(source.Source), cancel) is { } seen && Due(source, seen.Value, now) is { } slot)
                due.Add(slot);
        }, cancellationToken);
        return [.. due.OrderBy(d => d.Source, StringComparer.Ordinal)];
    }

    /// <summary>Asks for a run of every source that is due and remembers its slot. Two schedulers, or one that crashed half-way, ask for the same run.</summary>
    /// <param name="configuration">What is scheduled.</param>
    /// <param name="now">The moment to judge from.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The requests that were sent, by source id.</returns>
    /// <exception cref="AggregateException">Some sources could not be looked at or asked for; all others were.</exception>
    public async Task<IReadOnlyList<IngestionRequest>> RunAsync(PlatformConfiguration configuration, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        var sent = new ConcurrentBag<IngestionRequest>();
        try
        {
            await EachAsync(configuration, async (source, cancel) =>
            {
                if (await StartAsync(source, now, cancel) is { } request)
                    sent.Add(request);
            }, cancellationToken);
        }
        catch (AggregateException)
        {
            metrics.Ticked(isComplete: false);
            throw;
        }

        metrics.Ticked(isComplete: true);
        return [.. sent.OrderBy(r => r.Source, StringComparer.Ordinal)];
    }

    async Task<IngestionRequest?> StartAsync(SourceDefinition source, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var path = ScheduleState.PathOf(source.Source);
        if (await blobs.ReadJsonAsync<ScheduleState>(path, cancellationToken) is not { } seen)
        {
            await blobs.TryReplaceJsonAsync(path, new ScheduleState { LastSlot = now }, expected: null, cancellationToken);
            return null;
        }

        if (Due(source, seen.Value, now) is not { } slot)
            return null;

        // Sent before it is remembered: a crash in between sends the same run again, which starts once.
        var request = new IngestionRequest
        {
            Run = RunId.From(source.Source, slot.DueAt, "schedule"),
            Source = source.Source,
            Cause = IngestionCause.Schedule,
            RequestedAt = slot.DueAt,
            TraceParent = RunTrace.Current,
        };
        await queues.SendAsync(Queues.IngestionRequests, request, cancellationToken: cancellationToken);
        if (await blobs.TryReplaceJsonAsync(path, new ScheduleState { LastSlot = slot.DueAt, Run = request.Run }, seen.ETag, cancellationToken))
            metrics.Started(slot);
        return request;
    }

    static DueSlot? Due(SourceDefinition source, ScheduleState seen, DateTimeOffset now) =>
        ScheduleTimes.Latest(source.Schedule!, seen.LastSlot, now) is { } latest ? new(source.Source, latest.Due, latest.Others) : null;

    // One source's trouble must not keep the others from running.
    async Task EachAsync(PlatformConfiguration configuration, Func<SourceDefinition, CancellationToken, ValueTask> act, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var failures = new ConcurrentBag<Exception>();
        await Parallel.ForEachAsync(
            configuration.Sources.Values.Where(s => s is { Enabled: true, Schedule: not null } && stamp.Share.Holds(s.Source)),
            new ParallelOptions { MaxDegreeOfParallelism = SourcesAtOnce, CancellationToken = cancellationToken },
            async (source, cancel) =>
            {
                try
                {
                    await act(source, cancel);
                }
                catch (Exception failure) when (failure is RequestFailedException or StepFailedException or IOException or ArgumentException)
                {
                    failures.Add(new InvalidOperationException($"The schedule of '{source.Source}' could not be followed: {failure.Message}", failure));
                }
            });
        if (!failures.IsEmpty)
            throw new AggregateException(failures);
    }
}
