namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>FIXED_LEN_BYTE_ARRAY, in every encoding, as values one after the other.</summary>
/// <param name="width">Bytes of a value, at least 1.</param>
internal sealed class FixedBytesReader(int width)
{
    readonly IndexReader _indices = new();
    readonly DeltaBytes _deltas = new();
    readonly BytesBuilder _scratch = (BytesBuilder)ColumnBuilder.For(DataType.Binary);
    int[] _chosen = [];
    byte[] _entries = [];
    byte[] _values = [];
    ReadOnlyMemory<byte> _bytes;
    PageEncoding _encoding;
    int _at;

    public void SetDictionary(ReadOnlyMemory<byte> bytes, int count)
    {
        if ((long)count * width > bytes.Length)
            throw ByteReader.Short();
        _entries = bytes[..(count * width)].ToArray();
        _indices.SetDictionary(count);
    }

    /// <summary>Begins a page.</summary>
    /// <returns>False when values of one width cannot be in the encoding.</returns>
    public bool TrySetPage(ReadOnlyMemory<byte> bytes, PageEncoding encoding)
    {
        (_bytes, _encoding, _at) = (bytes, encoding, 0);
        switch (encoding)
        {
            case PageEncoding.Plain:
                return true;
            case PageEncoding.ByteStreamSplit:
                return bytes.Length % width == 0 ? true : throw ByteReader.Short();
            case PageEncoding.PlainDictionary or PageEncoding.RleDictionary:
                _indices.Open(bytes);
                return true;
            case PageEncoding.DeltaByteArray:
                _deltas.Open(bytes, hasPrefixes: true);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The next values; they stay until the next call.</summary>
    public ReadOnlySpan<byte> Read(int count)
    {
        var bytes = (long)count * width;
        if (bytes > 1 << 30)
            throw new InvalidDataException($"A batch has {count} values of {width} bytes, which is too much.");
        switch (_encoding)
        {
            case PageEncoding.Plain:
                if (bytes > _bytes.Length - _at)
                    throw ByteReader.TooFew();
                _at += (int)bytes;
                return _bytes.Span.Slice(_at - (int)bytes, (int)bytes);
            case PageEncoding.DeltaByteArray:
                _scratch.Truncate(0);
                _deltas.Read(_scratch, count, isText: false);
                for (var i = 0; i < count; i++)
                {
                    if (_scratch[i].Length != width)
                        throw new InvalidDataException($"A value of {_scratch[i].Length} bytes is in a column of {width} bytes.");
                }

                return _scratch.AllBytes;
            case PageEncoding.ByteStreamSplit:
                return Split(count, Room((int)bytes));
            default:
                return Entries(count, Room((int)bytes));
        }
    }

    Span<byte> Room(int bytes)
    {
        if (_values.Length < bytes)
            _values = new byte[Math.Max(bytes, _values.Length * 2)];
        return _values.AsSpan(0, bytes);
    }

    Span<byte> Split(int count, Span<byte> values)
    {
        var bytes = _bytes.Span;
        var stream = bytes.Length / width;
        if (count > stream - _at)
            throw ByteReader.TooFew();
        for (var k = 0; k < width; k++)
        {
            var source = bytes.Slice((k * stream) + _at, count);
            for (var i = 0; i < source.Length; i++)
                values[(i * width) + k] = source[i];
        }

        _at += count;
        return values;
    }

    Span<byte> Entries(int count, Span<byte> values)
    {
        if (_chosen.Length < count)
            _chosen = new int[count];
        _indices.Read(_chosen.AsSpan(0, count));
        for (var i = 0; i < count; i++)
            _entries.AsSpan(_chosen[i] * width, width).CopyTo(values[(i * width)..]);
        return values;
    }
}
