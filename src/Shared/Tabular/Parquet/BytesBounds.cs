using System.Buffers.Binary;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Keeps the least and the greatest of byte strings.</summary>
internal sealed class BytesBounds
{
    /// <summary>Longer bounds are left out: readers then know no bounds, which is true.</summary>
    const int MaxBound = 64;
    byte[] _min = [];
    byte[] _max = [];
    int _minLength = -1;
    int _maxLength = -1;
    ulong _minHead;
    ulong _maxHead;

    /// <summary>The string at a place in <paramref name="data"/>.</summary>
    public void Add(ReadOnlySpan<byte> data, int start, int length)
    {
        // Heads with the first byte highest order like the strings, as far as they differ.
        var head = BinaryPrimitives.ReverseEndianness(BytesHead.Load(data, start, length));
        if (head > _minHead && head < _maxHead && _minLength >= 0)
            return;
        Add(data.Slice(start, length), head);
    }

    public void Add(ReadOnlySpan<byte> value) => Add(value, BinaryPrimitives.ReverseEndianness(BytesHead.Load(value, 0, value.Length)));

    void Add(ReadOnlySpan<byte> value, ulong head)
    {
        if (_minLength < 0 || value.SequenceCompareTo(_min.AsSpan(0, _minLength)) < 0)
            (_minHead, _minLength) = (head, Keep(ref _min, value));
        if (_maxLength < 0 || value.SequenceCompareTo(_max.AsSpan(0, _maxLength)) > 0)
            (_maxHead, _maxLength) = (head, Keep(ref _max, value));
    }

    static int Keep(ref byte[] bound, ReadOnlySpan<byte> value)
    {
        if (bound.Length < value.Length)
            bound = new byte[value.Length * 2];
        value.CopyTo(bound);
        return value.Length;
    }

    /// <summary>Adds what another one has seen.</summary>
    public void Add(BytesBounds other)
    {
        if (other._minLength < 0)
            return;
        Add(other._min.AsSpan(0, other._minLength));
        Add(other._max.AsSpan(0, other._maxLength));
    }

    public Bounds ToBounds() => _minLength is >= 0 and <= MaxBound && _maxLength <= MaxBound
        ? new(_min[.._minLength], _max[.._maxLength])
        : default;

    public void Clear() => (_minLength, _maxLength) = (-1, -1);
}
