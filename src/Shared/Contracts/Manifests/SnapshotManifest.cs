using System.Text.Json;

namespace DataIngestion.Contracts;

/// <summary>One run that a snapshot contains.</summary>
/// <param name="Source">Source id.</param>
/// <param name="Run">Run id.</param>
/// <param name="Curated">Its <see cref="CuratedManifest"/>.</param>
/// <param name="RowsIn">Its rows.</param>
/// <param name="RowsOut">Those that stood in the snapshot when it was merged.</param>
/// <param name="RowsMergedAway">Those that did not.</param>
public sealed record MergedRun(string Source, string Run, LakePath Curated, long RowsIn, long RowsOut, long RowsMergedAway);

/// <summary>A published state of a dataset: <c>manifest.json</c> in the snapshot's folder.</summary>
public sealed record SnapshotManifest
{
    /// <summary>Version of this document's shape.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>Dataset id.</summary>
    public required string Dataset { get; init; }

    /// <summary>When this state was known: the name of the snapshot's folder.</summary>
    public DateTimeOffset KnownAt { get; init; }

    /// <summary>The state before; null for the first.</summary>
    public LakePath? Previous { get; init; }

    /// <summary>Parquet files with the rows that stand.</summary>
    public required IReadOnlyList<LakePath> Parts { get; init; }

    /// <summary>Parquet files with the rows that other sources said instead; see the Merge project.</summary>
    public IReadOnlyList<LakePath> Disagreements { get; init; } = [];

    /// <summary>Every run that went in, oldest first.</summary>
    public required IReadOnlyList<MergedRun> Runs { get; init; }

    /// <summary>The numbers of the merge that made it, answered again when that merge is asked for again.</summary>
    public required MergeResult Result { get; init; }

    /// <summary>Schema of the parts, as the Tabular project writes it.</summary>
    public JsonElement Schema { get; init; }
}

/// <summary>The content of <c>current.json</c>.</summary>
/// <param name="Manifest">The current <see cref="SnapshotManifest"/>.</param>
/// <param name="KnownAt">Its time.</param>
/// <param name="Rows">Its rows.</param>
public sealed record CurrentSnapshot(LakePath Manifest, DateTimeOffset KnownAt, long Rows);
