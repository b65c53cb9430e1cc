using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.Storage.Usage;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Orchestrators.Activities;

/// <summary>Names what one run converted of one dataset.</summary>
/// <param name="Dataset">Dataset id.</param>
/// <param name="Source">Source id.</param>
/// <param name="Run">Run id.</param>
public sealed record CuratedRun(string Dataset, string Source, string Run);

/// <summary>Activity: removes converted Parquet that will not be published. Raw artefacts and quarantined rows stay as evidence.</summary>
public sealed class DiscardCurated(BlobStore blobs)
{
    /// <summary>Removes it; removing what was never written is no error.</summary>
    /// <returns>How many blobs were removed.</returns>
    [Function(nameof(DiscardCurated))]
    public Task<int> RunAsync([ActivityTrigger] CuratedRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        UsageScope.Attribute(UsageSubject.Of(run.Run, run.Dataset, "undo"), ActivityUsage.Actions);
        return blobs.DeleteFolderAsync(LakePath.CuratedOf(run.Dataset, run.Source, run.Run), cancellationToken);
    }
}
