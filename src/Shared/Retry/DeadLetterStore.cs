using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Retry;

/// <summary>Keeps what was given up until a person looks at it.</summary>
public sealed class DeadLetterStore(StorageClients clients, BlobStore blobs, TimeProvider time)
{
    /// <summary>Creates the table if it is missing.</summary>
    public Task CreateAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException(string.Join(" ", (object)clients, blobs, time));

    /// <summary>Adds a run that failed for good. Adding the same run, dataset and step again changes nothing.</summary>
    public Task<DeadLetter> AddAsync(RetryArguments failed, string reason, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Adds a message that could not be handled. The same bytes from the same queue are one dead letter, which opens again if it was replayed.</summary>
    /// <param name="queue">The queue it was meant for, without <c>-poison</c>.</param>
    /// <param name="message">Its bytes as received, JSON or not.</param>
    /// <param name="reason">Why, in one sentence.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<DeadLetter> AddAsync(string queue, ReadOnlyMemory<byte> message, string reason, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Dead letters, newest first.</summary>
    /// <param name="status">Only these; null for all.</param>
    /// <param name="pageSize">1 to 500.</param>
    /// <param name="from"><see cref="DeadLetterPage.Next"/> of the page before; null for the first page.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<DeadLetterPage> ListAsync(DeadLetterStatus? status = null, int pageSize = 50, string? from = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>One dead letter, or null.</summary>
    public Task<DeadLetter?> FindAsync(string id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>What a replay of it needs, or null.</summary>
    public Task<DeadLetterBody?> FindBodyAsync(string id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Notes a replay, once for each <paramref name="replay"/>.</summary>
    /// <param name="id">Which.</param>
    /// <param name="replay">The number of this replay, from 1.</param>
    /// <param name="run">The run it began; null for messages.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<DeadLetter?> MarkReplayedAsync(string id, int replay, string? run, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
