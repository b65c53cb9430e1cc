using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Contracts;

/// <summary>Bounds that keep a hostile or broken artefact from taking the converter down. What is left out has the converter's default.</summary>
public sealed record ReadLimitsDefinition
{
    /// <summary>Bytes of one record; 1 KiB to 1 GiB, default 16 MiB.</summary>
    [Range(typeof(long), "1024", "1073741824")]
    public long? RecordBytes { get; init; }

    /// <summary>Bytes of one field; 1 byte to 1 GiB, default 4 MiB.</summary>
    [Range(typeof(long), "1", "1073741824")]
    public long? FieldBytes { get; init; }

    /// <summary>Columns; 1 to 100,000, default 4,096.</summary>
    [Range(1, 100_000)]
    public int? Columns { get; init; }

    /// <summary>Nesting of JSON and XML; 1 to 1,000, default 128.</summary>
    [Range(1, 1_000)]
    public int? Depth { get; init; }

    /// <summary>Bytes after decompression; 1 MiB to 1 PiB, default 1 TiB.</summary>
    [Range(typeof(long), "1048576", "1125899906842624")]
    public long? DecompressedBytes { get; init; }

    /// <summary>How many times larger than its artefact the decompressed content may be, beyond the first 64 MiB; 1 to 100,000, default 200.</summary>
    [Range(1, 100_000)]
    public int? DecompressionRatio { get; init; }

    /// <summary>Layers of compression and archives around the content; 1 to 16, default 3.</summary>
    [Range(1, 16)]
    public int? Layers { get; init; }

    /// <summary>Members of an archive, of nested ones together; 1 to 1,000,000, default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int? Entries { get; init; }
}
