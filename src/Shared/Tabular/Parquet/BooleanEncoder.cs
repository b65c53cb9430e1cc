namespace DataIngestion.Tabular.Parquet;

/// <summary>Booleans, one bit each.</summary>
internal sealed class BooleanEncoder : ValueEncoder
{
    readonly ByteSink _bits = new();
    int _count;
    int _trues;
    bool _hasFalse;
    bool _hasTrue;

    public override int DictionaryCount => 0;

    public override void Add(ColumnVector values, int start, int length)
    {
        var flags = ((FixedColumn<bool>)values).Values;
        var needed = (_count + length + 7) / 8 - _bits.Length;
        if (needed > 0)
        {
            _bits.Room(needed)[..needed].Clear();
            _bits.Advance(needed);
        }

        var bits = _bits.Writable;
        for (var row = start; row < start + length; row++)
        {
            if (values.IsNull(row))
                continue;
            var flag = flags[row] ? 1 : 0;
            bits[_count >> 3] |= (byte)(flag << (_count & 7));
            _trues += flag;
            _count++;
        }
    }

    public override PageEncoding EndPage(ByteSink output, out Bounds bounds)
    {
        output.Write(_bits.Span[..((_count + 7) / 8)]);
        var (hasFalse, hasTrue) = (_trues < _count, _trues > 0);
        bounds = ToBounds(hasFalse, hasTrue);
        _hasFalse |= hasFalse;
        _hasTrue |= hasTrue;
        _bits.Clear();
        (_count, _trues) = (0, 0);
        return PageEncoding.Plain;
    }

    static Bounds ToBounds(bool hasFalse, bool hasTrue) =>
        hasFalse || hasTrue ? new([hasFalse ? (byte)0 : (byte)1], [hasTrue ? (byte)1 : (byte)0]) : default;

    public override void WriteDictionary(ByteSink output) => throw new InvalidOperationException("Booleans have no dictionary.");

    public override Bounds ChunkBounds() => ToBounds(_hasFalse, _hasTrue);

    public override void Clear() => (_hasFalse, _hasTrue) = (false, false);

    public override void Dispose() => _bits.Dispose();
}
