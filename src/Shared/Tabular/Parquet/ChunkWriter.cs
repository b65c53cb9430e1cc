using System.Buffers;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Writes one column of a row group: pages are compressed as they fill, the dictionary page is put before them at the end.</summary>
internal sealed class ChunkWriter(PhysicalColumn column, ParquetWriteOptions options, PageCompressor compressor) : IDisposable
{
    readonly ValueEncoder _values = ValueEncoder.For(column, options, compressor);
    readonly ArrayBufferWriter<byte> _header = new(64);
    readonly ByteSink _raw = new();
    readonly ByteSink _compressed = new();
    readonly ByteSink _pages = new();
    readonly ByteSink _dictionary = new();
    readonly LevelBuffer _levels = new();
    readonly SortedSet<PageEncoding> _encodings = [];
    readonly List<PageModel> _models = [];
    long _rows;
    long _nulls;
    bool _isAllIndexed = true;
    long _uncompressed;

    /// <summary>Bytes of the pages ended in this row group.</summary>
    public long Buffered => _pages.Length;

    /// <summary>Adds rows, ending pages that are full by bytes.</summary>
    public void Append(ColumnVector values, int start, int length)
    {
        while (length > 0)
        {
            var take = _values.TakeAtMost(values, start, length);
            _levels.Append(values, start, take);
            _values.Add(values, start, take);
            start += take;
            length -= take;
            if (_values.IsPageFull)
                EndPage();
        }
    }

    /// <summary>Ends the open page, if it has rows.</summary>
    public void EndPage()
    {
        var rows = _levels.Rows;
        if (rows == 0)
            return;
        _raw.Clear();
        var nulls = _levels.Nulls;
        if (column.Nullable)
            _levels.Flush(_raw);
        else
            _levels.Reset();
        var encoding = _values.EndPage(_raw, out var bounds);
        _encodings.Add(encoding);
        var start = _pages.Length;
        WritePage(_pages, PageType.Data, rows, encoding);
        _models.Add(new(start, _pages.Length - start, _rows, rows, nulls, bounds));
        _isAllIndexed &= encoding == PageEncoding.RleDictionary || nulls == rows;
        _rows += rows;
        _nulls += nulls;
    }

    /// <summary>Ends the chunk.</summary>
    /// <param name="offset">Where the chunk will begin in the file.</param>
    public ChunkModel Finish(long offset)
    {
        EndPage();
        _dictionary.Clear();
        var hasDictionary = _values.DictionaryCount > 0;
        if (hasDictionary)
        {
            _raw.Clear();
            _values.WriteDictionary(_raw);
            WritePage(_dictionary, PageType.Dictionary, _values.DictionaryCount, PageEncoding.Plain);
            _encodings.Add(PageEncoding.Plain);
        }

        return new()
        {
            Codec = compressor.Codec,
            Encodings = [PageEncoding.Rle, .. _encodings],
            Values = _rows,
            Nulls = _nulls,
            Uncompressed = _uncompressed,
            Compressed = _pages.Length + _dictionary.Length,
            DictionaryOffset = hasDictionary ? offset : null,
            DataOffset = offset + _dictionary.Length,
            Bounds = _values.ChunkBounds(),
            Distinct = hasDictionary && _isAllIndexed ? _values.DictionaryCount : null,
            Pages = [.. _models],
            PageOrder = _values.Order,
        };
    }

    /// <summary>Writes the finished chunk and makes ready for the next row group.</summary>
    public async ValueTask CopyToAsync(Stream output, CancellationToken cancellationToken)
    {
        await output.WriteAsync(_dictionary.Memory, cancellationToken);
        await output.WriteAsync(_pages.Memory, cancellationToken);
        _pages.Clear();
        _dictionary.Clear();
        (_rows, _nulls, _uncompressed, _isAllIndexed) = (0, 0, 0, true);
        _encodings.Clear();
        _models.Clear();
        _values.Clear();
    }

    void WritePage(ByteSink output, PageType type, int values, PageEncoding encoding)
    {
        _compressed.Clear();
        var isPacked = encoding is PageEncoding.RleDictionary or PageEncoding.DeltaBinaryPacked;
        var isCompressed = compressor.TryCompress(_raw.Span, isPacked, _compressed);
        _header.ResetWrittenCount();
        PageHeader.Write(_header, type, _raw.Length, isCompressed ? _compressed.Length : compressor.StoredLength(_raw.Length), values, encoding);
        output.Write(_header.WrittenSpan);
        if (isCompressed)
            output.Write(_compressed.Span);
        else
            compressor.Store(_raw.Span, output);
        _uncompressed += _header.WrittenCount + (long)_raw.Length;
    }

    public void Dispose()
    {
        _values.Dispose();
        _raw.Dispose();
        _compressed.Dispose();
        _pages.Dispose();
        _dictionary.Dispose();
    }
}
