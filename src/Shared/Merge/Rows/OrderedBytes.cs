using System.Buffers.Binary;
using System.Text;

namespace DataIngestion.Merge;

/// <summary>
/// Writes values so that comparing the bytes compares the values, nulls first, and every value ends by itself. A whole row is then
/// one array, sorted and compared without knowing its columns.
/// </summary>
internal sealed class OrderedBytesWriter
{
    const byte Missing = 0;
    const byte Present = 1;

    byte[] _buffer = new byte[512];

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    public void Clear() => Length = 0;

    public byte[] ToArray() => _buffer.AsSpan(0, Length).ToArray();

    public void WriteNull() => Take(1)[0] = Missing;

    public void WriteBoolean(bool value)
    {
        var span = Take(2);
        span[0] = Present;
        span[1] = value ? (byte)1 : (byte)0;
    }

    public void WriteInt64(long value)
    {
        var span = Take(9);
        span[0] = Present;
        BinaryPrimitives.WriteUInt64BigEndian(span[1..], (ulong)value ^ (1UL << 63));
    }

    public void WriteInt128(Int128 value)
    {
        var span = Take(17);
        span[0] = Present;
        BinaryPrimitives.WriteUInt128BigEndian(span[1..], (UInt128)value ^ (UInt128.One << 127));
    }

    /// <summary>Negative numbers have all bits turned, others the sign: the order of IEEE 754's total order. Minus zero is written as zero.</summary>
    public void WriteDouble(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value);
        var span = Take(9);
        span[0] = Present;
        BinaryPrimitives.WriteUInt64BigEndian(span[1..], bits < 0 ? ~(ulong)bits : (ulong)bits ^ (1UL << 63));
    }

    /// <summary>Zero bytes become 00 FF and the end is 00 00, so that a prefix sorts first.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        Take(1)[0] = Present;
        while (value.IndexOf((byte)0) is >= 0 and var zero)
        {
            value[..(zero + 1)].CopyTo(Take(zero + 1));
            Take(1)[0] = 0xFF;
            value = value[(zero + 1)..];
        }

        value.CopyTo(Take(value.Length));
        Take(2).Clear();
    }

    public void WriteString(string value)
    {
        Span<byte> small = stackalloc byte[256];
        if (Encoding.UTF8.TryGetBytes(value, small, out var written))
            WriteBytes(small[..written]);
        else
            WriteBytes(Encoding.UTF8.GetBytes(value));
    }

    Span<byte> Take(int count)
    {
        if (Length + count > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        var span = _buffer.AsSpan(Length, count);
        Length += count;
        return span;
    }
}

/// <summary>Reads what <see cref="OrderedBytesWriter"/> wrote, in the same order of calls.</summary>
internal ref struct OrderedBytesReader(ReadOnlySpan<byte> bytes)
{
    ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether everything has been read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Reads the mark before a value.</summary>
    /// <returns>False when the value is missing and nothing follows.</returns>
    public bool ReadPresence() => Take(1)[0] != 0;

    public bool ReadBoolean() => Take(1)[0] != 0;

    public long ReadInt64() => (long)(BinaryPrimitives.ReadUInt64BigEndian(Take(8)) ^ (1UL << 63));

    public Int128 ReadInt128() => (Int128)(BinaryPrimitives.ReadUInt128BigEndian(Take(16)) ^ (UInt128.One << 127));

    public double ReadDouble()
    {
        var bits = BinaryPrimitives.ReadUInt64BigEndian(Take(8));
        return BitConverter.Int64BitsToDouble((bits & (1UL << 63)) != 0 ? (long)(bits ^ (1UL << 63)) : (long)~bits);
    }

    /// <summary>The bytes as they were; without a copy when they hold no zero.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        var end = _rest.IndexOf((byte)0);
        if (_rest[end + 1] == 0)
        {
            var plain = _rest[..end];
            _rest = _rest[(end + 2)..];
            return plain;
        }

        var unescaped = new List<byte>(_rest.Length);
        while (true)
        {
            end = _rest.IndexOf((byte)0);
            unescaped.AddRange(_rest[..end]);
            var mark = _rest[end + 1];
            _rest = _rest[(end + 2)..];
            if (mark == 0)
                return unescaped.ToArray();
            unescaped.Add(0);
        }
    }

    public string ReadString() => Encoding.UTF8.GetString(ReadBytes());

    ReadOnlySpan<byte> Take(int count)
    {
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
