namespace DataIngestion.Tabular;

/// <summary>The codecs that Parquet files are written with.</summary>
public enum ParquetCompression
{
    /// <summary>Zstandard.</summary>
    Zstd,

    /// <summary>Snappy: faster to read, larger.</summary>
    Snappy,

    /// <summary>gzip, for readers that know nothing newer.</summary>
    Gzip,

    /// <summary>No compression.</summary>
    None,
}

/// <summary>How a Parquet file is written. The bytes depend on these, the schema and the rows, and on nothing else.</summary>
public sealed record ParquetWriteOptions
{
    const int OpenValues = 128 * 65_536;
    const int LeastPageRows = 1024;

    /// <summary>Rows of a row group. Default 524,288.</summary>
    public int RowGroupRows { get; init; } = 524_288;

    /// <summary>Compressed bytes from which a row group is ended early, after a multiple of <see cref="PageRows"/>. Default 64 MiB.</summary>
    public long RowGroupBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Rows of a page; pages also end after every multiple of it in a row group. Default 65,536; the pages of files with more than 128 columns
    /// have fewer, so that the open pages of all columns together stay within some 64 MB.
    /// </summary>
    public int PageRows { get; init; } = 65_536;

    /// <summary>The rows of a page in a file of so many columns.</summary>
    internal int PageRowsFor(int columns) => Math.Min(PageRows, Math.Max(LeastPageRows, OpenValues / Math.Max(1, columns)));

    /// <summary>Uncompressed bytes at which a page ends early. Default 4 MiB.</summary>
    public int PageBytes { get; init; } = 4 << 20;

    /// <summary>Bytes of distinct values from which a column of a row group goes on without a dictionary. Default 1 MiB.</summary>
    public int DictionaryBytes { get; init; } = 1 << 20;

    /// <summary>Whether dictionaries may be used at all.</summary>
    public bool Dictionary { get; init; } = true;

    /// <summary>
    /// Whether to write nothing but plain and dictionary pages, for readers that know no other (Parquet.Net 6.1 reads no differences of decimals, dates,
    /// timestamps and 8-bit integers). Such files are larger and take several times as long to write. Default false.
    /// </summary>
    public bool Classic { get; init; }

    /// <summary>The codec of pages. Default zstd.</summary>
    public ParquetCompression Compression { get; init; } = ParquetCompression.Zstd;

    /// <summary>zstd level, 1–19. Default 1. For gzip, up to 3 means fast.</summary>
    public int CompressionLevel { get; init; } = 1;

    /// <summary>Threads that encode columns. Default 1; the bytes do not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// Columns by which the rows ascend, nulls first, so far as the caller knows. A row group says that it is sorted only where its rows really are.
    /// Default: the first column, where it orders like its type does in other systems.
    /// </summary>
    public IReadOnlyList<string>? SortedBy { get; init; }

    /// <summary>Key-value metadata of the file's footer.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
