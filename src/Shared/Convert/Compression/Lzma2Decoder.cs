using System.Buffers.Binary;

namespace DataIngestion.Conversion.Compression;

/// <summary>LZMA2: chunks of at most 2 MiB, stored or compressed, up to its end mark.</summary>
internal sealed class Lzma2Decoder(CompressedInput input, int dictionary)
{
    const int MaxPacked = 64 << 10;

    readonly LzmaWindow _window = new(dictionary);
    readonly byte[] _packed = new byte[MaxPacked];
    LzmaDecoder? _lzma;
    bool _needsDictionary = true;
    bool _needsState = true;
    bool _ended;

    /// <summary>Some decompressed bytes; 0 behind the end mark.</summary>
    public int Read(Span<byte> to)
    {
        while (true)
        {
            var read = _window.Take(to);
            if (read > 0 || _ended)
                return read;
            ReadChunk();
        }
    }

    void ReadChunk()
    {
        var control = input.ReadByte("the LZMA2 data");
        if (control == 0)
        {
            _ended = true;
            return;
        }

        if (control is > 2 and < 0x80)
            throw Invalid();
        if (control is 1 or >= 0xE0)
        {
            _needsDictionary = false;
            _window.Reset();
        }
        else if (_needsDictionary)
        {
            throw Invalid();
        }

        Span<byte> sizes = stackalloc byte[4];
        if (control < 0x80)
        {
            input.ReadExactly(sizes[..2], "the LZMA2 data");
            input.ReadExactly(_window.Room(BinaryPrimitives.ReadUInt16BigEndian(sizes) + 1), "the LZMA2 data");
            return;
        }

        input.ReadExactly(sizes, "the LZMA2 data");
        var size = ((control & 0x1F) << 16) + BinaryPrimitives.ReadUInt16BigEndian(sizes) + 1;
        var packed = _packed.AsSpan(0, BinaryPrimitives.ReadUInt16BigEndian(sizes[2..]) + 1);
        Prepare(control);
        input.ReadExactly(packed, "the LZMA2 data");
        if (!_lzma!.Decode(packed, _window, size))
            throw Invalid();
    }

    void Prepare(byte control)
    {
        if (control >= 0xC0)
        {
            var properties = input.ReadByte("the LZMA2 data");
            if (properties >= 9 * 5 * 5)
                throw Invalid();
            var (high, lc) = Math.DivRem((int)properties, 9);
            var (pb, lp) = Math.DivRem(high, 5);
            if (lc + lp > 4)
                throw Invalid();
            _lzma = new(lc, lp, pb);
            _needsState = false;
        }
        else if (_needsState || _lzma is null)
        {
            throw Invalid();
        }
        else if (control >= 0xA0)
        {
            _lzma.Reset();
        }
    }

    CompressionDamage Invalid() => new($"its LZMA2 data is invalid before compressed byte {input.Position}");
}

/// <summary>The decompressed bytes that later ones may repeat, in one piece of memory that grows with what is there.</summary>
internal sealed class LzmaWindow(int dictionary)
{
    const int MaxChunk = 2 << 20;
    const int Least = 64 << 10;

    int _start;
    int _taken;

    public byte[] Bytes { get; private set; } = [];

    /// <summary>Where the next byte goes.</summary>
    public int Position { get; set; }

    /// <summary>How far back a byte may be repeated.</summary>
    public int Reach => Math.Min(Position - _start, dictionary);

    /// <summary>What <see cref="Position"/> lacks to the bytes since the last <see cref="Reset"/>, which probabilities depend on.</summary>
    public int Phase { get; private set; }

    /// <summary>Forgets what was there.</summary>
    public void Reset() => (_start, Phase) = (Position, -Position);

    /// <summary>Hands over what was decompressed and not yet taken.</summary>
    public int Take(Span<byte> to)
    {
        var take = Math.Min(to.Length, Position - _taken);
        Bytes.AsSpan(_taken, take).CopyTo(to);
        _taken += take;
        return take;
    }

    /// <summary>The next so many bytes, to be written at once.</summary>
    public Span<byte> Room(int count)
    {
        Reserve(count);
        Position += count;
        return Bytes.AsSpan(Position - count, count);
    }

    /// <summary>Makes room behind <see cref="Position"/>. Everything was taken.</summary>
    public void Reserve(int count)
    {
        if (Position + count <= Bytes.Length)
            return;
        var keep = Reach;
        var most = dictionary + Math.Max(dictionary, MaxChunk * 2);
        var target = Bytes;
        if (Bytes.Length < most)
            target = new byte[Math.Min(most, Math.Max(Least, (keep + count) * 2))];
        Bytes.AsSpan(Position - keep, keep).CopyTo(target);
        (Bytes, Phase, _start, _taken, Position) = (target, Phase + Position - keep, 0, keep, keep);
    }
}
