namespace DataIngestion.Contracts;

/// <summary>Asks the collector to fetch what is new of one dataset of a source into landing.</summary>
public sealed record CollectArguments
{
    /// <summary>The source as configured when the run began.</summary>
    public required SourceDefinition Source { get; init; }

    /// <summary>Which of the source's datasets.</summary>
    public required string Dataset { get; init; }

    /// <summary>Where to continue; null from the beginning.</summary>
    public string? Cursor { get; init; }

    /// <summary>Only this window, instead of continuing from the cursor.</summary>
    public TimeWindow? Window { get; init; }
}

/// <summary>Asks the collector to copy a dropped file into landing.</summary>
/// <param name="Source">The file source as configured when the run began.</param>
/// <param name="Dataset">Which of the source's datasets the file belongs to.</param>
/// <param name="File">The file.</param>
public sealed record LandFileArguments(SourceDefinition Source, string Dataset, DroppedFile File);

/// <summary>Asks the collector to land again what an earlier run landed of a dataset, from its landing folder alone.</summary>
/// <param name="Source">The source as configured when the replay began.</param>
/// <param name="Dataset">Which of the source's datasets.</param>
/// <param name="Run">The earlier run.</param>
public sealed record ReplayArguments(SourceDefinition Source, string Dataset, string Run);

/// <summary>What lies in landing after a collection.</summary>
public sealed record CollectResult
{
    /// <summary>The manifest of all artefacts of this run and dataset, a <see cref="LandingManifest"/>.</summary>
    public required LakePath Manifest { get; init; }

    /// <summary>Number of artefacts; 0 when nothing was new.</summary>
    public int Artefacts { get; init; }

    /// <summary>Bytes as received.</summary>
    public long Bytes { get; init; }

    /// <summary>Requests made, retries included.</summary>
    public int Requests { get; init; }

    /// <summary>Answers that were retried inside the collector (429, 5xx, broken connections).</summary>
    public int Retries { get; init; }

    /// <summary>Where the next run continues, to be committed after publishing; null leaves the stored cursor as it is.</summary>
    public string? NextCursor { get; init; }

    /// <summary>What people should know of it, although it did not fail: a total that was wrong, a cursor that went backwards.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
