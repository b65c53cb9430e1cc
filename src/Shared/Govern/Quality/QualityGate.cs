#pragma warning disable CA1822 // the signatures come first
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Govern;

/// <summary>Decides whether a conversion is good enough to publish.</summary>
public sealed class QualityGate(BlobStore blobs)
{
    /// <summary>Reads the run's parts once for values and once for keys and gives the verdict.</summary>
    public Task<QualityResult> CheckAsync(QualityArguments arguments, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException((blobs, arguments, cancellationToken).GetType().Name);
}
