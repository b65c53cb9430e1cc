namespace DataIngestion.Contracts;

/// <summary>Asks the fetch-retry agent what to do about a failed step.</summary>
public sealed record RetryArguments
{
    /// <summary>The run.</summary>
    public required string Run { get; init; }

    /// <summary>Source id.</summary>
    public required string Source { get; init; }

    /// <summary>Dataset id.</summary>
    public required string Dataset { get; init; }

    /// <summary>The step that failed.</summary>
    public required string Step { get; init; }

    /// <summary>How often it has been tried, from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>When the first attempt began.</summary>
    public DateTimeOffset FirstTriedAt { get; init; }

    /// <summary>Why it failed.</summary>
    public required Failure Failure { get; init; }

    /// <summary>The step's retry policy as configured when the run began.</summary>
    public required RetryPolicyDefinition Policy { get; init; }

    /// <summary>Times in which the vendor is known to be down.</summary>
    public IReadOnlyList<MaintenanceDefinition> Maintenance { get; init; } = [];

    /// <summary>Sources that may stand in, in order; those already tried are left out.</summary>
    public IReadOnlyList<string> Fallbacks { get; init; } = [];

    /// <summary>The command that failed, so that a dead letter can be replayed.</summary>
    public required IngestionRequest Request { get; init; }
}

/// <summary>What to do about a failed step.</summary>
public enum RetryAction
{
    /// <summary>Try the same step again, not before <see cref="RetryDecision.NotBefore"/>.</summary>
    Retry,

    /// <summary>Run <see cref="RetryDecision.FallbackSource"/> instead.</summary>
    Fallback,

    /// <summary>Use what the last successful collection landed.</summary>
    RecoverFromCache,

    /// <summary>Give up; a person can replay it. <see cref="RetryDecision.DeadLetter"/> names it.</summary>
    DeadLetter,
}

/// <summary>The fetch-retry agent's answer.</summary>
public sealed record RetryDecision
{
    /// <summary>What to do.</summary>
    public required RetryAction Action { get; init; }

    /// <summary>Earliest moment of the next attempt; only for <see cref="RetryAction.Retry"/>.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Whether the attempt that failed counts among those that the policy gives; false for what failed in a time that the vendor announced. Default true.</summary>
    public bool Counts { get; init; } = true;

    /// <summary>The source to use instead; only for <see cref="RetryAction.Fallback"/>.</summary>
    public string? FallbackSource { get; init; }

    /// <summary>The landing manifest to use; only for <see cref="RetryAction.RecoverFromCache"/>.</summary>
    public LakePath? CachedLanding { get; init; }

    /// <summary>Id of the dead letter; only for <see cref="RetryAction.DeadLetter"/>.</summary>
    public string? DeadLetter { get; init; }

    /// <summary>Why, in one sentence.</summary>
    public required string Reason { get; init; }
}
