#pragma warning disable CA1822 // the signatures come first
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Govern;

/// <summary>Says where a row came from and what other sources said.</summary>
public sealed class Lineage(BlobStore blobs)
{
    /// <summary>Why the row with this key is what it is; null when the dataset has no such row.</summary>
    /// <param name="dataset">Dataset id.</param>
    /// <param name="key">Values of key columns by name; the first row that has them all is explained.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StepFailedException">The key names no column, or a value is not of the column's type.</exception>
    public Task<WhyAnswer?> WhyAsync(string dataset, IReadOnlyDictionary<string, string> key, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException((blobs, dataset, key, cancellationToken).GetType().Name);
}
