using System.Runtime.InteropServices;

namespace DataIngestion.Conversion.Orc;

/// <summary>Types by their number in the format (orc_proto.proto, Type.Kind).</summary>
internal enum OrcKind
{
    Boolean,
    Byte,
    Short,
    Int,
    Long,
    Float,
    Double,
    String,
    Binary,
    Timestamp,
    List,
    Map,
    Struct,
    Union,
    Decimal,
    Date,
    Varchar,
    Char,
    TimestampInstant,
    Geometry,
    Geography,
}

/// <summary>Compressions by their number in the format (orc_proto.proto, CompressionKind).</summary>
internal enum OrcCompression
{
    None,
    Zlib,
    Snappy,
    Lzo,
    Lz4,
    Zstd,
    Brotli,
}

/// <summary>One type of the tree, which lies in a list in which a parent is before its children.</summary>
/// <param name="Children">Their places in the list.</param>
/// <param name="Names">Of the children, for structs.</param>
/// <param name="Precision">Of a decimal; 0 where the writer did not say (Hive 0.11 and 0.12).</param>
internal sealed record OrcType(OrcKind Kind, IReadOnlyList<int> Children, IReadOnlyList<string> Names, int Precision, int Scale);

/// <summary>Where a stripe lies, and how many rows it has.</summary>
internal sealed record OrcStripe(long Offset, long IndexLength, long DataLength, int FooterLength, long Rows);

/// <summary>The earliest and latest moment of a timestamp column in milliseconds, as its statistics say; null where they do not.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TimestampBounds(long Earliest, long Latest);

/// <summary>What the end of a file says about the file.</summary>
internal sealed record OrcTail
{
    public required OrcCompression Compression { get; init; }

    /// <summary>The most bytes that a compressed chunk has when decompressed.</summary>
    public required int BlockSize { get; init; }

    public required IReadOnlyList<OrcType> Types { get; init; }

    public required IReadOnlyList<OrcStripe> Stripes { get; init; }

    public required long Rows { get; init; }

    /// <summary>Whether decimals of up to 18 digits are integers in the column's scale (the format's version 1.9999, a draft of version 2).</summary>
    public required bool HasShortDecimals { get; init; }

    /// <summary>Whether days before 1582-10-15 are those of the Julian calendar.</summary>
    public required bool IsHybridCalendar { get; init; }

    /// <summary>By column; what is not a timestamp or has no statistics is missing.</summary>
    public required IReadOnlyDictionary<int, TimestampBounds> Timestamps { get; init; }

    /// <summary>The names of the user's metadata.</summary>
    public required IReadOnlyList<string> MetadataNames { get; init; }

    /// <summary>What is to be told of the version; null where it is a known one.</summary>
    public required string? VersionNote { get; init; }

    /// <summary>Bytes of the whole file.</summary>
    public required long FileLength { get; init; }
}
