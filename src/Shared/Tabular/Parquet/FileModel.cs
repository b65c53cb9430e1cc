using System.Runtime.InteropServices;
using DataIngestion.Tabular.Parquet.Nesting;

namespace DataIngestion.Tabular.Parquet;

internal enum PhysicalType
{
    Boolean = 0,
    Int32 = 1,
    Int64 = 2,
    Int96 = 3,
    Float = 4,
    Double = 5,
    ByteArray = 6,
    FixedLengthByteArray = 7,
}

internal enum PageEncoding
{
    Plain = 0,
    PlainDictionary = 2,
    Rle = 3,
    BitPacked = 4,
    DeltaBinaryPacked = 5,
    DeltaLengthByteArray = 6,
    DeltaByteArray = 7,
    RleDictionary = 8,
    ByteStreamSplit = 9,
}

internal enum Codec
{
    Uncompressed = 0,
    Snappy = 1,
    Gzip = 2,
    Lzo = 3,
    Brotli = 4,
    Lz4 = 5,
    Zstd = 6,
    Lz4Raw = 7,
}

internal enum PageType
{
    Data = 0,
    Index = 1,
    Dictionary = 2,
    DataV2 = 3,
}

/// <summary>How a column lies in the file; <c>Width</c> is the bytes of a fixed-length value, or 0.</summary>
internal sealed record PhysicalColumn(DataType Type, PhysicalType Physical, int Width, bool Nullable)
{
    /// <summary>The names from the column down to the leaf.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>The definition level at which a value is there.</summary>
    public byte MaxDefinition { get; init; } = Nullable ? (byte)1 : (byte)0;

    /// <summary>Lists around the values.</summary>
    public byte MaxRepetition { get; init; }

    /// <summary>Takes nested columns apart; null for a flat one.</summary>
    public Shredder? Shredder { get; init; }

    public static PhysicalColumn Of(DataColumn column)
    {
        var (physical, width) = column.Type.Kind switch
        {
            DataKind.Boolean => (PhysicalType.Boolean, 0),
            DataKind.Int8 or DataKind.Int16 or DataKind.Int32 or DataKind.Date => (PhysicalType.Int32, 4),
            DataKind.Decimal when column.Type.Precision <= 9 => (PhysicalType.Int32, 4),
            DataKind.Decimal when column.Type.IsWideDecimal => (PhysicalType.FixedLengthByteArray, 16),
            DataKind.Double => (PhysicalType.Double, 8),
            DataKind.Float => (PhysicalType.Float, 4),
            DataKind.String or DataKind.Binary => (PhysicalType.ByteArray, 0),
            DataKind.Time when column.Type.Unit == TimeUnit.Milliseconds => (PhysicalType.Int32, 4),
            _ => (PhysicalType.Int64, 8),
        };
        return new(column.Type, physical, width, column.Nullable) { Path = [column.Name] };
    }
}

internal sealed record ChunkModel
{
    public Codec Codec { get; init; }

    public long Values { get; init; }

    public long Uncompressed { get; init; }

    public long Compressed { get; init; }

    public long DataOffset { get; init; }

    /// <summary>Where the dictionary page starts, or null.</summary>
    public long? DictionaryOffset { get; init; }

    /// <summary>Every encoding in the chunk, of levels, dictionary and values.</summary>
    public PageEncoding[] Encodings { get; init; } = [];

    public Bounds Bounds { get; init; }

    public long Nulls { get; init; }

    /// <summary>Different values, where every page refers to the dictionary.</summary>
    public long? Distinct { get; init; }

    public PageModel[] Pages { get; init; } = [];

    public PageOrder PageOrder { get; init; }
}

/// <summary>A data page; <c>Offset</c> counts from the first data page of the chunk, <c>FirstRow</c> from the start of the row group, <c>Values</c> are nulls and values.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PageModel(long Offset, int Bytes, long FirstRow, int Values, int Nulls, Bounds Bounds);

/// <summary><c>SortedBy</c> are the columns by which the rows ascend, nulls first.</summary>
internal sealed record RowGroupModel(ChunkModel[] Chunks, long Rows, IReadOnlyList<int> SortedBy);
