using System.Runtime.CompilerServices;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.Tabular;

namespace DataIngestion.Govern;

/// <summary>Reads published datasets. What it answers belongs to one snapshot, whatever is published meanwhile.</summary>
public sealed class SnapshotReader(BlobStore blobs)
{
    readonly PartScanner _parts = new(blobs);

    /// <summary>Rows of a dataset by key; null when it has never been published, or not by then.</summary>
    /// <exception cref="StepFailedException">A filter names no column, or has a value that is not of the column's type.</exception>
    public async Task<SnapshotPage?> ReadAsync(string dataset, SnapshotQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegative(query.Offset, nameof(query));
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        if (await LocateAsync(dataset, query.AsOf, cancellationToken) is not { } snapshot)
            return null;

        var (columns, rows, hasMore) = await CollectAsync(snapshot, query, cancellationToken);
        return new()
        {
            Dataset = dataset,
            Snapshot = snapshot.Path,
            KnownAt = snapshot.Manifest.KnownAt,
            SnapshotRows = snapshot.Manifest.Result.SnapshotRows,
            Columns = columns,
            Rows = rows,
            HasMore = hasMore,
        };
    }

    /// <summary>The manifest of the current snapshot, or of the one that was current at a moment; null when there is none.</summary>
    public async Task<Versioned<SnapshotManifest>?> FindAsync(string dataset, DateTimeOffset? asOf = null, CancellationToken cancellationToken = default) =>
        (await LocateAsync(dataset, asOf, cancellationToken))?.Document;

    /// <summary>Every published dataset, by id.</summary>
    public async IAsyncEnumerable<PublishedDataset> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var blob in blobs.ListAsync(Containers.Datasets, cancellationToken: cancellationToken))
        {
            if (blob.Path.Name.Split('/') is not [var dataset, "current.json"])
                continue;
            if (await blobs.ReadJsonAsync<CurrentSnapshot>(blob.Path, cancellationToken) is { Value: var current })
                yield return new(dataset, current.Manifest, current.KnownAt, current.Rows);
        }
    }

    /// <summary>As <see cref="FindAsync"/>, with where it lies.</summary>
    internal async Task<FoundSnapshot?> LocateAsync(string dataset, DateTimeOffset? asOf, CancellationToken cancellationToken)
    {
        if (!ConfigurationId.IsValid(dataset))
            return null;
        var current = await blobs.ReadJsonAsync<CurrentSnapshot>(LakePath.CurrentOf(dataset), cancellationToken);
        for (var path = current?.Value.Manifest; path is { } at;)
        {
            var manifest = await blobs.ReadJsonAsync<SnapshotManifest>(at, cancellationToken) ?? throw new StepFailedException(new()
            {
                Code = "snapshot-missing",
                Message = $"The snapshot '{at}' of dataset '{dataset}' is gone, and its history leads to it.",
            });
            if (asOf is null || manifest.Value.KnownAt <= asOf)
                return new(at, manifest);
            path = manifest.Value.Previous;
        }

        return null;
    }

    async Task<(IReadOnlyList<SnapshotColumn> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows, bool HasMore)> CollectAsync(
        FoundSnapshot snapshot, SnapshotQuery query, CancellationToken cancellationToken)
    {
        var schema = snapshot.Schema;
        var filter = new RowFilter(schema, query.Filter, $"dataset '{snapshot.Manifest.Dataset}'");
        SnapshotColumn[] columns = [.. schema.Select(c => new SnapshotColumn(c.Name, c.Type.ToString()))];
        var (rows, skip) = (new List<IReadOnlyList<object?>>(), query.Offset);
        foreach (var part in snapshot.Manifest.Parts)
        {
            await foreach (var batch in _parts.ReadAsync(part, cancellationToken: cancellationToken))
            {
                using (batch)
                {
                    for (var row = 0; row < batch.Count; row++)
                    {
                        if (!filter.Fits(batch, row) || skip-- > 0)
                            continue;
                        if (rows.Count == query.Limit)
                            return (columns, rows, true);
                        rows.Add([.. batch.Columns.Select(c => Cells.ValueOf(c, row))]);
                    }
                }
            }
        }

        return (columns, rows, false);
    }
}
