namespace DataIngestion.Conversion.Orc;

/// <summary>
/// Decompresses one LZO1X block. Written from the description of the stream format (kernel.org, Documentation/staging/lzo.rst): literals, and
/// copies of what came before whose two lowest bits say how many literals follow.
/// </summary>
internal ref struct LzoBlock
{
    const int AfterLiterals = 4;

    readonly ReadOnlySpan<byte> _from;
    readonly Span<byte> _to;
    int _at;
    int _written;

    LzoBlock(ReadOnlySpan<byte> from, Span<byte> to)
    {
        _from = from;
        _to = to;
    }

    /// <summary>The bytes written.</summary>
    /// <exception cref="InvalidDataException">The block is damaged, or larger than <paramref name="to"/>.</exception>
    public static int Decompress(ReadOnlySpan<byte> from, Span<byte> to)
    {
        var block = new LzoBlock(from, to);
        block.Run();
        return block._written;
    }

    void Run()
    {
        // How many literals followed the last instruction, which decides what a small instruction means.
        var state = 0;
        if (_from.Length > 0 && _from[0] > 17)
        {
            var literals = Next() - 17;
            Literals(literals);
            state = literals < 4 ? literals : AfterLiterals;
        }

        while (true)
        {
            int code = Next();
            int distance, length;
            switch (code)
            {
                case >= 64:
                    length = (code >> 5) + 1;
                    distance = (Next() << 3) + ((code >> 2) & 7) + 1;
                    state = code & 3;
                    break;
                case >= 32:
                    length = Length(code & 31, 31) + 2;
                    var near = Pair();
                    (distance, state) = ((near >> 2) + 1, near & 3);
                    break;
                case >= 16:
                    length = Length(code & 7, 7) + 2;
                    var far = Pair();
                    (distance, state) = (((code & 8) << 11) + (far >> 2) + 0x4000, far & 3);
                    if (distance == 0x4000)
                        return;
                    break;
                case var _ when state == 0:
                    Literals(Length(code, 15) + 3);
                    state = AfterLiterals;
                    continue;
                default:
                    (length, distance) = state == AfterLiterals ? (3, (Next() << 2) + (code >> 2) + 0x801) : (2, (Next() << 2) + (code >> 2) + 1);
                    state = code & 3;
                    break;
            }

            Copy(distance, length);
            Literals(state);
        }
    }

    byte Next() => _at < _from.Length ? _from[_at++] : throw Damaged();

    int Pair() => Next() | (Next() << 8);

    /// <summary>A length that does not fit its bits goes on in bytes, of which zeros count 255.</summary>
    int Length(int given, int most)
    {
        if (given != 0)
            return given;
        byte next;
        while ((next = Next()) == 0)
        {
            most += 255;
            if (most > _to.Length)
                throw Damaged();
        }

        return most + next;
    }

    void Literals(int count)
    {
        if (count > _from.Length - _at || count > _to.Length - _written)
            throw Damaged();
        _from.Slice(_at, count).CopyTo(_to[_written..]);
        (_at, _written) = (_at + count, _written + count);
    }

    void Copy(int distance, int length)
    {
        if (distance > _written || length > _to.Length - _written)
            throw Damaged();
        if (distance >= length)
        {
            _to.Slice(_written - distance, length).CopyTo(_to[_written..]);
        }
        else
        {
            for (var i = _written; i < _written + length; i++)
                _to[i] = _to[i - distance];
        }

        _written += length;
    }

    static InvalidDataException Damaged() => new("An LZO block is damaged.");
}
