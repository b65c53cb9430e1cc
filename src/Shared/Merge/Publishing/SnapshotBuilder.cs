using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.Tabular;

namespace DataIngestion.Merge;

/// <summary>Makes the files of a snapshot on the local disk: from the previous one and a run, or anew from runs.</summary>
internal sealed class SnapshotBuilder(BlobStore blobs, MergerOptions options)
{
    /// <summary>Adds a run to a snapshot. Where the snapshot does not tell what follows from a row, everything is made anew from all runs.</summary>
    public async Task<BuiltSnapshot> AddAsync(
        DatasetDefinition dataset, PublishedSnapshot? previous, CuratedManifest run, WorkFolder work, CancellationToken cancellationToken)
    {
        try
        {
            using var rows = new SortedRows(work.Path, options.SortBufferBytes);
            var layout = LayoutOf(dataset, run);
            var parts = new PartReader(blobs, work.Path);
            await parts.ReadCuratedAsync(run, layout, rows, cancellationToken);
            var contributions = parts.ReadContributionsAsync(previous?.Manifest, layout, cancellationToken);
            return await BuildAsync(dataset, layout, contributions, rows, run.Run, work, cancellationToken);
        }
        catch (LateRowException)
        {
            return await FromRunsAsync(dataset, previous!.Manifest.Runs, run, work, cancellationToken);
        }
    }

    /// <summary>Makes a snapshot of runs alone.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="runs">Runs that count as merged before.</param>
    /// <param name="fresh">The run that is being merged; null for none.</param>
    /// <param name="work">Where files go.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<BuiltSnapshot> FromRunsAsync(
        DatasetDefinition dataset, IEnumerable<MergedRun> runs, CuratedManifest? fresh, WorkFolder work, CancellationToken cancellationToken)
    {
        using var rows = new SortedRows(work.Path, options.SortBufferBytes);
        var parts = new PartReader(blobs, work.Path);
        RowLayout? layout = null;
        foreach (var run in runs)
        {
            var manifest = await ReadCuratedAsync(run.Curated, cancellationToken);
            await parts.ReadCuratedAsync(manifest, layout ??= LayoutOf(dataset, manifest), rows, cancellationToken);
        }

        if (fresh is not null)
            await parts.ReadCuratedAsync(fresh, layout ??= LayoutOf(dataset, fresh), rows, cancellationToken);
        return await BuildAsync(dataset, layout!, AsyncEnumerable.Empty<Contribution>(), rows, fresh?.Run, work, cancellationToken);
    }

    public async Task<CuratedManifest> ReadCuratedAsync(LakePath path, CancellationToken cancellationToken) =>
        (await blobs.ReadJsonAsync<CuratedManifest>(path, cancellationToken))?.Value ?? throw new StepFailedException(new()
        {
            Code = "curated-missing",
            Message = $"There is no curated manifest '{path}'. Convert the run anew.",
        });

    async Task<BuiltSnapshot> BuildAsync(
        DatasetDefinition dataset, RowLayout layout, IAsyncEnumerable<Contribution> previous, SortedRows rows, string? fresh, WorkFolder work, CancellationToken cancellationToken)
    {
        var (standingFile, contributionsFile) = (work.NewFile("standing"), work.NewFile("contributions"));
        await using var standing = new PartWriter(standingFile, layout.Snapshot, options.BatchRows);
        await using var contributions = new PartWriter(contributionsFile, layout.Contributions, options.BatchRows);
        var pass = new MergePass(layout, new(dataset.Priority), fresh);
        var counts = await pass.RunAsync(previous, rows.Read(), standing, contributions, cancellationToken);
        await standing.CompleteAsync(cancellationToken);
        await contributions.CompleteAsync(cancellationToken);
        return new(standingFile, contributionsFile, counts, JsonSerializer.SerializeToElement(layout.Snapshot), rows.Spills);
    }

    // The converter decides what a row's place looks like; its manifest says so.
    static RowLayout LayoutOf(DatasetDefinition dataset, CuratedManifest run)
    {
        var schema = run.Schema.ValueKind == JsonValueKind.Object ? run.Schema.Deserialize<DataSchema>() : null;
        var place = schema?.IndexOf(RowLayout.Row) ?? -1;
        return new(dataset, place < 0 ? DataType.Int64 : schema![place].Type);
    }
}

/// <summary>Files of a snapshot that is not published.</summary>
internal sealed record BuiltSnapshot(string Standing, string Contributions, PassCounts Counts, JsonElement Schema, int Spills);
