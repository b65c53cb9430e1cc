namespace DataIngestion.Contracts;

/// <summary>Where a run stands.</summary>
public enum RunState
{
    /// <summary>Asked for, not begun.</summary>
    Queued,

    /// <summary>Under way, or waiting for the next attempt.</summary>
    Running,

    /// <summary>Ended well; the report says what came of it.</summary>
    Completed,

    /// <summary>Ended badly; the report says why.</summary>
    Failed,

    /// <summary>Stopped by a person.</summary>
    Terminated,
}

/// <summary>What <c>GET /api/ingestions/{run}</c> answers.</summary>
public sealed record IngestionStatus
{
    /// <summary>Run id.</summary>
    public required string Run { get; init; }

    /// <summary>Source id.</summary>
    public required string Source { get; init; }

    /// <summary>Where it stands.</summary>
    public required RunState Status { get; init; }

    /// <summary>When it was asked for or began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When something last happened to it.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>What it is doing; only while it runs.</summary>
    public RunProgress? Progress { get; init; }

    /// <summary>What it did; only once it has ended.</summary>
    public RunReport? Report { get; init; }
}
