using System.Buffers.Binary;

namespace DataIngestion.Conversion.Orc;

/// <summary>Version 2: the two highest bits of a run's first byte say how it is written: short repeat, direct, patched base or delta.</summary>
internal sealed class IntegerRunsV2(OrcStream stream, bool isSigned) : IntegerRuns
{
    /// <summary>The patch that only moves the place of the next one on.</summary>
    const int LongestGap = 255;
    static ReadOnlySpan<byte> Widths => [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 26, 28, 30, 32, 40, 48, 56, 64];

    readonly byte[] _packed = new byte[MostValues * 8];
    readonly long[] _patches = new long[32];

    protected override int Fill()
    {
        var head = stream.ReadByte();
        return (head >> 6) switch
        {
            0 => ShortRepeat(head),
            1 => Direct(head),
            2 => PatchedBase(head),
            _ => Delta(head),
        };
    }

    int ShortRepeat(byte head)
    {
        var value = BigEndian(((head >> 3) & 7) + 1);
        var count = (head & 7) + 3;
        Values.AsSpan(0, count).Fill(isSigned ? Unzigzag(value) : (long)value);
        return count;
    }

    int Direct(byte head)
    {
        var count = Count(head) + 1;
        Unpack(Width(head), Values.AsSpan(0, count));
        for (var i = 0; isSigned && i < count; i++)
            Values[i] = Unzigzag((ulong)Values[i]);
        return count;
    }

    int PatchedBase(byte head)
    {
        var count = Count(head) + 1;
        var width = Width(head);
        var (third, fourth) = (stream.ReadByte(), stream.ReadByte());
        var baseBytes = (third >> 5) + 1;
        var patchWidth = Widths[third & 0x1F];
        var gapWidth = (fourth >> 5) + 1;
        var patches = _patches.AsSpan(0, fourth & 0x1F);
        if (patchWidth + gapWidth > 64 || width == 64)
            throw new InvalidDataException("The ORC file is damaged: a run of integers has patches that no integer holds.");

        // The base has its sign in its highest bit.
        var stored = BigEndian(baseBytes);
        var sign = 1UL << (baseBytes * 8 - 1);
        var start = (stored & sign) == 0 ? (long)stored : -(long)(stored & ~sign);

        Unpack(width, Values.AsSpan(0, count));
        Unpack(Closest(patchWidth + gapWidth), patches);
        var place = 0L;
        foreach (var patch in patches)
        {
            var gap = patchWidth == 64 ? 0 : (long)((ulong)patch >> patchWidth);
            var bits = patchWidth == 64 ? patch : patch & ((1L << patchWidth) - 1);
            place += gap;
            if (gap == LongestGap && bits == 0)
                continue;
            if (place >= count)
                throw new InvalidDataException("The ORC file is damaged: a run of integers has a patch behind its end.");
            Values[place] |= bits << width;
        }

        for (var i = 0; i < count; i++)
            Values[i] = unchecked(Values[i] + start);
        return count;
    }

    int Delta(byte head)
    {
        var isFixed = ((head >> 1) & 0x1F) == 0;
        var width = Width(head);
        var count = Count(head) + 1;
        var value = isSigned ? stream.ReadSignedVarint() : (long)stream.ReadVarint();
        var delta = stream.ReadSignedVarint();
        Values[0] = value;
        if (count > 2 && !isFixed)
            Unpack(width, Values.AsSpan(2, count - 2));
        for (var i = 1; i < count; i++)
        {
            var step = delta;
            if (i > 1 && !isFixed)
                step = delta < 0 ? -Values[i] : Values[i];
            value = unchecked(value + step);
            Values[i] = value;
        }

        return count;
    }

    static int Width(byte head) => Widths[(head >> 1) & 0x1F];

    /// <summary>One less than the values of the run.</summary>
    int Count(byte head) => ((head & 1) << 8) | stream.ReadByte();

    ulong BigEndian(int bytes)
    {
        var value = 0UL;
        for (; bytes > 0; bytes--)
            value = (value << 8) | stream.ReadByte();
        return value;
    }

    static int Closest(int width)
    {
        foreach (var possible in Widths)
        {
            if (possible >= width)
                return possible;
        }

        return 64;
    }

    static long Unzigzag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    /// <summary>Values of so many bits each, highest bit first; the last byte is filled up.</summary>
    void Unpack(int width, Span<long> to)
    {
        var packed = _packed.AsSpan(0, (width * to.Length + 7) / 8);
        stream.ReadExactly(packed);
        switch (width)
        {
            case 64:
                for (var i = 0; i < to.Length; i++)
                    to[i] = BinaryPrimitives.ReadInt64BigEndian(packed[(i * 8)..]);
                break;
            case 8:
                for (var i = 0; i < to.Length; i++)
                    to[i] = packed[i];
                break;
            default:
                var (bits, have, at) = (0UL, 0, 0);
                var mask = (1UL << width) - 1;
                for (var i = 0; i < to.Length; i++)
                {
                    for (; have < width; have += 8)
                        bits = (bits << 8) | packed[at++];
                    have -= width;
                    to[i] = (long)((bits >> have) & mask);
                }

                break;
        }
    }
}
