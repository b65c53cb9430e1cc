using DataIngestion.Contracts;

namespace DataIngestion.Merge;

/// <summary>What the merger keeps in a snapshot's manifest beside <see cref="SnapshotManifest"/>, for itself.</summary>
internal sealed record SnapshotDetail
{
    /// <summary>The dataset as configured when the snapshot was made: a withdrawal knows only its id.</summary>
    public required DatasetDefinition Definition { get; init; }

    /// <summary>See <see cref="PassCounts.Content"/>.</summary>
    public required string Content { get; init; }
}

/// <summary>A snapshot with where it lies.</summary>
internal sealed record PublishedSnapshot(LakePath Path, SnapshotManifest Manifest, SnapshotDetail Detail);
