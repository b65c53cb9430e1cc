using System.Runtime.CompilerServices;
using DataIngestion.Contracts;

namespace DataIngestion.Storage;

/// <summary>A run that was begun: <c>control/runs/open/{run}.json</c>, and once it has ended <c>control/runs/ended/{run}.json</c>.</summary>
public sealed record RunRecord
{
    /// <summary>What it was asked to do; enough to ask for it again.</summary>
    public required IngestionRequest Request { get; init; }

    /// <summary>The stamp that runs it.</summary>
    public required string Stamp { get; init; }

    /// <summary>When it was begun.</summary>
    public DateTimeOffset BegunAt { get; init; }

    /// <summary>When it ended; null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What it did; null while it is open.</summary>
    public RunReport? Report { get; init; }
}

/// <summary>
/// Which stamp runs which run, in the account that all stamps share. It makes one run of a request that reaches two stamps (a schedule whose
/// share is being moved, a file delivered to both), keeps a run that ended from being begun again by a task hub that knows nothing of it,
/// and says what has to be asked for again when a task hub is lost.
/// </summary>
public sealed class RunRegister(BlobStore blobs, TimeProvider time)
{
    /// <summary>Folder of the runs that have not ended.</summary>
    public static LakePath Open { get; } = new(Containers.Control, "runs/open");

    /// <summary>Folder of those that have.</summary>
    public static LakePath Ended { get; } = new(Containers.Control, "runs/ended");

    /// <summary>Takes a run for a stamp.</summary>
    /// <returns>False when another stamp has it, or it has ended: it is not to be begun here.</returns>
    public async Task<bool> TryBeginAsync(IngestionRequest request, string stamp, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await blobs.FindAsync(EndedOf(request.Run), cancellationToken) is not null)
            return false;
        var record = new RunRecord { Request = request, Stamp = stamp, BegunAt = time.GetUtcNow() };
        if (await blobs.WriteJsonOnceAsync(OpenOf(request.Run), record, cancellationToken))
            return true;
        return (await blobs.ReadJsonAsync<RunRecord>(OpenOf(request.Run), cancellationToken))?.Value.Stamp == stamp;
    }

    /// <summary>Notes that a run has ended; noting it again changes nothing. A member of a batch is no run of its own here.</summary>
    public async Task EndAsync(RunReport report, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        var run = report.Run;

        // Written before the other is removed: a run that is in both has ended.
        if (await blobs.ReadJsonAsync<RunRecord>(OpenOf(run), cancellationToken) is { } open)
            await blobs.WriteJsonOnceAsync(EndedOf(run), open.Value with { EndedAt = report.FinishedAt, Report = report }, cancellationToken);
        await blobs.DeleteAsync(OpenOf(run), cancellationToken);
    }

    /// <summary>What is known of a run; null when it was never begun.</summary>
    public async Task<RunRecord?> FindAsync(string run, CancellationToken cancellationToken = default) =>
        (await blobs.ReadJsonAsync<RunRecord>(EndedOf(run), cancellationToken) ?? await blobs.ReadJsonAsync<RunRecord>(OpenOf(run), cancellationToken))?.Value;

    /// <summary>The runs that were begun and have not ended, by id.</summary>
    public async IAsyncEnumerable<RunRecord> OpenAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var blob in blobs.ListAsync(Open.Container, Open.Name + "/", cancellationToken))
        {
            if (await blobs.ReadJsonAsync<RunRecord>(blob.Path, cancellationToken) is { } open
                && await blobs.FindAsync(EndedOf(open.Value.Request.Run), cancellationToken) is null)
            {
                yield return open.Value;
            }
        }
    }

    /// <summary>Moves an open run from one stamp to another.</summary>
    /// <returns>False when the run is not that stamp's, or has ended.</returns>
    public async Task<bool> TryMoveAsync(string run, string from, string to, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (await blobs.ReadJsonAsync<RunRecord>(OpenOf(run), cancellationToken) is not { } open || open.Value.Stamp != from)
                return false;
            if (from == to || await blobs.TryReplaceJsonAsync(OpenOf(run), open.Value with { Stamp = to }, open.ETag, cancellationToken))
                return true;
        }
    }

    /// <summary>Where a run stands while it is open.</summary>
    public static LakePath OpenOf(string run) => Open.Child($"{run}.json");

    /// <summary>Where it stands once it has ended.</summary>
    public static LakePath EndedOf(string run) => Ended.Child($"{run}.json");
}
