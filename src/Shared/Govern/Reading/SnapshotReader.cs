#pragma warning disable CA1822 // the signatures come first
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Govern;

/// <summary>Reads published datasets.</summary>
public sealed class SnapshotReader(BlobStore blobs)
{
    /// <summary>Rows of a dataset; null when it has never been published, or not by then.</summary>
    /// <exception cref="StepFailedException">A filter names no column, or has a value that is not of the column's type.</exception>
    public Task<SnapshotPage?> ReadAsync(string dataset, SnapshotQuery query, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException((blobs, dataset, query, cancellationToken).GetType().Name);

    /// <summary>The manifest of the current state, or of the one known at a moment; null when there is none.</summary>
    public Task<Versioned<SnapshotManifest>?> FindAsync(string dataset, DateTimeOffset? asOf = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException((dataset, asOf, cancellationToken).GetType().Name);

    /// <summary>Every published dataset, by id.</summary>
    public IAsyncEnumerable<PublishedDataset> ListAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException((cancellationToken).GetType().Name);
}
