namespace DataIngestion.Conversion;

/// <summary>The compression of an Avro file's blocks.</summary>
public enum AvroCodec
{
    /// <summary>Which every reader knows. The default.</summary>
    Deflate,

    /// <summary>Smaller and faster, for readers that know it.</summary>
    Zstandard,

    /// <summary>None.</summary>
    Null,
}

/// <summary>How an Avro file is written.</summary>
public sealed record AvroWriteOptions
{
    /// <summary>The compression.</summary>
    public AvroCodec Codec { get; init; }

    /// <summary>Bytes of a block before compression, which the row that reaches them ends. From 1. Default 256 KiB.</summary>
    public int BlockBytes { get; init; } = 256 << 10;
}
