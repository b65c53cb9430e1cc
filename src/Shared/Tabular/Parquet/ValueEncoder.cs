namespace DataIngestion.Tabular.Parquet;

/// <summary>The least and the greatest value in their plain form, or nulls where they are not known.</summary>
internal readonly record struct Bounds(byte[]? Min, byte[]? Max);

/// <summary>How the bounds of a chunk's pages follow each other; the numbers are Parquet's.</summary>
internal enum PageOrder
{
    Unordered = 0,
    Ascending = 1,
    Descending = 2,
}

/// <summary>
/// Encodes the values of one column: those of the rows that have one; levels are kept elsewhere.
/// The encoding of a page depends only on the values of its column chunk up to its end.
/// </summary>
internal abstract class ValueEncoder : IDisposable
{
    /// <summary>Whether the page is full by bytes; depends on its rows alone.</summary>
    public virtual bool IsPageFull => false;

    /// <summary>Entries of the dictionary that pages of the chunk refer to; 0 when none does.</summary>
    public abstract int DictionaryCount { get; }

    /// <summary>Order of the bounds of the pages ended since <see cref="Clear"/>; pages without bounds do not count.</summary>
    public abstract PageOrder Order { get; }

    /// <summary>How many of the rows the open page takes before it is full by bytes; at least one.</summary>
    public virtual int TakeAtMost(ColumnVector values, int start, int length) => length;

    /// <summary>Adds the values of the rows that have one to the open page.</summary>
    public abstract void Add(ColumnVector values, int start, int length);

    /// <summary>Writes the values of the open page and begins the next.</summary>
    /// <returns>How they were written.</returns>
    public abstract PageEncoding EndPage(ByteSink output, out Bounds bounds);

    /// <summary>Writes the dictionary's values, plain.</summary>
    public abstract void WriteDictionary(ByteSink output);

    /// <summary>The bounds of the pages ended since <see cref="Clear"/>.</summary>
    public abstract Bounds ChunkBounds();

    /// <summary>Begins the next chunk.</summary>
    public abstract void Clear();

    /// <summary>Gives the memory back.</summary>
    public abstract void Dispose();

    public static ValueEncoder For(PhysicalColumn column, ParquetWriteOptions options, PageCompressor compressor) => column.Physical switch
    {
        PhysicalType.Boolean => new BooleanEncoder(),
        PhysicalType.ByteArray => new BytesEncoder(options, column.Type.Kind == DataKind.String),
        PhysicalType.Int32 => new IntegerEncoder<int>(options),
        PhysicalType.Int64 when column.Type.Kind == DataKind.UInt64 => new IntegerEncoder<ulong>(options),
        PhysicalType.Float => new FloatingEncoder<int, float>(options, compressor),
        PhysicalType.Double => new FloatingEncoder<long, double>(options, compressor),
        PhysicalType.FixedLengthByteArray => new WideDecimalEncoder(options),
        _ => new IntegerEncoder<long>(options),
    };
}
