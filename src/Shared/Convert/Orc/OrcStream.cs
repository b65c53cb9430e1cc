using System.Runtime.CompilerServices;

namespace DataIngestion.Conversion.Orc;

/// <summary>
/// The bytes of one stream of a stripe, decompressed a chunk at a time. A chunk has a header of three bytes, little-endian: its length twice, plus
/// one if it is stored as it is.
/// </summary>
internal sealed class OrcStream(Stream content, long offset, long length, OrcPacking packing)
{
    const int Window = 64 << 10;
    const int HeaderBytes = 3;

    byte[] _buffer = [];
    int _at;
    int _end;
    long _next = offset;
    long _left = length;

    /// <summary>A stream that is not there, which is one without bytes.</summary>
    public static OrcStream Empty(OrcPacking packing) => new(Stream.Null, 0, 0, packing);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte ReadByte()
    {
        if (_at == _end)
            FillOrFail();
        return _buffer[_at++];
    }

    /// <summary>Reads all that is asked for.</summary>
    public void ReadExactly(Span<byte> to)
    {
        while (!to.IsEmpty)
        {
            if (_at == _end)
                FillOrFail();
            var some = Math.Min(to.Length, _end - _at);
            _buffer.AsSpan(_at, some).CopyTo(to);
            _at += some;
            to = to[some..];
        }
    }

    /// <summary>The next bytes where they lie, if they lie in one chunk; empty otherwise.</summary>
    public ReadOnlySpan<byte> TryTake(int count)
    {
        if (_at == _end && !Fill())
            return default;
        if (count > _end - _at)
            return default;
        _at += count;
        return _buffer.AsSpan(_at - count, count);
    }

    /// <summary>A number in base 128, least significant first.</summary>
    public ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException("The ORC file is damaged: a number has more than 64 bits.");
    }

    /// <summary>The same, with its sign in the lowest bit.</summary>
    public long ReadSignedVarint() => ReadVarint() is var n ? (long)(n >> 1) ^ -(long)(n & 1) : 0;

    /// <summary>All that is left.</summary>
    /// <param name="most">How much may come.</param>
    /// <param name="what">In words.</param>
    public byte[] ReadToEnd(int most, string what)
    {
        using var all = new MemoryStream();
        while (_at < _end || Fill())
        {
            if (all.Length + _end - _at > most)
                throw new InvalidDataException($"The ORC file is damaged: {what} would have more than {most} bytes.");
            all.Write(_buffer, _at, _end - _at);
            _at = _end;
        }

        return all.ToArray();
    }

    void FillOrFail()
    {
        if (!Fill())
            throw new InvalidDataException("The ORC file is damaged: a column's data end before its rows do.");
    }

    bool Fill()
    {
        (_at, _end) = (0, 0);
        while (_left > 0 && _end == 0)
        {
            if (packing.Compression == OrcCompression.None)
                FillFrom((int)Math.Min(_left, Window));
            else
                FillChunk();
        }

        return _end > 0;
    }

    void FillChunk()
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (_left < HeaderBytes)
            throw Cut();
        Take(header);
        var word = header[0] | (header[1] << 8) | (header[2] << 16);
        var size = word >> 1;
        if (size > _left)
            throw Cut();
        if ((word & 1) != 0)
        {
            FillFrom(size);
            return;
        }

        Take(packing.Packed(size));
        var plain = packing.Unpack(size);
        Room(plain.Length);
        plain.CopyTo(_buffer);
        _end = plain.Length;
    }

    void FillFrom(int size)
    {
        Room(size);
        Take(_buffer.AsSpan(0, size));
        _end = size;
    }

    void Room(int size)
    {
        if (_buffer.Length < size)
            _buffer = new byte[size];
    }

    void Take(Span<byte> to)
    {
        content.Position = _next;
        content.ReadExactly(to);
        (_next, _left) = (_next + to.Length, _left - to.Length);
    }

    static InvalidDataException Cut() => new("The ORC file is damaged: a compressed chunk is longer than its stream.");
}
