using DataIngestion.Contracts;
using DataIngestion.Storage;
using Microsoft.Extensions.Options;

namespace DataIngestion.Merge;

/// <summary>
/// Combines what sources said into one dataset and publishes it. A snapshot is a function of the set of runs in it: neither the
/// order in which they were merged nor repetitions change it. Every method may be called again with the same arguments.
/// </summary>
public sealed class Merger(BlobStore blobs, StorageClients clients, TimeProvider time, IOptions<MergerOptions> options)
{
    readonly SnapshotStore _store = new(blobs, clients, time);
    readonly SnapshotBuilder _builder = new(blobs, options.Value);

    /// <summary>Merges a curated run into its dataset. A run that is in the dataset already answers with the numbers it had.</summary>
    /// <exception cref="StepFailedException">The curated rows do not fit the dataset, or something they need is missing.</exception>
    public async Task<MergeResult> MergeAsync(MergeArguments arguments, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var curated = await _builder.ReadCuratedAsync(arguments.Curated, cancellationToken);
        CheckThatManifestBelongs(arguments, curated);
        while (true)
        {
            var current = await _store.FindCurrentAsync(arguments.Dataset.Dataset, cancellationToken);
            var previous = current is null ? null : await _store.ReadAsync(current.Value.Manifest, cancellationToken);
            if (previous is not null && previous.Manifest.Runs.Any(r => r.Run == arguments.Run))
                return await AnswerAgainAsync(previous.Manifest, arguments.Run, cancellationToken);

            using var work = new WorkFolder(options.Value.TemporaryFolder, time.GetUtcNow());
            var built = await _builder.AddAsync(arguments.Dataset, previous, curated, work, cancellationToken);
            var result = ResultOf(built.Counts, curated, previous);
            var run = new MergedRun(arguments.Source, arguments.Run, arguments.Curated, result.RowsIn, result.RowsOut, result.RowsMergedAway);
            var draft = Draft(arguments.Dataset, previous, [.. previous?.Manifest.Runs ?? [], run], result, built);
            var detail = new SnapshotDetail { Definition = arguments.Dataset, Content = built.Counts.Content };
            var next = await _store.WriteAsync(draft, detail, previous, built.Standing, built.Contributions, cancellationToken);
            if (await _store.TryPointAsync(arguments.Dataset.Dataset, next.Path, next.Manifest, current?.ETag, cancellationToken))
                return next.Manifest.Result;
        }
    }

    /// <summary>Takes a run back out of its dataset: to the state before when it is the newest, otherwise by making the dataset anew from the other runs.</summary>
    /// <exception cref="StepFailedException">The curated rows of the other runs are needed and gone.</exception>
    public async Task<WithdrawResult> WithdrawAsync(WithdrawArguments arguments, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        while (true)
        {
            var current = await _store.FindCurrentAsync(arguments.Dataset, cancellationToken);
            var snapshot = current is null ? null : await _store.ReadAsync(current.Value.Manifest, cancellationToken);
            if (snapshot is null || snapshot.Manifest.Runs.All(r => r.Run != arguments.Run))
                return new(await _store.WasWithdrawnAsync(arguments.Dataset, arguments.Run, cancellationToken), current?.Value.Manifest);

            await _store.NoteWithdrawalAsync(arguments.Dataset, arguments.Run, cancellationToken);
            var (done, now) = await TryWithdrawAsync(arguments, current!, snapshot, cancellationToken);
            if (done)
                return new(true, now);
        }
    }

