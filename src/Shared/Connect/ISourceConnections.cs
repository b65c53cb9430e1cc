namespace DataIngestion.Connect;

/// <summary>State of a circuit breaker.</summary>
public enum CircuitStatus
{
    /// <summary>Requests pass.</summary>
    Closed,

    /// <summary>Requests are refused without asking the source.</summary>
    Open,

    /// <summary>One request is let through to see whether the source is back.</summary>
    HalfOpen,
}

/// <summary>What an attempt showed of a source.</summary>
public enum SourceSighting
{
    /// <summary>It answered, if only that it has no such thing or that we ask too often.</summary>
    Up,

    /// <summary>It could not be reached, did not answer in time, or has a fault of its own.</summary>
    Down,

    /// <summary>It is there and does not let us in.</summary>
    Refused,

    /// <summary>It was down when that had been announced.</summary>
    Maintenance,
}

/// <summary>How a source's connections stand in this process, counted since it started.</summary>
/// <param name="Source">Source id.</param>
/// <param name="Circuit">The circuit breaker.</param>
/// <param name="InFlight">Attempts under way.</param>
/// <param name="Requests">Attempts made.</param>
/// <param name="Retries">Attempts that repeated a failed one.</param>
/// <param name="RateLimited">Answers 429.</param>
/// <param name="Waited">Attempts that waited for our own rate limit.</param>
public sealed record SourceConnectionState(
    string Source, CircuitStatus Circuit, int InFlight, long Requests, long Retries, long RateLimited, long Waited)
{
    /// <summary>Attempts made beside one that was slow.</summary>
    public long Hedges { get; init; }

    /// <summary>Retries that were not made because the retry budget was spent.</summary>
    public long RetriesRefused { get; init; }

    /// <summary>Attempts that may be under way at once.</summary>
    public int MaxInFlight { get; init; }

    /// <summary>Since when every attempt found the source down; null while it is up, as far as this process has seen.</summary>
    public DateTimeOffset? DownSince { get; init; }

    /// <summary>Tokens left in the retry budget; null where there is none.</summary>
    public int? RetryBudget { get; init; }

    /// <summary>The connections kept open to a system; null for HTTP.</summary>
    public ConnectionPoolState? Pool { get; init; }

    /// <summary>The quota shared with other workers; null where none is declared.</summary>
    public QuotaKeyState? Quota { get; init; }
}

/// <summary>The sources that this process has talked to.</summary>
public interface ISourceConnections
{
    /// <summary>All of them, by id.</summary>
    IReadOnlyList<SourceConnectionState> States { get; }
}
