#pragma warning disable CA1822 // the signatures come first
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
    /// <summary>Merges a curated run into its dataset. A run that is in the dataset already answers with the numbers it had.</summary>
    /// <exception cref="StepFailedException">The curated rows do not fit the dataset, or something they need is missing.</exception>
    public Task<MergeResult> MergeAsync(MergeArguments arguments, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException((blobs, clients, time, options, arguments, cancellationToken).GetType().Name);

    /// <summary>Takes a run back out of its dataset: to the state before when it is the newest, otherwise by making the dataset anew from the other runs.</summary>
    public Task<WithdrawResult> WithdrawAsync(WithdrawArguments arguments, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException((arguments, cancellationToken).GetType().Name);
}
