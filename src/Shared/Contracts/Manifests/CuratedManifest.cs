using System.Text.Json;

namespace DataIngestion.Contracts;

/// <summary>One Parquet file.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Rows">Rows in it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal.</param>
/// <param name="Artefact">The raw artefact its rows come from.</param>
public sealed record CuratedPart(LakePath Path, long Rows, long Bytes, string Sha256, LakePath Artefact);

/// <summary>Result of converting one run of one dataset: <c>manifest.json</c> beside the parts. Written last and once.</summary>
public sealed record CuratedManifest
{
    /// <summary>Version of this document's shape.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>The run.</summary>
    public required string Run { get; init; }

    /// <summary>Source id.</summary>
    public required string Source { get; init; }

    /// <summary>Dataset id.</summary>
    public required string Dataset { get; init; }

    /// <summary>The landing manifest it was made from.</summary>
    public required LakePath Landing { get; init; }

    /// <summary>The Parquet files, one per raw artefact, in the artefacts' order.</summary>
    public required IReadOnlyList<CuratedPart> Parts { get; init; }

    /// <summary>Schema of the parts, as the Tabular project writes it.</summary>
    public JsonElement Schema { get; init; }

    /// <summary>Records found.</summary>
    public long RowsIn { get; init; }

    /// <summary>Rows written.</summary>
    public long RowsOut { get; init; }

    /// <summary>Rows quarantined.</summary>
    public long RowsQuarantined { get; init; }

    /// <summary>Where the quarantined rows lie; null when there are none.</summary>
    public LakePath? Quarantine { get; init; }
}
