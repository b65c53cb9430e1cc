using System.Text.Json.Serialization;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Platform;

/// <summary>Body of <c>POST /api/ingestions</c>.</summary>
internal sealed record IngestionOrder(string Source, string? Dataset, bool FullRefresh, TimeWindow? Window);

/// <summary>Answer to <see cref="IngestionOrder"/>.</summary>
internal sealed record IngestionStarted(string Run, string? StatusUrl);

/// <summary>What a run is doing or did: <c>GET /api/ingestions/{run}</c>.</summary>
internal sealed record RunStatus
{
    /// <summary>Run id.</summary>
    public required string Run { get; init; }

    /// <summary>Source id.</summary>
    public string? Source { get; init; }

    /// <summary><c>queued</c>, <c>running</c>, <c>completed</c> or <c>failed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Steps so far, in order.</summary>
    public IReadOnlyList<StepStatus> Steps { get; init; } = [];

    /// <summary>One entry a dataset, once it is done.</summary>
    public IReadOnlyList<DatasetResult> Results { get; init; } = [];

    /// <summary>Why it failed as a whole.</summary>
    public Failure? Failure { get; init; }

    /// <summary>Whether nothing more will happen.</summary>
    [JsonIgnore]
    public bool IsOver => Status is "completed" or "failed";

    /// <summary>The source, from the run id where the answer lacks it.</summary>
    [JsonIgnore]
    public string SourceName => Source ?? (RunId.TryParse(Run, out var source, out _) ? source : Run);
}

/// <summary>One step of a run.</summary>
internal sealed record StepStatus
{
    /// <summary>Its name, e.g. <c>convert</c>.</summary>
    public required string Step { get; init; }

    /// <summary>Its dataset, where it has one.</summary>
    public string? Dataset { get; init; }

    /// <summary><c>running</c>, <c>completed</c>, <c>waiting</c> or <c>failed</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Attempts so far.</summary>
    public int? Attempt { get; init; }
}

/// <summary>What a run did to one dataset.</summary>
internal sealed record DatasetResult
{
    /// <summary>Dataset id.</summary>
    public required string Dataset { get; init; }

    /// <summary>Records found.</summary>
    public long RowsIn { get; init; }

    /// <summary>Rows that stand in the snapshot.</summary>
    public long RowsOut { get; init; }

    /// <summary>Rows set aside.</summary>
    public long RowsQuarantined { get; init; }

    /// <summary>Rows that the merge did not need.</summary>
    public long RowsMergedAway { get; init; }

    /// <summary>Keys for which sources disagree.</summary>
    public long Disagreements { get; init; }

    /// <summary>The snapshot that was published.</summary>
    public LakePath? Snapshot { get; init; }

    /// <summary>Duration.</summary>
    public double Seconds { get; init; }

    /// <summary>Why it failed.</summary>
    public Failure? Failure { get; init; }

    /// <summary>Rule 6: nothing silent.</summary>
    [JsonIgnore]
    public bool AddsUp => RowsIn == RowsOut + RowsQuarantined + RowsMergedAway;
}

/// <summary>A source as <c>GET /api/sources</c> lists it.</summary>
internal sealed record SourceSummary
{
    /// <summary>Source id.</summary>
    public required string Source { get; init; }

    /// <summary>Its name for people.</summary>
    public string? Title { get; init; }

    /// <summary>Its kind.</summary>
    public SourceKind Kind { get; init; }

    /// <summary>Ids of its datasets.</summary>
    public IReadOnlyList<string> Datasets { get; init; } = [];
}

/// <summary>A dead letter as <c>GET /api/dead-letters</c> lists it.</summary>
internal sealed record DeadLetterSummary
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The run.</summary>
    public string? Run { get; init; }

    /// <summary>Source id.</summary>
    public string? Source { get; init; }

    /// <summary>Dataset id.</summary>
    public string? Dataset { get; init; }

    /// <summary>The step that failed.</summary>
    public string? Step { get; init; }

    /// <summary>Why.</summary>
    public Failure? Failure { get; init; }
}
