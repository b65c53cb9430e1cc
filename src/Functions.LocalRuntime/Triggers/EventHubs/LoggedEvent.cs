namespace DataIngestion.LocalRuntime.Triggers.EventHubs;

/// <summary>An event to append.</summary>
/// <param name="Body">Its bytes.</param>
/// <param name="PartitionKey">Events of one key stay in order, in one partition; null spreads events over the partitions in turn.</param>
public sealed record EventToAppend(ReadOnlyMemory<byte> Body, string? PartitionKey = null);

/// <summary>An event of the log.</summary>
/// <param name="Hub">The hub it was sent to.</param>
/// <param name="Partition">From 0.</param>
/// <param name="Sequence">Rises with every event of the log, over all hubs; there may be gaps within a hub.</param>
/// <param name="PartitionKey">As it was sent.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="EnqueuedAt">When it was appended, UTC.</param>
public sealed record LoggedEvent(string Hub, int Partition, long Sequence, string? PartitionKey, ReadOnlyMemory<byte> Body, DateTimeOffset EnqueuedAt)
{
    internal BinaryData Data => new(Body);
}

/// <summary>How long the log keeps events, and over how many partitions it spreads them.</summary>
public sealed record LocalEventLogOptions
{
    /// <summary>Partitions of a new hub, 1 to 32. Default 4. A hub keeps the number it was made with.</summary>
    public int Partitions { get; init; } = 4;

    /// <summary>Older events may be dropped, whether they were read or not. Default 7 days.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Beyond this many bytes of bodies in a hub the oldest events may be dropped. Default 1 GiB.</summary>
    public long MaxBytes { get; init; } = 1L << 30;
}
