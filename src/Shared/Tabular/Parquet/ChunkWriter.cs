using System.Buffers;
using DataIngestion.Tabular.Parquet.Nesting;

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
    readonly NestedLevels _nested = new(column.MaxRepetition, column.MaxDefinition);
    readonly SortedSet<PageEncoding> _encodings = [];
    readonly List<PageModel> _models = [];
    long _rows;
    long _entries;
    long _nulls;
    bool _isAllIndexed = true;
    long _uncompressed;

    /// <summary>Bytes of the pages ended in this row group.</summary>
    public long Buffered => _pages.Length;

    /// <summary>Adds rows, ending pages that are full by bytes.</summary>
    public void Append(ColumnVector values, int start, int length)
    {
        if (column.Shredder is { } shredder)
        {
            AppendNested(shredder, values, start, length);
            return;
        }

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

    /// <summary>Pages end after a whole row, the first with which they are full by bytes or by values.</summary>
    void AppendNested(Shredder shredder, ColumnVector values, int start, int length)
    {
        var leaf = shredder.LeafOf(values);
        var end = start + length;
        var last = shredder.LeafRow(values, end);
        while (start < end)
        {
            var from = shredder.LeafRow(values, start);
            var full = from == last ? int.MaxValue : from + _values.TakeAtMost(leaf, from, last - from);
            do
                shredder.Append(values, start++, _nested);
            while (start < end && _nested.Entries < options.PageRows && shredder.LeafRow(values, start) < full);
            var to = shredder.LeafRow(values, start);
            if (to > from)
                _values.Add(leaf, from, to - from);
            if (_values.IsPageFull || _nested.Entries >= options.PageRows)
                EndPage();
        }
    }

    /// <summary>Ends the open page, if it has rows.</summary>
    public void EndPage()
    {
        var (rows, entries, nulls) = column.Shredder is null ? (_levels.Rows, _levels.Rows, _levels.Nulls) : (_nested.Rows, _nested.Entries, _nested.Nulls);
        if (rows == 0)
            return;
        _raw.Clear();
        if (column.Shredder is not null)
            _nested.Flush(_raw);
        else if (column.Nullable)
            _levels.Flush(_raw);
        else
            _levels.Reset();
        var encoding = _values.EndPage(_raw, out var bounds);
        _encodings.Add(encoding);
        var start = _pages.Length;
        WritePage(_pages, PageType.Data, entries, encoding);
        _models.Add(new(start, _pages.Length - start, _rows, entries, nulls, bounds));
        _isAllIndexed &= encoding == PageEncoding.RleDictionary || nulls == entries;
        _rows += rows;
        _entries += entries;
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
            Values = _entries,
            Nulls = _nulls,
            Uncompressed = _uncompressed,
            Compressed = _pages.Length + _dictionary.Length,
            DictionaryOffset = hasDictionary ? offset : null,
            DataOffset = offset + _dictionary.Length,
            Bounds = _values.ChunkBounds(),
            // Zeros of either sign are equal, but two entries; so are NaNs.
            Distinct = hasDictionary && _isAllIndexed && !column.Type.IsFloating ? _values.DictionaryCount : null,
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
        (_rows, _entries, _nulls, _uncompressed, _isAllIndexed) = (0, 0, 0, 0, true);
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
        _nested.Dispose();
        _raw.Dispose();
        _compressed.Dispose();
        _pages.Dispose();
        _dictionary.Dispose();
    }
}
