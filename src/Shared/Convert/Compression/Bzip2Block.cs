namespace DataIngestion.Conversion.Compression;

/// <summary>One block of bzip2: Huffman codes, move-to-front, the Burrows-Wheeler transform and two run-length codes, undone in that order.</summary>
internal sealed class Bzip2Block(Bzip2Bits bits, int size)
{
    const int GroupSize = 50;

    uint[] _transform = new uint[Math.Min(size, 1 << 16)];
    readonly Bzip2Code[] _codes = [.. Enumerable.Range(0, 6).Select(_ => new Bzip2Code())];
    readonly byte[] _selectors = new byte[18_002];
    int _left;
    uint _place;
    int _last;
    int _same;
    int _repeat;
    uint _crc;

    /// <summary>The most bytes before the last run-length code is undone.</summary>
    public int Size => size;

    /// <summary>The checksum of what was read.</summary>
    public uint Checksum => ~_crc;

    /// <summary>Reads the block's codes. Its checksum was read before.</summary>
    public void Begin()
    {
        if (bits.Read(1) != 0)
            throw new CompressionDamage("a block is randomized, which only bzip2 before 0.9.5 did");
        var origin = bits.Read(24);
        Span<byte> symbols = stackalloc byte[256];
        var count = ReadSymbols(symbols);
        var selectors = ReadSelectors(out var codes);
        for (var i = 0; i < codes; i++)
            _codes[i].Read(bits, count + 2);
        _left = ReadText(symbols, count, selectors);
        if (origin >= _left)
            throw new CompressionDamage("a block does not begin in itself");
        Invert();
        _place = _transform[origin] >> 8;
        (_last, _same, _repeat, _crc) = (-1, 0, 0, uint.MaxValue);
    }

    int ReadSymbols(Span<byte> symbols)
    {
        var groups = bits.Read(16);
        var count = 0;
        for (var group = 0; group < 16; group++)
        {
            if ((groups & (0x8000 >> group)) == 0)
                continue;
            var used = bits.Read(16);
            for (var i = 0; i < 16; i++)
            {
                if ((used & (0x8000 >> i)) != 0)
                    symbols[count++] = (byte)((group * 16) + i);
            }
        }

        return count > 0 ? count : throw new CompressionDamage("a block has no symbols");
    }

    int ReadSelectors(out int codes)
    {
        codes = (int)bits.Read(3);
        var count = (int)bits.Read(15);
        if (codes is < 2 or > 6 || count == 0)
            throw new CompressionDamage("a block has a wrong number of codes");
        Span<byte> order = [0, 1, 2, 3, 4, 5];
        for (var i = 0; i < count; i++)
        {
            var at = 0;
            while (bits.Read(1) != 0)
            {
                if (++at >= codes)
                    throw new CompressionDamage("a block chooses a code that it does not have");
            }

            var chosen = order[at];
            order[..at].CopyTo(order[1..]);
            order[0] = chosen;
            if (i < _selectors.Length)
                _selectors[i] = chosen;
        }

        return Math.Min(count, _selectors.Length);
    }

    int ReadText(Span<byte> order, int count, int selectors)
    {
        var (length, group, inGroup, run, weight) = (0, -1, 0, 0, 1);
        var code = _codes[0];
        while (true)
        {
            if (inGroup == 0)
            {
                if (++group >= selectors)
                    throw new CompressionDamage("a block has more codes than it says");
                code = _codes[_selectors[group]];
                inGroup = GroupSize;
            }

            inGroup--;
            var symbol = code.Next(bits);
            if (symbol <= 1)
            {
                run += weight << symbol;
                weight <<= 1;
                if (run > size - length)
                    throw TooLong();
                continue;
            }

            if (run > 0)
            {
                Reserve(length + run, length);
                _transform.AsSpan(length, run).Fill(order[0]);
                length += run;
                (run, weight) = (0, 1);
            }

            if (symbol == count + 1)
                return length;
            if (length == size)
                throw TooLong();
            var moved = order[symbol - 1];
            order[..(symbol - 1)].CopyTo(order[1..]);
            order[0] = moved;
            Reserve(length + 1, length);
            _transform[length++] = moved;
        }
    }

    void Reserve(int needed, int used)
    {
        if (needed <= _transform.Length)
            return;
        var larger = new uint[Math.Min(size, Math.Max(needed, _transform.Length * 4))];
        _transform.AsSpan(0, used).CopyTo(larger);
        _transform = larger;
    }

    static CompressionDamage TooLong() => new("a block is longer than its stream allows");

    void Invert()
    {
        Span<uint> starts = stackalloc uint[256];
        starts.Clear();
        var text = _transform.AsSpan(0, _left);
        foreach (var entry in text)
            starts[(byte)entry]++;
        var sum = 0u;
        for (var i = 0; i < 256; i++)
            (starts[i], sum) = (sum, sum + starts[i]);
        for (var i = 0; i < text.Length; i++)
            text[(int)starts[(byte)text[i]]++] |= (uint)i << 8;
    }

    /// <summary>Some of the block's bytes; 0 at its end.</summary>
    public int Read(Span<byte> to)
    {
        var (length, place, last, same, transform) = (0, _place, _last, _same, _transform);
        while (length < to.Length)
        {
            if (_repeat > 0)
            {
                var run = Math.Min(_repeat, to.Length - length);
                to.Slice(length, run).Fill((byte)last);
                length += run;
                _repeat -= run;
                continue;
            }

            if (_left == 0)
                break;
            var entry = transform[place];
            place = entry >> 8;
            _left--;
            if (same == 4)
            {
                (_repeat, same) = ((byte)entry, 0);
                continue;
            }

            same = (byte)entry == last ? same + 1 : 1;
            last = (byte)entry;
            to[length++] = (byte)entry;
        }

        (_place, _last, _same) = (place, last, same);
        _crc = Bzip2Crc.Append(_crc, to[..length]);
        return length;
    }
}

/// <summary>The checksum of bzip2: CRC-32 with the most significant bit first.</summary>
internal static class Bzip2Crc
{
    static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        var table = Table;
        foreach (var value in bytes)
            crc = (crc << 8) ^ table[(crc >> 24) ^ value];
        return crc;
    }

    static uint Entry(int value)
    {
        var crc = (uint)value << 24;
        for (var bit = 0; bit < 8; bit++)
            crc = (crc << 1) ^ ((crc & 0x80000000) != 0 ? 0x04C11DB7u : 0);
        return crc;
    }
}
