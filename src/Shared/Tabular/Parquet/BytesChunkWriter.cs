using System.Buffers.Binary;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Text and bytes.</summary>
internal sealed class BytesChunkWriter(PhysicalColumn column, ParquetWriteOptions options) : ChunkWriter(column, options)
{
    /// <summary>Longer bounds are left out: readers then know no bounds, which is true.</summary>
    const int MaxBound = 64;
    readonly BytesDictionary _dictionary = new();
    readonly ByteSink _plain = new();
    int[] _indices = [];
    int _count;
    long _cost;
    byte[]? _min;
    byte[]? _max;

    protected override long OpenPageBytes => _cost;

    protected override bool IsPageFull => _cost >= Options.PageBytes;

    protected override int TakeAtMost(ColumnVector values, int start, int length)
    {
        var offsets = ((BytesColumn)values).Offsets;
        var room = Options.PageBytes - OpenPageBytes;
        if (offsets[start + length] - offsets[start] + 4L * length <= room)
            return length;
        var take = 1;
        while (take < length && offsets[start + take] - offsets[start] + 4L * take < room)
            take++;
        return take;
    }

    protected override void AddValues(ColumnVector values, int start, int length)
    {
        var texts = (BytesColumn)values;
        if (UsesDictionary && _indices.Length < _count + length)
            Pool.Grow(ref _indices, _count, _count + length);
        _cost += texts.Offsets[start + length] - texts.Offsets[start] + 4L * length;
        for (var row = start; row < start + length; row++)
        {
            if (texts.IsNull(row))
                continue;
            var value = texts[row];
            if (UsesDictionary)
            {
                var known = _dictionary.Count;
                var index = _dictionary.Add(value);
                _indices[_count] = index;
                if (index == known)
                    Bound(value);
            }
            else
            {
                Bound(value);
                WriteValue(value, _plain);
            }

            _count++;
        }
    }

    void Bound(ReadOnlySpan<byte> value)
    {
        if (_min is null || value.SequenceCompareTo(_min) < 0)
            _min = value.ToArray();
        if (_max is null || value.SequenceCompareTo(_max) > 0)
            _max = value.ToArray();
    }

    protected override void ReviewDictionary()
    {
        if (HasDictionaryPages || _dictionary.Count <= _count / 2)
            return;
        UsesDictionary = false;
        for (var i = 0; i < _count; i++)
            WriteValue(_dictionary[_indices[i]], _plain);
    }

    protected override void AfterPage()
    {
        if (UsesDictionary && _dictionary.Bytes > Options.DictionaryBytes)
            UsesDictionary = false;
    }

    static void WriteValue(ReadOnlySpan<byte> value, ByteSink output)
    {
        var room = output.Room(value.Length + 4);
        BinaryPrimitives.WriteInt32LittleEndian(room, value.Length);
        value.CopyTo(room[4..]);
        output.Advance(value.Length + 4);
    }

    protected override void WritePlain(ByteSink output) => output.Write(_plain.Span);

    protected override void WriteIndices(ByteSink output)
    {
        var width = HybridRuns.WidthFor(_dictionary.Count);
        output.Write([(byte)width]);
        HybridRuns.Encode(_indices.AsSpan(0, _count), width, output);
    }

    protected override int WriteDictionary(ByteSink output)
    {
        for (var i = 0; i < _dictionary.Count; i++)
            WriteValue(_dictionary[i], output);
        return _dictionary.Count;
    }

    protected override void ClearPage()
    {
        _plain.Clear();
        (_count, _cost) = (0, 0);
    }

    protected override void ClearChunk()
    {
        _dictionary.Clear();
        (_min, _max) = (null, null);
    }

    protected override (byte[]? Min, byte[]? Max) Bounds() =>
        _min is { Length: <= MaxBound } && _max is { Length: <= MaxBound } ? (_min, _max) : default;

    private protected override void Release()
    {
        _plain.Dispose();
        int[]? indices = _indices;
        Pool.Return(ref indices);
        (_indices, _count) = ([], 0);
    }
}
