namespace DataIngestion.Conversion.Compression;

/// <summary>
/// LZMA as the specification of Igor Pavlov's LZMA SDK (2015) has it. The state lives on from chunk to chunk, the range decoder begins anew.
/// </summary>
internal sealed class LzmaDecoder(int lc, int lp, int pb)
{
    const int States = 12;
    const int MaxPositions = 16;
    const int EndOfSlots = 14;

    readonly ushort[] _isMatch = new ushort[States * MaxPositions];
    readonly ushort[] _isRep = new ushort[States];
    readonly ushort[] _isRepG0 = new ushort[States];
    readonly ushort[] _isRepG1 = new ushort[States];
    readonly ushort[] _isRepG2 = new ushort[States];
    readonly ushort[] _isRep0Long = new ushort[States * MaxPositions];
    readonly ushort[] _literals = new ushort[0x300 << (lc + lp)];
    readonly ushort[] _slots = new ushort[4 * 64];
    readonly ushort[] _special = new ushort[128];
    readonly ushort[] _align = new ushort[16];
    readonly LzmaLengths _lengths = new();
    readonly LzmaLengths _repeatLengths = new();
    int _state;
    uint _rep0;
    uint _rep1;
    uint _rep2;
    uint _rep3;
    bool _isReady;

    /// <summary>Forgets everything learned.</summary>
    public void Reset()
    {
        foreach (var probabilities in (ushort[][])[_isMatch, _isRep, _isRepG0, _isRepG1, _isRepG2, _isRep0Long, _literals, _slots, _special, _align])
            probabilities.AsSpan().Fill(LzmaRange.Even);
        _lengths.Reset();
        _repeatLengths.Reset();
        (_state, _rep0, _rep1, _rep2, _rep3) = (0, 0, 0, 0, 0);
        _isReady = true;
    }

    /// <summary>Decompresses one chunk into the window; false if it is invalid.</summary>
    public bool Decode(ReadOnlySpan<byte> packed, LzmaWindow window, int size)
    {
        if (!_isReady)
            Reset();
        if (packed.Length < 5 || packed[0] != 0)
            return false;
        window.Reserve(size);
        var range = new LzmaRange(packed);
        var (bytes, end, positionMask) = (window.Bytes, window.Position + size, (1 << pb) - 1);
        while (window.Position < end)
        {
            var at = window.Position;
            var place = (at + window.Phase) & positionMask;
            if (range.Bit(ref _isMatch[(_state * MaxPositions) + place]) == 0)
            {
                if (_state >= 7 && window.Reach <= _rep0)
                    return false;
                bytes[at] = Literal(ref range, window, at);
                window.Position++;
                continue;
            }

            int length;
            if (range.Bit(ref _isRep[_state]) == 0)
            {
                (_rep3, _rep2, _rep1) = (_rep2, _rep1, _rep0);
                length = _lengths.Next(ref range, place);
                _state = _state < 7 ? 7 : 10;
                _rep0 = Distance(ref range, length);
            }
            else
            {
                length = Repeat(ref range, place);
            }

            if (window.Reach <= _rep0 || length > end - at)
                return false;
            Copy(bytes, at, (int)_rep0 + 1, length);
            window.Position += length;
        }

        return range.IsFinished;
    }

    int Repeat(ref LzmaRange range, int place)
    {
        if (range.Bit(ref _isRepG0[_state]) == 0)
        {
            if (range.Bit(ref _isRep0Long[(_state * MaxPositions) + place]) == 0)
            {
                _state = _state < 7 ? 9 : 11;
                return 1;
            }
        }
        else if (range.Bit(ref _isRepG1[_state]) == 0)
        {
            (_rep0, _rep1) = (_rep1, _rep0);
        }
        else if (range.Bit(ref _isRepG2[_state]) == 0)
        {
            (_rep0, _rep1, _rep2) = (_rep2, _rep0, _rep1);
        }
        else
        {
            (_rep0, _rep1, _rep2, _rep3) = (_rep3, _rep0, _rep1, _rep2);
        }

        _state = _state < 7 ? 8 : 11;
        return _repeatLengths.Next(ref range, place);
    }

    byte Literal(ref LzmaRange range, LzmaWindow window, int at)
    {
        var bytes = window.Bytes;
        var before = window.Reach > 0 ? bytes[at - 1] : 0;
        var probabilities = _literals.AsSpan(0x300 * ((((at + window.Phase) & ((1 << lp) - 1)) << lc) + (before >> (8 - lc))), 0x300);
        var symbol = 1;
        if (_state >= 7)
        {
            int match = bytes[at - (int)_rep0 - 1];
            do
            {
                var matched = (match >> 7) & 1;
                match <<= 1;
                var bit = range.Bit(ref probabilities[((1 + matched) << 8) + symbol]);
                symbol = (symbol << 1) | bit;
                if (matched != bit)
                    break;
            }
            while (symbol < 0x100);
        }

        while (symbol < 0x100)
            symbol = (symbol << 1) | range.Bit(ref probabilities[symbol]);
        _state = _state < 4 ? 0 : _state < 10 ? _state - 3 : _state - 6;
        return (byte)symbol;
    }

    uint Distance(ref LzmaRange range, int length)
    {
        var slot = range.Tree(_slots.AsSpan(Math.Min(length - 2, 3) * 64, 64), 6);
        if (slot < 4)
            return (uint)slot;
        var bits = (slot >> 1) - 1;
        var distance = (uint)(2 | (slot & 1)) << bits;
        return slot < EndOfSlots
            ? distance + (uint)range.ReverseTree(_special, (int)distance - slot, bits)
            : distance + (range.Direct(bits - 4) << 4) + (uint)range.ReverseTree(_align, 0, 4);
    }

    static void Copy(byte[] bytes, int at, int distance, int length)
    {
        if (distance >= length)
        {
            bytes.AsSpan(at - distance, length).CopyTo(bytes.AsSpan(at));
            return;
        }

        for (var end = at + length; at < end; at++)
            bytes[at] = bytes[at - distance];
    }
}

/// <summary>How long a match is, 2 to 273.</summary>
internal sealed class LzmaLengths
{
    readonly ushort[] _choices = new ushort[2];
    readonly ushort[] _low = new ushort[16 * 8];
    readonly ushort[] _middle = new ushort[16 * 8];
    readonly ushort[] _high = new ushort[256];

    public void Reset()
    {
        foreach (var probabilities in (ushort[][])[_choices, _low, _middle, _high])
            probabilities.AsSpan().Fill(LzmaRange.Even);
    }

    public int Next(ref LzmaRange range, int place)
    {
        if (range.Bit(ref _choices[0]) == 0)
            return 2 + range.Tree(_low.AsSpan(place * 8, 8), 3);
        return range.Bit(ref _choices[1]) == 0 ? 10 + range.Tree(_middle.AsSpan(place * 8, 8), 3) : 18 + range.Tree(_high, 8);
    }
}
