using System.Buffers.Binary;

namespace DataIngestion.Conversion.Compression;

/// <summary>Compressed bytes, read forwards with a look ahead, and a little way back.</summary>
internal sealed class CompressedInput(Stream inner)
{
    /// <summary>The most bytes that <see cref="Peek"/> shows and <see cref="Unread"/> takes back.</summary>
    public const int MaxPeek = 16 << 10;

    readonly byte[] _buffer = new byte[MaxPeek * 4];
    int _at = MaxPeek;
    int _end = MaxPeek;

    /// <summary>Compressed bytes taken so far.</summary>
    public long Position { get; private set; }

    /// <summary>Whether every byte was taken.</summary>
    public bool IsAtEnd => _at == _end && !Fill();

    /// <summary>The bytes at hand, at least one unless everything was taken.</summary>
    public ReadOnlySpan<byte> Available() => IsAtEnd ? default : _buffer.AsSpan(_at, _end - _at);

    /// <summary>The next bytes without taking them; fewer only at the end.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        while (_end - _at < count && Fill())
        {
        }

        return _buffer.AsSpan(_at, Math.Min(count, _end - _at));
    }

    public void Skip(int count)
    {
        _at += count;
        Position += count;
    }

    public int Read(Span<byte> to)
    {
        var take = Math.Min(to.Length, Available().Length);
        _buffer.AsSpan(_at, take).CopyTo(to);
        Skip(take);
        return take;
    }

    /// <exception cref="CompressionDamage">There are not so many bytes.</exception>
    public void ReadExactly(Span<byte> to, string what)
    {
        for (var done = 0; done < to.Length;)
        {
            var read = Read(to[done..]);
            done += read > 0 ? read : throw CompressionDamage.CutOff(what);
        }
    }

    /// <exception cref="CompressionDamage">There is none.</exception>
    public byte ReadByte(string what)
    {
        if (_at == _end && !Fill())
            throw CompressionDamage.CutOff(what);
        Position++;
        return _buffer[_at++];
    }

    public uint ReadUInt32(string what)
    {
        Span<byte> bytes = stackalloc byte[4];
        ReadExactly(bytes, what);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <summary>Puts bytes back that were the last to be taken.</summary>
    public void Unread(ReadOnlySpan<byte> bytes)
    {
        if (_at < bytes.Length)
            throw new InvalidOperationException("More bytes are put back than are kept.");
        _at -= bytes.Length;
        bytes.CopyTo(_buffer.AsSpan(_at));
        Position -= bytes.Length;
    }

    // The place before the bytes at hand is kept free for those that come back.
    bool Fill()
    {
        if (_end > _buffer.Length - MaxPeek)
        {
            _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer.AsSpan(MaxPeek));
            _end = MaxPeek + _end - _at;
            _at = MaxPeek;
        }

        var read = inner.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
