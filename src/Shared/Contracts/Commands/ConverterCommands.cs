namespace DataIngestion.Contracts;

/// <summary>Asks the converter for typed Parquet from a run's raw artefacts.</summary>
public sealed record ConvertArguments
{
    /// <summary>The source as configured when the run began.</summary>
    public required SourceDefinition Source { get; init; }

    /// <summary>The dataset as configured when the run began.</summary>
    public required DatasetDefinition Dataset { get; init; }

    /// <summary>A <see cref="LandingManifest"/>.</summary>
    public required LakePath Landing { get; init; }
}

/// <summary>What conversion made. <c>RowsIn == RowsOut + RowsQuarantined</c>.</summary>
public sealed record ConvertResult
{
    /// <summary>A <see cref="CuratedManifest"/> beside the Parquet parts.</summary>
    public required LakePath Manifest { get; init; }

    /// <summary>Records found in the raw artefacts.</summary>
    public long RowsIn { get; init; }

    /// <summary>Rows written.</summary>
    public long RowsOut { get; init; }

    /// <summary>Rows set aside with their reasons.</summary>
    public long RowsQuarantined { get; init; }

    /// <summary>Folder of the quarantined rows; null when there are none.</summary>
    public LakePath? Quarantine { get; init; }
}

/// <summary>Asks whether a conversion is good enough to publish.</summary>
/// <param name="Source">Source id.</param>
/// <param name="Dataset">The dataset as configured when the run began.</param>
/// <param name="Curated">A <see cref="CuratedManifest"/>.</param>
public sealed record QualityArguments(string Source, DatasetDefinition Dataset, LakePath Curated);

/// <summary>The verdict of the quality gate.</summary>
/// <param name="Score">0 to 100.</param>
/// <param name="Passed">Whether the score reaches the dataset's minimum.</param>
/// <param name="Findings">Each broken rule with its count, in words.</param>
public sealed record QualityResult(double Score, bool Passed, IReadOnlyList<string> Findings);
