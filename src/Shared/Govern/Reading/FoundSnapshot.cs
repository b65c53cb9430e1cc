using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Tabular;

namespace DataIngestion.Govern;

/// <summary>A snapshot with where it lies.</summary>
/// <param name="Path">Its manifest.</param>
/// <param name="Manifest">What that says.</param>
public sealed record FoundSnapshot(LakePath Path, SnapshotManifest Manifest)
{
    /// <summary>Columns of the rows that stand: the dataset's, then lineage.</summary>
    internal DataSchema Schema => Manifest.Schema.ValueKind == JsonValueKind.Object
        ? Manifest.Schema.Deserialize<DataSchema>()!
        : throw new StepFailedException(new() { Code = "document-unreadable", Message = $"'{Path}' does not say the schema of its parts." });
}
