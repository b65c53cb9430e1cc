namespace DataIngestion.Connect;

/// <summary>The times by which workers share permits.</summary>
internal sealed record QuotaTerms
{
    /// <summary>How long a worker may use its permits without being heard of.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A request whose worker died, lost its lease or gave up waiting for the answer reaches the vendor at most this long afterwards.
    /// It is the only assumption about the network.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest time between two looks at what the others want, when nothing is to be changed.</summary>
    public TimeSpan Calm => Lease / 3;

    /// <summary>How far ahead a worker provides for itself.</summary>
    public TimeSpan Ahead => Lease;

    /// <summary>The time between two looks while permits are changing hands.</summary>
    public static TimeSpan Busy(TimeSpan per) => per / 4 < TimeSpan.FromMilliseconds(100) ? TimeSpan.FromMilliseconds(100) : per / 4 > TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : per / 4;

    /// <summary>How long what cannot be divided stays with the same worker.</summary>
    public static TimeSpan Turn(TimeSpan per) => per * 2 < TimeSpan.FromSeconds(5) ? TimeSpan.FromSeconds(5) : per * 2 > TimeSpan.FromMinutes(1) ? TimeSpan.FromMinutes(1) : per * 2;
}
