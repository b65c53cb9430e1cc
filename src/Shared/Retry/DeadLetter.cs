using DataIngestion.Contracts;

namespace DataIngestion.Retry;

/// <summary>What was given up.</summary>
public enum DeadLetterKind
{
    /// <summary>A run that failed for good.</summary>
    FailedRun,

    /// <summary>A queue message that could not be handled.</summary>
    PoisonMessage,
}

/// <summary>Where a dead letter stands.</summary>
public enum DeadLetterStatus
{
    /// <summary>Waits for a person.</summary>
    Open,

    /// <summary>Was put back; it opens again when it fails again.</summary>
    Replayed,
}

/// <summary>Something that was given up and can be replayed, as listed.</summary>
public sealed record DeadLetter
{
    /// <summary>24 hexadecimal digits derived from what failed, so that the same failure reported twice is one dead letter.</summary>
    public required string Id { get; init; }

    /// <summary>What was given up.</summary>
    public required DeadLetterKind Kind { get; init; }

    /// <summary>Where it stands.</summary>
    public DeadLetterStatus Status { get; init; }

    /// <summary>When it was first given up.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last given up; later than <see cref="CreatedAt"/> when a replay failed again.</summary>
    public DateTimeOffset LastFailedAt { get; init; }

    /// <summary>Why, in one sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>The run; null for messages that name none.</summary>
    public string? Run { get; init; }

    /// <summary>Source id.</summary>
    public string? Source { get; init; }

    /// <summary>Dataset id.</summary>
    public string? Dataset { get; init; }

    /// <summary>The step that failed.</summary>
    public string? Step { get; init; }

    /// <summary>Where the message came from; null for failed runs.</summary>
    public string? Queue { get; init; }

    /// <summary>How often it has been replayed.</summary>
    public int Replays { get; init; }

    /// <summary>When it was last replayed.</summary>
    public DateTimeOffset? ReplayedAt { get; init; }

    /// <summary>The run that the last replay began; null for messages.</summary>
    public string? ReplayRun { get; init; }
}

/// <summary>A dead letter with everything that a replay needs: <c>control/dead-letters/{id}.json</c>.</summary>
public sealed record DeadLetterBody
{
    /// <summary>The failure of the last attempt; null for poison messages.</summary>
    public Failure? Failure { get; init; }

    /// <summary>The request to run again; null for poison messages.</summary>
    public IngestionRequest? Request { get; init; }

    /// <summary>How often the step was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>The message's bytes as received; null for failed runs.</summary>
    public ReadOnlyMemory<byte>? Message { get; init; }
}

/// <summary>One page of a listing.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Next">Where the next page begins; null after the last.</param>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetter> Items, string? Next);
