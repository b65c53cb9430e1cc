using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Merge;

/// <summary>How much of the machine a merge may use.</summary>
public sealed record MergerOptions
{
    /// <summary>Bytes of a run's rows that are sorted in memory before they are spilled to a file; 64 KiB to 1 GiB, default 64 MiB.</summary>
    [Range(1 << 16, 1 << 30)]
    public int SortBufferBytes { get; init; } = 64 << 20;

    /// <summary>Rows a batch of Parquet; 1 to 1,048,576, default 32,768.</summary>
    [Range(1, 1 << 20)]
    public int BatchRows { get; init; } = 32_768;

    /// <summary>Where spilled rows and unpublished Parquet lie while a merge runs; default the system's temporary folder.</summary>
    public string TemporaryFolder { get; init; } = Path.GetTempPath();
}
