namespace DataIngestion.Conversion.Compression;

/// <summary>One Huffman code of bzip2: up to 258 symbols of 1 to 20 bits. Short ones are looked up.</summary>
internal sealed class Bzip2Code
{
    const int Longest = 20;
    const int Looked = 11;

    readonly byte[] _lengths = new byte[258];
    readonly ushort[] _symbols = new ushort[258];
    readonly ushort[] _table = new ushort[1 << Looked]; // symbol << 5 | length; 0 where longer
    readonly int[] _limits = new int[Longest + 2];
    readonly int[] _offsets = new int[Longest + 2];

    public void Read(Bzip2Bits bits, int count)
    {
        var length = (int)bits.Read(5);
        for (var i = 0; i < count; i++)
        {
            while (true)
            {
                if (length is < 1 or > Longest)
                    throw new CompressionDamage("a block has a code that is too long");
                if (bits.Read(1) == 0)
                    break;
                length += bits.Read(1) == 0 ? 1 : -1;
            }

            _lengths[i] = (byte)length;
        }

        Build(_lengths.AsSpan(0, count));
    }

    // Canonical: shorter codes first, then in the order of the symbols.
    void Build(ReadOnlySpan<byte> lengths)
    {
        Array.Clear(_table);
        var (code, next) = (0, 0);
        for (var length = 1; length <= Longest; length++)
        {
            _offsets[length] = next - code;
            for (var symbol = 0; symbol < lengths.Length; symbol++)
            {
                if (lengths[symbol] != length)
                    continue;
                if (code >> length != 0)
                    throw new CompressionDamage("a block has codes that cannot be told apart");
                _symbols[next++] = (ushort)symbol;
                if (length <= Looked)
                    _table.AsSpan(code << (Looked - length), 1 << (Looked - length)).Fill((ushort)((symbol << 5) | length));
                code++;
            }

            _limits[length] = code;
            code <<= 1;
        }
    }

    public int Next(Bzip2Bits bits)
    {
        var ahead = (int)bits.PeekCode(Longest);
        var entry = _table[ahead >> (Longest - Looked)];
        if (entry != 0)
        {
            bits.Skip(entry & 31);
            return entry >> 5;
        }

        for (var length = Looked + 1; length <= Longest; length++)
        {
            var code = ahead >> (Longest - length);
            if (code >= _limits[length])
                continue;
            bits.Skip(length);
            return _symbols[code + _offsets[length]];
        }

        throw new CompressionDamage("a block uses a code that it does not have");
    }
}
