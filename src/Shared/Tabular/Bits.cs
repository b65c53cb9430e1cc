namespace DataIngestion.Tabular;

/// <summary>Runs of validity bits, least significant first.</summary>
internal static class Bits
{
    /// <summary>Sets or clears bits; those after them in the last byte may change too.</summary>
    public static void Set(Span<byte> bits, int start, int count, bool value)
    {
        var fill = value ? (byte)0xFF : (byte)0;
        if (count == 0)
            return;
        var first = start >> 3;
        if ((start & 7) != 0)
        {
            var keep = (byte)((1 << (start & 7)) - 1);
            bits[first] = (byte)((bits[first] & keep) | (fill & ~keep));
            first++;
        }

        var end = (start + count + 7) >> 3;
        if (end > first)
            bits[first..end].Fill(fill);
    }

    /// <summary>Sets a bit where the level is <paramref name="present"/> and clears it elsewhere.</summary>
    public static void FromLevels(ReadOnlySpan<byte> levels, byte present, Span<byte> bits, int start)
    {
        var at = 0;
        for (; at < levels.Length && ((start + at) & 7) != 0; at++)
            Put(bits, start + at, levels[at] == present);
        for (; at + 8 <= levels.Length; at += 8)
        {
            var eight = levels.Slice(at, 8);
            var packed = 0;
            for (var bit = 0; bit < 8; bit++)
                packed |= (eight[bit] == present ? 1 : 0) << bit;
            bits[(start + at) >> 3] = (byte)packed;
        }

        for (; at < levels.Length; at++)
            Put(bits, start + at, levels[at] == present);
    }

    static void Put(Span<byte> bits, int at, bool value)
    {
        var bit = (byte)(1 << (at & 7));
        bits[at >> 3] = value ? (byte)(bits[at >> 3] | bit) : (byte)(bits[at >> 3] & ~bit);
    }
}
