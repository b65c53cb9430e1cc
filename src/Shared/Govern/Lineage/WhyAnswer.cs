using DataIngestion.Contracts;

namespace DataIngestion.Govern;

/// <summary>Why a row of a dataset is what it is.</summary>
public sealed record WhyAnswer
{
    /// <summary>Dataset id.</summary>
    public required string Dataset { get; init; }

    /// <summary>The snapshot that was asked.</summary>
    public required LakePath Snapshot { get; init; }

    /// <summary>When that state was known.</summary>
    public DateTimeOffset SnapshotKnownAt { get; init; }

    /// <summary>The row that stands.</summary>
    public required Statement Standing { get; init; }

    /// <summary>What other sources said of the same key.</summary>
    public IReadOnlyList<Statement> Others { get; init; } = [];
}

/// <summary>What one source says of one key.</summary>
public sealed record Statement
{
    /// <summary>Source id.</summary>
    public required string Source { get; init; }

    /// <summary>The dataset's columns, in order, as in <see cref="SnapshotPage.Rows"/>.</summary>
    public required IReadOnlyDictionary<string, object?> Values { get; init; }

    /// <summary>Columns in which it differs from the row that stands.</summary>
    public IReadOnlyList<string> Differs { get; init; } = [];

    /// <summary>Since when we know that the source says so.</summary>
    public DateTimeOffset KnownAt { get; init; }

    /// <summary>When the source last said so.</summary>
    public DateTimeOffset LastSeenAt { get; init; }

    /// <summary>Why it stands, agrees or lost, in words.</summary>
    public required string Verdict { get; init; }

    /// <summary>Where it came from.</summary>
    public required RowOrigin Origin { get; init; }
}

/// <summary>The way of a row back to the bytes that the source sent.</summary>
public sealed record RowOrigin
{
    /// <summary>The run that brought it.</summary>
    public required string Run { get; init; }

    /// <summary>Its place in the raw artefact, as the converter counts.</summary>
    public required string Row { get; init; }

    /// <summary>The curated Parquet part that holds it; null when it is gone.</summary>
    public LakePath? Curated { get; init; }

    /// <summary>The raw artefact in landing; null when the curated part is gone.</summary>
    public LakePath? Artefact { get; init; }

    /// <summary>What was asked of the source: a file name, or the request's path and query; null when the landing manifest is gone.</summary>
    public string? Request { get; init; }

    /// <summary>SHA-256 of the artefact, lower-case hexadecimal.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The record's own text; null where it cannot be cut out of the artefact cheaply (JSON documents, XML).</summary>
    public string? RawRecord { get; init; }
}
