using DataIngestion.Contracts;

namespace DataIngestion.Cli.Platform;

/// <summary>Body of <c>POST /api/ingestions</c>.</summary>
internal sealed record IngestionOrder(string? Source, string? Dataset, bool FullRefresh, TimeWindow? Window, string? Replay);

/// <summary>Answer to <see cref="IngestionOrder"/>.</summary>
internal sealed record IngestionStarted(string Run, string? StatusUrl);

/// <summary>Answer to <c>GET /api/ingestions</c>.</summary>
internal sealed record IngestionList(IReadOnlyList<IngestionStatus> Runs, string? Continuation);

/// <summary>Answer to <c>GET /api/sources</c>.</summary>
internal sealed record SourceList(IReadOnlyList<SourceAnswer> Sources);

/// <summary>One source as the platform tells it.</summary>
internal sealed record SourceAnswer
{
    /// <summary>Source id.</summary>
    public required string Source { get; init; }

    /// <summary>Its name for people.</summary>
    public string? Title { get; init; }

    /// <summary>What it is.</summary>
    public SourceKind Kind { get; init; }

    /// <summary>When it runs by itself.</summary>
    public ScheduleDefinition? Schedule { get; init; }

    /// <summary>The sources of a batch.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>What it offers.</summary>
    public IReadOnlyList<SourceDatasetAnswer> Datasets { get; init; } = [];

    /// <summary>The other direction of <see cref="Datasets"/> and <see cref="Members"/>: what a person wants to see in one column.</summary>
    public string Contents() => Kind is SourceKind.Batch ? string.Join(", ", Members) : string.Join(", ", Datasets.Select(d => d.Dataset));
}

/// <summary>One dataset of a source.</summary>
internal sealed record SourceDatasetAnswer(string Dataset, string? Files, CursorAnswer? Cursor);

/// <summary>Where the next run of a source continues.</summary>
internal sealed record CursorAnswer(string? Value, string? Run);

/// <summary>Answer to <c>GET /api/dead-letters/{id}</c>.</summary>
internal sealed record DeadLetterAnswer(DataIngestion.Retry.DeadLetter Letter, Failure? Failure, IngestionRequest? Request, int? Attempts, string? Message);

/// <summary>Answer to <c>GET /api/dead-letters</c>.</summary>
internal sealed record DeadLetterList(IReadOnlyList<DataIngestion.Retry.DeadLetter> DeadLetters, string? Continuation);
