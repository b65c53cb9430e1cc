using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.Tabular;

namespace DataIngestion.Govern;

/// <summary>A snapshot with where it lies.</summary>
/// <param name="Path">Its manifest.</param>
/// <param name="Document">What that says.</param>
internal sealed record FoundSnapshot(LakePath Path, Versioned<SnapshotManifest> Document)
{
    public SnapshotManifest Manifest => Document.Value;

    /// <summary>Columns of the rows that stand: the dataset's, then lineage.</summary>
    public DataSchema Schema => Manifest.Schema.ValueKind == JsonValueKind.Object
        ? Manifest.Schema.Deserialize<DataSchema>()!
        : throw new StepFailedException(new() { Code = "document-unreadable", Message = $"'{Path}' does not say the schema of its parts." });
}
