namespace DataIngestion.Conversion;

/// <summary>How the buffers of an Arrow file are compressed.</summary>
public enum ArrowCompression
{
    /// <summary>Not at all: every reader of Arrow reads it, without copying.</summary>
    None,

    /// <summary>LZ4 frames.</summary>
    Lz4,

    /// <summary>Zstandard, level 1.</summary>
    Zstd,
}

/// <summary>How an Arrow file is written.</summary>
public sealed record ArrowWriteOptions
{
    /// <summary>How buffers are compressed. Default: not.</summary>
    public ArrowCompression Compression { get; init; }

    /// <summary>Whether the streaming format is written instead of the file format (Feather V2). Default: the file format.</summary>
    public bool IsStream { get; init; }

    /// <summary>Rows of a batch; fewer where they reach <see cref="BatchBytes"/>. A multiple of 1,024. Default 65,536.</summary>
    public int BatchRows { get; init; } = 65_536;

    /// <summary>Bytes at which a batch ends. Looked at after every 1,024 rows. Default 64 MiB.</summary>
    public long BatchBytes { get; init; } = 64 << 20;
}
