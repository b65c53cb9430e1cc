using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Retry;

/// <summary>Decides what to do about a failed step.</summary>
public sealed class RetryAdvisor(CursorStore cursors, BlobStore blobs, DeadLetterStore letters, TimeProvider time)
{
    /// <summary>Retry, fall back, recover from what was landed last, or give up; in that order.</summary>
    public Task<RetryDecision> DecideAsync(RetryArguments arguments, CancellationToken cancellationToken = default) => throw new NotSupportedException(string.Join(" ", (object)cursors, blobs, letters, time));
}
