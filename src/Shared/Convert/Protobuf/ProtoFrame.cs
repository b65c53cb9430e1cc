namespace DataIngestion.Conversion.Protobuf;

/// <summary>The values of one message by their fields, in their order. Used again for other messages.</summary>
internal sealed class ProtoFrame
{
    readonly List<(WireValue Value, int Next)> _values = [];
    int[] _first = [];
    int[] _last = [];
    int[] _oneOfs = [];
    byte[] _merged = [];

    public WireValue this[int at] => _values[at].Value;

    public void Begin(ProtoMessage type)
    {
        _values.Clear();
        if (_first.Length < type.Fields.Count)
            (_first, _last) = (new int[type.Fields.Count], new int[type.Fields.Count]);
        if (_oneOfs.Length < type.OneOfs)
            _oneOfs = new int[type.OneOfs];
        _first.AsSpan(0, type.Fields.Count).Fill(-1);
        _last.AsSpan(0, type.Fields.Count).Fill(-1);
        _oneOfs.AsSpan(0, type.OneOfs).Fill(-1);
    }

    public void Add(int field, int oneOf, WireValue value)
    {
        var at = _values.Count;
        _values.Add((value, -1));
        if (_last[field] >= 0)
            _values[_last[field]] = _values[_last[field]] with { Next = at };
        else
            _first[field] = at;
        _last[field] = at;
        if (oneOf >= 0)
            _oneOfs[oneOf] = field;
    }

    /// <summary>Whether the field has a value, and no later member of its oneof has one.</summary>
    public bool Has(int field, int oneOf) => _first[field] >= 0 && (oneOf < 0 || _oneOfs[oneOf] == field);

    public int First(int field) => _first[field];

    public int Last(int field) => _last[field];

    public int Next(int at) => _values[at].Next;

    /// <summary>A message whose pieces follow each other is the message of them all.</summary>
    public ReadOnlySpan<byte> Merged(int field, ReadOnlySpan<byte> bytes)
    {
        var first = this[_first[field]];
        if (_first[field] == _last[field])
            return bytes.Slice(first.Start, first.Length);
        var length = 0;
        for (var at = _first[field]; at >= 0; at = Next(at))
            length += this[at].Length;
        if (_merged.Length < length)
            _merged = new byte[length];
        length = 0;
        for (var at = _first[field]; at >= 0; at = Next(at))
        {
            bytes.Slice(this[at].Start, this[at].Length).CopyTo(_merged.AsSpan(length));
            length += this[at].Length;
        }

        return _merged.AsSpan(0, length);
    }
}
