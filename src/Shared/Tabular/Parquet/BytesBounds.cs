using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Keeps the least and the greatest of byte strings.</summary>
/// <param name="isText">Whether they are UTF-8, which bounds must then be too.</param>
internal sealed class BytesBounds(bool isText)
{
    /// <summary>Longer bounds are cut, or left out where they must be exact.</summary>
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

    public void Add(ReadOnlySpan<byte> value) => Add(value, 0, value.Length);

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

    /// <summary>The exact bounds, where they are short.</summary>
    public Bounds Exact() => _minLength is >= 0 and <= MaxBound && _maxLength <= MaxBound
        ? new(_min[.._minLength], _max[.._maxLength])
        : default;

    /// <summary>Bounds between which all strings lie; long ones are cut. None where that is not possible.</summary>
    public Bounds Cut()
    {
        if (_minLength < 0)
            return default;
        var max = _maxLength <= MaxBound ? _max[.._maxLength] : Above(Start(_max.AsSpan(0, _maxLength)));
        return max is null ? default : new(Start(_min.AsSpan(0, _minLength)).ToArray(), max);
    }

    /// <summary>At most <see cref="MaxBound"/> bytes, no character cut in two.</summary>
    ReadOnlySpan<byte> Start(ReadOnlySpan<byte> value)
    {
        if (value.Length <= MaxBound)
            return value;
        var length = MaxBound;
        while (isText && length > 0 && (value[length] & 0xC0) == 0x80)
            length--;
        return value[..length];
    }

    /// <summary>The shortest string above all that start so, or null.</summary>
    byte[]? Above(ReadOnlySpan<byte> start)
    {
        while (!start.IsEmpty)
        {
            if (!isText)
            {
                if (start[^1] < 255)
                    return [.. start[..^1], (byte)(start[^1] + 1)];
                start = start[..^1];
                continue;
            }

            if (Rune.DecodeLastFromUtf8(start, out var last, out var length) != OperationStatus.Done)
                return null;
            start = start[..^length];
            var next = last.Value == 0xD7FF ? 0xE000 : last.Value + 1;
            if (!Rune.IsValid(next))
                continue;
            var bytes = new byte[4];
            return [.. start, .. bytes.AsSpan(0, new Rune(next).EncodeToUtf8(bytes))];
        }

        return null;
    }

    public void Clear() => (_minLength, _maxLength) = (-1, -1);
}
