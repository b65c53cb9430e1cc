namespace DataIngestion.Contracts;

/// <summary>How a run, or its part for one dataset, ended.</summary>
public enum RunOutcome
{
    /// <summary>Everything was published.</summary>
    Completed,

    /// <summary>The source had nothing that we did not have.</summary>
    NothingNew,

    /// <summary>Nothing was published; what had begun was undone.</summary>
    Failed,
}

/// <summary>What a run did for one dataset. <c>RowsIn == RowsOut + RowsQuarantined + RowsMergedAway</c> unless it failed.</summary>
public sealed record DatasetReport
{
    /// <summary>Dataset id.</summary>
    public required string Dataset { get; init; }

    /// <summary>The source whose rows these are: the run's, or one that stood in.</summary>
    public required string Source { get; init; }

    /// <summary>How it ended.</summary>
    public required RunOutcome Outcome { get; init; }

    /// <summary>Records found in what was collected.</summary>
    public long RowsIn { get; init; }

    /// <summary>Rows of this run that stand in the dataset.</summary>
    public long RowsOut { get; init; }

    /// <summary>Rows set aside with their reasons.</summary>
    public long RowsQuarantined { get; init; }

    /// <summary>Rows that the dataset had already, or that another source is trusted over.</summary>
    public long RowsMergedAway { get; init; }

    /// <summary>Bytes collected.</summary>
    public long Bytes { get; init; }

    /// <summary>Requests made to the source.</summary>
    public int Requests { get; init; }

    /// <summary>Requests that had to be repeated.</summary>
    public int Retries { get; init; }

    /// <summary>Quality score from 0 to 100; null when the gate was not reached.</summary>
    public double? Quality { get; init; }

    /// <summary>Keys for which sources disagree after the merge.</summary>
    public long Disagreements { get; init; }

    /// <summary>The snapshot it was published in.</summary>
    public LakePath? Snapshot { get; init; }

    /// <summary>Where the quarantined rows lie.</summary>
    public LakePath? Quarantine { get; init; }

    /// <summary>Things worth knowing that are not failures, in words.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Why it failed.</summary>
    public Failure? Failure { get; init; }

    /// <summary>Id of the dead letter that can be replayed.</summary>
    public string? DeadLetter { get; init; }

    /// <summary>The source that the fetch-retry agent chose to stand in.</summary>
    public string? FallbackSource { get; init; }

    /// <summary>Whether every row is accounted for.</summary>
    public bool IsBalanced => Outcome is RunOutcome.Failed || RowsIn == RowsOut + RowsQuarantined + RowsMergedAway;
}

/// <summary>What a run did: the output of its orchestration.</summary>
public sealed record RunReport
{
    /// <summary>Run id.</summary>
    public required string Run { get; init; }

    /// <summary>Source id.</summary>
    public required string Source { get; init; }

    /// <summary>The worst outcome of its datasets.</summary>
    public required RunOutcome Outcome { get; init; }

    /// <summary>One entry a dataset.</summary>
    public IReadOnlyList<DatasetReport> Datasets { get; init; } = [];

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset FinishedAt { get; init; }

    /// <summary>Why it failed as a whole.</summary>
    public Failure? Failure { get; init; }

    /// <summary>A report from those of its datasets.</summary>
    public static RunReport Of(string run, string source, DateTimeOffset startedAt, DateTimeOffset finishedAt, IReadOnlyList<DatasetReport> datasets) => new()
    {
        Run = run,
        Source = source,
        Outcome = datasets.Any(d => d.Outcome is RunOutcome.Failed) ? RunOutcome.Failed
            : datasets.All(d => d.Outcome is RunOutcome.NothingNew) ? RunOutcome.NothingNew
            : RunOutcome.Completed,
        Datasets = datasets,
        StartedAt = startedAt,
        FinishedAt = finishedAt,
        Failure = datasets.FirstOrDefault(d => d.Failure is not null)?.Failure,
    };
}

/// <summary>What a run is doing: the custom status of its orchestration.</summary>
/// <param name="Dataset">The dataset at work.</param>
/// <param name="Step">The step at work.</param>
/// <param name="Attempt">Its attempt, from 1.</param>
/// <param name="WaitingUntil">When the next attempt begins; null while one is under way.</param>
public sealed record RunProgress(string? Dataset, string Step, int Attempt, DateTimeOffset? WaitingUntil = null);