    async Task<(bool Done, LakePath? Current)> TryWithdrawAsync(
        WithdrawArguments arguments, Versioned<CurrentSnapshot> current, PublishedSnapshot snapshot, CancellationToken cancellationToken)
    {
        var remaining = snapshot.Manifest.Runs.Where(r => r.Run != arguments.Run).ToArray();
        if (remaining.Length == 0)
            return (await _store.TryRemovePointerAsync(arguments.Dataset, current.ETag, cancellationToken), null);

        if (snapshot.Manifest.Previous is { } path)
        {
            var before = await _store.ReadManifestAsync(path, cancellationToken);
            if (before.Runs.Select(r => r.Run).ToHashSet(StringComparer.Ordinal).SetEquals(remaining.Select(r => r.Run)))
                return (await _store.TryPointAsync(arguments.Dataset, path, before, current.ETag, cancellationToken), path);
        }

        using var work = new WorkFolder(options.Value.TemporaryFolder, time.GetUtcNow());
        var dataset = snapshot.Detail.Definition;
        var built = await _builder.FromRunsAsync(dataset, remaining, fresh: null, work, cancellationToken);
        var counts = built.Counts;
        var result = new MergeResult { Snapshot = default, Disagreements = counts.Disagreements, SnapshotRows = counts.SnapshotRows };
        var detail = new SnapshotDetail { Definition = dataset, Content = counts.Content };
        var next = await _store.WriteAsync(Draft(dataset, snapshot, remaining, result, built), detail, snapshot, built.Standing, built.Contributions, cancellationToken);
        return (await _store.TryPointAsync(arguments.Dataset, next.Path, next.Manifest, current.ETag, cancellationToken), next.Path);
    }

    // The numbers are in the snapshot with which the run came in: the oldest of those behind the current one that hold it without a gap.
    async Task<MergeResult> AnswerAgainAsync(SnapshotManifest snapshot, string run, CancellationToken cancellationToken)
    {
        while (snapshot.Previous is { } path)
        {
            var before = await _store.ReadManifestAsync(path, cancellationToken);
            if (before.Runs.All(r => r.Run != run))
                break;
            snapshot = before;
        }

        return snapshot.Result;
    }

    static SnapshotManifest Draft(
        DatasetDefinition dataset, PublishedSnapshot? previous, IReadOnlyList<MergedRun> runs, MergeResult result, BuiltSnapshot built) => new()
        {
            Dataset = dataset.Dataset,
            Previous = previous?.Path,
            Parts = [],
            Runs = runs,
            Result = result,
            Schema = built.Schema,
        };

    static MergeResult ResultOf(PassCounts counts, CuratedManifest curated, PublishedSnapshot? previous)
    {
        var result = new MergeResult
        {
            Snapshot = default, // known when it is written
            RowsIn = counts.RowsIn,
            RowsOut = counts.RowsOut,
            RowsMergedAway = counts.RowsIn - counts.RowsOut,
            RowsSuperseded = counts.RowsSuperseded,
            Disagreements = counts.Disagreements,
            SnapshotRows = counts.SnapshotRows,
        };
        var before = previous?.Manifest.Result.SnapshotRows ?? 0;
        var balanced = result.RowsIn == curated.RowsOut && counts.PreviousRows == before
            && before + result.RowsIn == result.SnapshotRows + result.RowsMergedAway + result.RowsSuperseded;
        return balanced ? result : throw new StepFailedException(new()
        {
            Code = "rows-unbalanced",
            Message = $"The merge of run '{curated.Run}' into '{curated.Dataset}' does not add up and was not published: {before} rows before "
                + $"({counts.PreviousRows} read) and {result.RowsIn} rows in ({curated.RowsOut} converted) against {result.SnapshotRows} in the snapshot, "
                + $"{result.RowsMergedAway} merged away and {result.RowsSuperseded} superseded.",
        });
    }

    static void CheckThatManifestBelongs(MergeArguments arguments, CuratedManifest curated)
    {
        if (curated.Run != arguments.Run || curated.Source != arguments.Source || curated.Dataset != arguments.Dataset.Dataset)
            throw new StepFailedException(new()
            {
                Code = "manifest-wrong",
                Message = $"'{arguments.Curated}' is of run '{curated.Run}', source '{curated.Source}', dataset '{curated.Dataset}'; expected run '{arguments.Run}', source '{arguments.Source}', dataset '{arguments.Dataset.Dataset}'.",
            });
    }
}
