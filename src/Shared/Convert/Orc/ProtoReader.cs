using System.Text;

namespace DataIngestion.Conversion.Orc;

/// <summary>
/// Walks the fields of one Protocol Buffers message (the encoding of ORC's metadata) without a schema compiler. Every length is held against the bytes
/// that are there; what is not asked for is skipped.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    const int MostVarintBytes = 10;

    ReadOnlySpan<byte> _rest = message;
    int _wireType;

    /// <summary>The number of the field that <see cref="Next"/> stopped at.</summary>
    public int Field { get; private set; }

    /// <summary>Goes to the next field, whose value must then be taken or skipped; false at the message's end.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty)
            return false;
        var key = Varint();
        (_wireType, Field) = ((int)(key & 7), key >> 3 is > 0 and < 1 << 29 ? (int)(key >> 3) : throw Damaged());
        return true;
    }

    /// <summary>An unsigned number.</summary>
    public ulong Number() => _wireType == 0 ? Varint() : throw Damaged();

    /// <summary>A number that is a length, a count or a place.</summary>
    public long Length() => Number() is <= long.MaxValue and var length ? (long)length : throw Damaged();

    /// <summary>A number that fits 32 bits.</summary>
    public int Small() => Number() is <= int.MaxValue and var number ? (int)number : throw Damaged();

    /// <summary>A signed number in zigzag form.</summary>
    public long Signed() => (long)Number() is var n ? (long)((ulong)n >> 1) ^ -(n & 1) : 0;

    /// <summary>Bytes, or a message in the message.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        if (_wireType != 2)
            throw Damaged();
        var length = Varint();
        if (length > (ulong)_rest.Length)
            throw Damaged();
        var bytes = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return bytes;
    }

    /// <summary>Text.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>Adds a repeated number, packed or not.</summary>
    public void AddTo(List<int> numbers)
    {
        if (_wireType == 0)
        {
            numbers.Add(Small());
            return;
        }

        var packed = new ProtoReader(Bytes());
        while (!packed._rest.IsEmpty)
            numbers.Add(packed.Varint() is <= int.MaxValue and var number ? (int)number : throw Damaged());
    }

    /// <summary>Passes over the field's value.</summary>
    public void Skip()
    {
        switch (_wireType)
        {
            case 0:
                Varint();
                break;
            case 1:
                Drop(8);
                break;
            case 2:
                Bytes();
                break;
            case 5:
                Drop(4);
                break;
            default:
                throw Damaged();
        }
    }

    void Drop(int bytes) => _rest = bytes <= _rest.Length ? _rest[bytes..] : throw Damaged();

    ulong Varint()
    {
        var value = 0UL;
        for (var i = 0; i < Math.Min(_rest.Length, MostVarintBytes); i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] >= 0x80)
                continue;
            _rest = _rest[(i + 1)..];
            return value;
        }

        throw Damaged();
    }

    static InvalidDataException Damaged() => new("The metadata of the ORC file is damaged: a field does not end where it says.");
}
