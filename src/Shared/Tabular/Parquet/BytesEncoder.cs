using System.Buffers.Binary;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Text and bytes: a dictionary while it pays, else the bytes with their lengths.</summary>
internal sealed class BytesEncoder(ParquetWriteOptions options) : ValueEncoder
{
    /// <summary>Values by which a column shows early that it does not repeat.</summary>
    const int Sample = 4096;
    readonly BytesDictionary _dictionary = new();
    readonly BytesBounds _pageBounds = new();
    readonly BytesBounds _chunkBounds = new();
    readonly ByteSink _bytes = new();
    int[] _indices = [];
    int[] _lengths = [];
    int[] _seen = [];
    int _count;
    int _pages;
    long _cost;
    bool _isIndexing = options.Dictionary;
    bool _hasIndexed;

    public override bool IsPageFull => _cost >= options.PageBytes;

    public override int DictionaryCount => _hasIndexed ? _dictionary.Count : 0;

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
                Index(texts, row, end);
            else
                Copy(texts, row, end);
            row = end;
            if (isSampling && _count == Sample && _dictionary.Count > Sample - Sample / 4)
                LeaveDictionary();
        }
    }

    void Index(BytesColumn texts, int start, int end)
    {
        var data = texts.Data;
        var offsets = texts.Offsets;
        var (indices, count) = (_indices, _count);
        for (var row = start; row < end; row++)
        {
            if (texts.NullCount == 0 || !texts.IsNull(row))
                indices[count++] = _dictionary.Add(data, offsets[row], offsets[row + 1] - offsets[row]);
        }

        _count = count;
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
        else
        {
            WritePlain(output);
        }

        bounds = _pageBounds.ToBounds();
        _chunkBounds.Add(_pageBounds);
        _pageBounds.Clear();
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

    void WritePlain(ByteSink output)
    {
        var at = 0;
        foreach (var length in _lengths.AsSpan(0, _count))
        {
            WriteValue(_bytes.Span.Slice(at, length), output);
            at += length;
        }
    }

    static void WriteValue(ReadOnlySpan<byte> value, ByteSink output)
    {
        var room = output.Room(value.Length + 4);
        BinaryPrimitives.WriteInt32LittleEndian(room, value.Length);
        value.CopyTo(room[4..]);
        output.Advance(value.Length + 4);
    }

    public override void WriteDictionary(ByteSink output)
    {
        for (var i = 0; i < _dictionary.Count; i++)
            WriteValue(_dictionary[i], output);
    }

    public override Bounds ChunkBounds() => _chunkBounds.ToBounds();

    public override void Clear()
    {
        _dictionary.Clear();
        _chunkBounds.Clear();
        Array.Clear(_seen);
        (_isIndexing, _hasIndexed, _pages) = (options.Dictionary, false, 0);
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
