namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>DELTA_LENGTH_BYTE_ARRAY (lengths, then bytes) and DELTA_BYTE_ARRAY (prefixes shared with the value before, lengths, then bytes).</summary>
internal sealed class DeltaBytes
{
    const int Piece = 512;
    readonly DeltaReader _prefixes = new();
    readonly DeltaReader _lengths = new();
    readonly DeltaReader _scout = new();
    ReadOnlyMemory<byte> _bytes;
    byte[] _last = [];
    int _lastLength;
    int _at;
    bool _hasPrefixes;

    /// <summary>Bytes of a value, on the average of the page.</summary>
    public long AverageLength { get; private set; }

    public void Open(ReadOnlyMemory<byte> bytes, bool hasPrefixes)
    {
        (_bytes, _hasPrefixes, _lastLength, _at) = (bytes, hasPrefixes, 0, 0);
        AverageLength = 0;
        if (hasPrefixes)
        {
            AverageLength = Average(bytes);
            _prefixes.Open(bytes);
            _at = _prefixes.End();
        }

        _lengths.Open(bytes[_at..]);
        if (hasPrefixes && _prefixes.Left != _lengths.Left)
            throw new InvalidDataException($"A page has {_prefixes.Left} prefixes and {_lengths.Left} rests.");
        _at += _lengths.End();
    }

    long Average(ReadOnlyMemory<byte> bytes)
    {
        _scout.Open(bytes);
        var values = _scout.Left;
        var sum = (Int128)bytes.Length;
        Span<long> piece = stackalloc long[Piece];
        while (_scout.Left > 0)
        {
            var lengths = piece[..(int)Math.Min(Piece, _scout.Left)];
            _scout.Read(lengths);
            foreach (var length in lengths)
                sum += length;
        }

        return values == 0 ? 0 : (long)Int128.Clamp(sum / values, 0, int.MaxValue);
    }

    public void Read(BytesBuilder builder, int count, bool isText)
    {
        Span<long> prefixPiece = stackalloc long[Piece];
        Span<long> lengthPiece = stackalloc long[Piece];
        while (count > 0)
        {
            var lengths = lengthPiece[..Math.Min(Piece, count)];
            var prefixes = prefixPiece[..lengths.Length];
            _lengths.Read(lengths);
            if (_hasPrefixes)
                _prefixes.Read(prefixes);
            else
                prefixes.Clear();
            Append(builder, prefixes, lengths, isText);
            count -= lengths.Length;
        }
    }

    void Append(BytesBuilder builder, ReadOnlySpan<long> prefixes, ReadOnlySpan<long> lengths, bool isText)
    {
        var source = _bytes.Span;
        var (bytes, rest, last) = (0L, 0L, (long)_lastLength);
        for (var i = 0; i < lengths.Length; i++)
        {
            if (prefixes[i] < 0 || prefixes[i] > last || lengths[i] < 0 || lengths[i] > source.Length)
                throw new InvalidDataException($"A value shares {prefixes[i]} bytes with one of {last} and adds {lengths[i]}, which cannot be.");
            last = prefixes[i] + lengths[i];
            rest += lengths[i];
            bytes += last;
            ByteLimit.Checked(builder, bytes);
        }

        if (rest > source.Length - _at)
            throw ByteReader.Short();
        builder.Reserve(lengths.Length, (int)bytes, out var ends, out var target);
        var to = 0;
        ReadOnlySpan<byte> previous = _last.AsSpan(0, _lastLength);
        for (var i = 0; i < lengths.Length; i++)
        {
            var (prefix, length) = ((int)prefixes[i], (int)lengths[i]);
            previous[..prefix].CopyTo(target[to..]);
            source.Slice(_at, length).CopyTo(target[(to + prefix)..]);
            previous = target.Slice(to, prefix + length);
            _at += length;
            to += prefix + length;
            ends[i] = to;
        }

        if (isText)
            TextCheck.Check(target[..to], ends);
        if (_hasPrefixes)
        {
            if (_last.Length < previous.Length)
                _last = new byte[previous.Length];
            previous.CopyTo(_last);
            _lastLength = previous.Length;
        }

        builder.Commit(lengths.Length, default);
    }
}
