namespace DataIngestion.Conversion.Compression;

/// <summary>bzip2: all streams one after the other, with the checksum of each block and stream.</summary>
internal sealed class Bzip2Decoder(CompressedInput input) : LayerDecoder
{
    const ulong BlockMark = 0x314159265359;
    const ulong EndMark = 0x177245385090;

    readonly Bzip2Bits _bits = new(input);
    Bzip2Block? _block;
    uint _expected;
    uint _combined;
    bool _inStream;
    bool _inBlock;
    int _streams;

    public override int Read(Span<byte> to)
    {
        while (true)
        {
            if (!_inStream && !BeginStream())
                return 0;
            if (!_inBlock && !BeginBlock())
                continue;
            var read = _block!.Read(to);
            if (read > 0)
                return read;
            if (_block.Checksum != _expected)
                throw new CompressionDamage($"the checksum of a block before compressed byte {input.Position} is wrong");
            _inBlock = false;
        }
    }

    bool BeginStream()
    {
        if (_streams > 0 && input.IsAtEnd)
            return false;
        var header = input.Peek(4);
        if (!header.StartsWith("BZh"u8))
            throw _streams == 0 ? new CompressionDamage("it does not start like bzip2") : TrailingBytes.Found(input);
        if (header.Length < 4)
            throw CompressionDamage.CutOff("a stream's header");
        if (header[3] is < (byte)'1' or > (byte)'9')
            throw new CompressionDamage("a stream's header has an unknown block size");
        var size = (header[3] - '0') * 100_000;
        input.Skip(4);
        if (_block is null || _block.Size < size)
            _block = new(_bits, size);
        (_inStream, _combined) = (true, 0);
        _streams++;
        return true;
    }

    bool BeginBlock()
    {
        var mark = ((ulong)_bits.Read(24) << 24) | _bits.Read(24);
        _expected = (_bits.Read(16) << 16) | _bits.Read(16);
        if (mark == BlockMark)
        {
            _combined = ((_combined << 1) | (_combined >> 31)) ^ _expected;
            _block!.Begin();
            _inBlock = true;
            return true;
        }

        if (mark != EndMark)
            throw new CompressionDamage($"there is neither a block nor the end at compressed byte {input.Position}");
        if (_expected != _combined)
            throw new CompressionDamage("the checksum at a stream's end is not that of its content");
        _bits.EndByte();
        _inStream = false;
        return false;
    }
}

/// <summary>Bits, most significant first.</summary>
internal sealed class Bzip2Bits(CompressedInput input)
{
    ulong _bits;
    int _count;

    /// <param name="count">1–32.</param>
    public uint Read(int count)
    {
        var value = Peek(count);
        _count -= count;
        return value;
    }

    /// <summary>The next bits; zeros stand in for those behind the end, which <see cref="Skip"/> refuses.</summary>
    public uint PeekCode(int count)
    {
        while (_count < count && !input.IsAtEnd)
            Take();
        return (uint)((_count >= count ? _bits >> (_count - count) : _bits << (count - _count)) & ((1UL << count) - 1));
    }

    public void Skip(int count) => _count = count <= _count ? _count - count : throw CompressionDamage.CutOff("a block");

    /// <summary>Leaves the byte that was begun: behind the marks, which are longer than what a code looks ahead, no other is at hand.</summary>
    public void EndByte() => _count = 0;

    uint Peek(int count)
    {
        while (_count < count)
            Take();
        return (uint)((_bits >> (_count - count)) & ((1UL << count) - 1));
    }

    void Take()
    {
        _bits = (_bits << 8) | input.ReadByte("a block");
        _count += 8;
    }
}
