namespace DataIngestion.Tabular.Parquet;

/// <summary>Text and bytes: a dictionary while it pays; else what each string does not share with the one before it, where they share much; else lengths and bytes.</summary>
/// <param name="options">Sizes of pages and dictionaries.</param>
/// <param name="isText">Whether the strings are UTF-8.</param>
internal sealed class BytesEncoder(ParquetWriteOptions options, bool isText) : ValueEncoder
{
    /// <summary>Values by which a column shows early that it does not repeat.</summary>
    const int Sample = 4096;

    /// <summary>Values of a page that show whether neighbours share their beginnings.</summary>
    const int PrefixSample = 1024;
    readonly BytesDictionary _dictionary = new();
    readonly BytesBounds _pageBounds = new(isText);
    readonly BytesBounds _chunkBounds = new(isText);
    readonly ByteSink _bytes = new();
    int[] _indices = [];
    int[] _lengths = [];
    int[] _seen = [];
    int _count;
    int _pages;
    long _cost;
    bool _isIndexing = options.Dictionary;
    bool _hasIndexed;
    Bounds _last;
    bool _ascends = true;
    bool _descends = true;

    public override bool IsPageFull => _cost >= options.PageBytes;

    public override int DictionaryCount => _hasIndexed ? _dictionary.Count : 0;

    public override PageOrder Order => _ascends ? PageOrder.Ascending : _descends ? PageOrder.Descending : PageOrder.Unordered;

    public override int TakeAtMost(ColumnVector values, int start, int length)
    {
        var offsets = ((BytesColumn)values).Offsets;
        var room = options.PageBytes - _cost;
        if (offsets[start + length] - offsets[start] + 4L * length <= room)
            return length;
        var take = 1;
        while (take < length && offsets[start + take] - offsets[start] + 4L * take < room)
            take++;
        return take;
    }

    public override void Add(ColumnVector values, int start, int length)
    {
        var texts = (BytesColumn)values;
        _cost += texts.Offsets[start + length] - texts.Offsets[start] + 4L * length;
        Pool.Grow(ref _indices, _count, _count + length);
        var row = start;
        while (row < start + length)
        {
            // The first page of a chunk is looked at after so many values, wherever batches end.
            var isSampling = _isIndexing && !_hasIndexed && _count < Sample;
            var end = isSampling ? Math.Min(start + length, row + Sample - _count) : start + length;
            if (_isIndexing)
                _count += _dictionary.Add(texts, row, end, _indices.AsSpan(_count));
            else
                Copy(texts, row, end);
            row = end;
            if (isSampling && _count == Sample && _dictionary.Count > Sample - Sample / 4)
                LeaveDictionary();
        }
    }

    void Copy(BytesColumn texts, int start, int end)
    {
        Pool.Grow(ref _lengths, _count, _count + end - start);
        var data = texts.Data;
        var offsets = texts.Offsets;
        // Where a row is null there are no bytes, so the whole piece is what its rows have.
        _bytes.Write(data[offsets[start]..offsets[end]]);
        for (var row = start; row < end; row++)
        {
            if (texts.IsNull(row))
                continue;
            _lengths[_count++] = offsets[row + 1] - offsets[row];
            _pageBounds.Add(data, offsets[row], offsets[row + 1] - offsets[row]);
        }
    }

    /// <summary>Goes on without the dictionary, which no page has used yet.</summary>
    void LeaveDictionary()
    {
        _isIndexing = false;
        Pool.Grow(ref _lengths, 0, _count);
        for (var i = 0; i < _count; i++)
        {
            var value = _dictionary[_indices[i]];
            _bytes.Write(value);
            _lengths[i] = value.Length;
            _pageBounds.Add(value);
        }

        _dictionary.Clear();
    }

    public override PageEncoding EndPage(ByteSink output, out Bounds bounds)
    {
        _pages++;
        if (_isIndexing && !_hasIndexed && _dictionary.Count > _count / 2)
            LeaveDictionary();
        var encoding = PageEncoding.Plain;
        if (_isIndexing && _count > 0)
        {
            encoding = PageEncoding.RleDictionary;
            BoundIndexed();
            var width = HybridRuns.WidthFor(_dictionary.Count);
            output.Write([(byte)width]);
            HybridRuns.Encode(_indices.AsSpan(0, _count), width, output);
            _hasIndexed = true;
            _isIndexing = _dictionary.Bytes + 4L * _dictionary.Count <= options.DictionaryBytes;
        }
        else if (_count > 0)
        {
            encoding = WriteDirect(output);
        }

        bounds = _pageBounds.Cut();
        _chunkBounds.Add(_pageBounds);
        _pageBounds.Clear();
        Follow(bounds);
        _bytes.Clear();
        (_count, _cost) = (0, 0);
        return encoding;
    }

    void BoundIndexed()
    {
        if (_seen.Length < _dictionary.Count)
            Array.Resize(ref _seen, Math.Max(_dictionary.Count, _seen.Length * 2));
        foreach (var index in _indices.AsSpan(0, _count))
        {
            if (_seen[index] == _pages)
                continue;
            _seen[index] = _pages;
            _pageBounds.Add(_dictionary[index]);
        }
    }

    PageEncoding WriteDirect(ByteSink output)
    {
        var lengths = _lengths.AsSpan(0, _count);
        if (options.Classic)
        {
            BytesPages.WritePlain(lengths, _bytes.Span, output);
            return PageEncoding.Plain;
        }

        var sample = lengths[..Math.Min(_count, PrefixSample)];
        long bytes = 0;
        foreach (var length in sample)
            bytes += length;
        if (BytesPages.Prefixes(sample, _bytes.Span, _indices) < bytes - bytes / 4 || bytes == 0)
        {
            BytesPages.WriteLengths(lengths, _bytes.Span, output);
            return PageEncoding.DeltaLengthByteArray;
        }

        BytesPages.WritePrefixes(lengths, _bytes.Span, _indices.AsSpan(0, _count), output);
        return PageEncoding.DeltaByteArray;
    }

    void Follow(Bounds page)
    {
        if (page.Min is null || page.Max is null)
            return;
        if (_last is { Min: { } min, Max: { } max })
        {
            var (low, high) = (page.Min.AsSpan().SequenceCompareTo(min), page.Max.AsSpan().SequenceCompareTo(max));
            _ascends &= low >= 0 && high >= 0;
            _descends &= low <= 0 && high <= 0;
        }

        _last = page;
    }

    public override void WriteDictionary(ByteSink output)
    {
        for (var i = 0; i < _dictionary.Count; i++)
            BytesPages.WritePlain(_dictionary[i], output);
    }

    public override Bounds ChunkBounds() => _chunkBounds.Exact();

    public override void Clear()
    {
        _dictionary.Clear();
        _chunkBounds.Clear();
        Array.Clear(_seen);
        (_isIndexing, _hasIndexed, _pages) = (options.Dictionary, false, 0);
        (_last, _ascends, _descends) = (default, true, true);
    }

    public override void Dispose()
    {
        _bytes.Dispose();
        int[]? indices = _indices, lengths = _lengths;
        Pool.Return(ref indices);
        Pool.Return(ref lengths);
        (_indices, _lengths, _count) = ([], [], 0);
    }
}
