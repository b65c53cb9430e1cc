using System.Buffers;
using ZstdSharp;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Encodes one column of a row group: pages are compressed as they fill, the dictionary page is put before them at the end.</summary>
internal abstract class ChunkWriter(PhysicalColumn column, ParquetWriteOptions options) : IDisposable
{
    readonly Compressor _compressor = new(options.CompressionLevel);
    readonly ArrayBufferWriter<byte> _header = new(64);
    readonly ByteSink _raw = new();
    readonly ByteSink _pages = new();
    readonly ByteSink _dictionary = new();
    readonly LevelBuffer _levels = new();
    long _values;
    long _nulls;
    long _uncompressed;
    long _dictionaryUncompressed;
    bool _hasDictionaryPages;
    bool _hasPlainPages;

    protected PhysicalColumn Column => column;

    protected ParquetWriteOptions Options => options;

    /// <summary>Whether values of the open page are numbers into the dictionary.</summary>
    protected bool UsesDictionary { get; set; } = options.Dictionary;

    /// <summary>Bytes held for this row group.</summary>
    public long Buffered => _pages.Length + OpenPageBytes;

    protected abstract long OpenPageBytes { get; }

    protected bool HasDictionaryPages => _hasDictionaryPages;

    /// <summary>Adds rows, cutting pages at fixed places, so that pages do not depend on how rows were batched.</summary>
    public void Append(ColumnVector values, int start, int length)
    {
        while (length > 0)
        {
            var take = Math.Min(length, TakeAtMost(values, start, Math.Min(length, options.PageRows - _levels.Rows)));
            _levels.Append(values, start, take);
            AddValues(values, start, take);
            start += take;
            length -= take;
            if (_levels.Rows == options.PageRows || IsPageFull)
                FlushPage();
        }
    }

    /// <summary>Whether the page is full by bytes; must depend on its rows alone.</summary>
    protected virtual bool IsPageFull => false;

    /// <summary>How many of the rows the open page takes before it is full by bytes.</summary>
    protected virtual int TakeAtMost(ColumnVector values, int start, int length) => length;

    /// <summary>Adds the values of the rows that have one.</summary>
    protected abstract void AddValues(ColumnVector values, int start, int length);

    /// <summary>Called when a page is full: the writer may leave the dictionary, re-coding the open page.</summary>
    protected abstract void ReviewDictionary();

    protected abstract void WritePlain(ByteSink output);

    protected abstract void WriteIndices(ByteSink output);

    /// <summary>Writes the dictionary's values.</summary>
    /// <returns>How many.</returns>
    protected abstract int WriteDictionary(ByteSink output);

    protected abstract void ClearPage();

    protected abstract void ClearChunk();

    /// <summary>The least and the greatest value in their plain form, or nulls.</summary>
    protected abstract (byte[]? Min, byte[]? Max) Bounds();

    void FlushPage()
    {
        var rows = _levels.Rows;
        if (rows == 0)
            return;
        if (UsesDictionary)
            ReviewDictionary();
        _raw.Clear();
        _values += rows;
        _nulls += _levels.Nulls;
        if (column.Nullable)
            _levels.Flush(_raw);
        else
            _levels.Reset();
        var encoding = UsesDictionary ? PageEncoding.RleDictionary : PageEncoding.Plain;
        if (UsesDictionary)
            WriteIndices(_raw);
        else
            WritePlain(_raw);
        _hasDictionaryPages |= UsesDictionary;
        _hasPlainPages |= !UsesDictionary;
        _uncompressed += WritePage(_pages, PageType.Data, _raw.Span, rows, encoding);
        ClearPage();
        AfterPage();
    }

    /// <summary>Called when a page was written: from the next page on the dictionary may be left.</summary>
    protected abstract void AfterPage();

    /// <summary>Ends the chunk.</summary>
    /// <param name="offset">Where the chunk will begin in the file.</param>
    public ChunkModel Finish(long offset)
    {
        FlushPage();
        _dictionary.Clear();
        if (_hasDictionaryPages)
        {
            _raw.Clear();
            var count = WriteDictionary(_raw);
            _dictionaryUncompressed = WritePage(_dictionary, PageType.Dictionary, _raw.Span, count, PageEncoding.Plain);
        }

        var (min, max) = Bounds();
        var model = new ChunkModel
        {
            Codec = Codec.Zstd,
            Values = _values,
            Nulls = _nulls,
            Uncompressed = _uncompressed + (_hasDictionaryPages ? _dictionaryUncompressed : 0),
            Compressed = _pages.Length + _dictionary.Length,
            DictionaryOffset = _hasDictionaryPages ? offset : null,
            DataOffset = offset + _dictionary.Length,
            HasPlainPages = _hasPlainPages,
            Min = min,
            Max = max,
        };
        return model;
    }

    /// <summary>Writes the finished chunk and makes ready for the next row group.</summary>
    public async ValueTask CopyToAsync(Stream output, CancellationToken cancellationToken)
    {
        await output.WriteAsync(_dictionary.Memory, cancellationToken);
        await output.WriteAsync(_pages.Memory, cancellationToken);
        _pages.Clear();
        _dictionary.Clear();
        (_values, _nulls, _uncompressed, _hasDictionaryPages, _hasPlainPages) = (0, 0, 0, false, false);
        ClearChunk();
    }

    long WritePage(ByteSink output, PageType type, ReadOnlySpan<byte> raw, int values, PageEncoding encoding)
    {
        var bound = Compressor.GetCompressBound(raw.Length);
        using var compressed = MemoryPool<byte>.Shared.Rent(bound);
        var length = _compressor.Wrap(raw, compressed.Memory.Span);
        _header.ResetWrittenCount();
        PageHeader.Write(_header, type, raw.Length, length, values, encoding);
        output.Write(_header.WrittenSpan);
        output.Write(compressed.Memory.Span[..length]);
        return _header.WrittenCount + (long)raw.Length;
    }

    public void Dispose()
    {
        _compressor.Dispose();
        _raw.Dispose();
        _pages.Dispose();
        _dictionary.Dispose();
        Release();
        GC.SuppressFinalize(this);
    }

    private protected virtual void Release()
    {
    }

    public static ChunkWriter For(PhysicalColumn column, ParquetWriteOptions options) => column.Physical switch
    {
        PhysicalType.Boolean => new BooleanChunkWriter(column, options),
        PhysicalType.ByteArray => new BytesChunkWriter(column, options),
        PhysicalType.Int32 or PhysicalType.Float => new FixedChunkWriter<int>(column, options),
        PhysicalType.Int64 when column.Type.Kind == DataKind.UInt64 => new FixedChunkWriter<ulong>(column, options),
        PhysicalType.FixedLengthByteArray => new FixedChunkWriter<Int128>(column, options),
        _ => new FixedChunkWriter<long>(column, options),
    };
}
