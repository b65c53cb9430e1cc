namespace DataIngestion.Contracts;

/// <summary>Asks the merger to combine a curated run with what the dataset holds and to publish the result.</summary>
/// <param name="Source">Source id.</param>
/// <param name="Dataset">The dataset as configured when the run began.</param>
/// <param name="Run">The run whose rows are merged.</param>
/// <param name="Curated">A <see cref="CuratedManifest"/>.</param>
public sealed record MergeArguments(string Source, DatasetDefinition Dataset, string Run, LakePath Curated);

/// <summary>What a merge made. <c>RowsIn == RowsOut + RowsMergedAway</c>, and <c>previous + RowsIn == SnapshotRows + RowsMergedAway + RowsSuperseded</c>.</summary>
public sealed record MergeResult
{
    /// <summary>A <see cref="SnapshotManifest"/>; the previous one's path when nothing changed.</summary>
    public required LakePath Snapshot { get; init; }

    /// <summary>Rows of this run that were merged.</summary>
    public long RowsIn { get; init; }

    /// <summary>Rows of this run that stand in the snapshot.</summary>
    public long RowsOut { get; init; }

    /// <summary>Rows of this run that do not: equal to what was there, beaten by another source, or repeated within the run.</summary>
    public long RowsMergedAway { get; init; }

    /// <summary>Rows of the previous snapshot that rows of this run replaced.</summary>
    public long RowsSuperseded { get; init; }

    /// <summary>Keys for which sources disagree after this merge.</summary>
    public long Disagreements { get; init; }

    /// <summary>Rows in the snapshot.</summary>
    public long SnapshotRows { get; init; }
}

/// <summary>Asks the merger to take back what a run published, if it is still the newest.</summary>
/// <param name="Dataset">Dataset id.</param>
/// <param name="Run">The run to take back.</param>
public sealed record WithdrawArguments(string Dataset, string Run);

/// <summary>What became of a withdrawal.</summary>
/// <param name="Withdrawn">False when the run had published nothing.</param>
/// <param name="Current">The current snapshot afterwards; null when the dataset has none.</param>
public sealed record WithdrawResult(bool Withdrawn, LakePath? Current);
