using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Schedule;

/// <summary>A moment at which a source is to run by itself.</summary>
/// <param name="Source">Source id.</param>
/// <param name="DueAt">The moment.</param>
/// <param name="Missed">Earlier moments that passed unnoticed and are not caught up.</param>
public sealed record DueSlot(string Source, DateTimeOffset DueAt, int Missed);

/// <summary>Starts sources when their schedules fall due.</summary>
public sealed class Scheduler(BlobStore blobs, MessageQueues queues)
{
    /// <summary>The sources that are due, without starting them.</summary>
    public Task<IReadOnlyList<DueSlot>> DueAsync(PlatformConfiguration configuration, DateTimeOffset now, CancellationToken cancellationToken = default) => throw new NotSupportedException(string.Join(" ", (object)blobs, queues));

    /// <summary>Asks for a run of every source that is due and remembers its slot. Two schedulers, or one that crashed half-way, ask for the same run.</summary>
    /// <returns>The requests that were sent.</returns>
    public Task<IReadOnlyList<IngestionRequest>> RunAsync(PlatformConfiguration configuration, DateTimeOffset now, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
