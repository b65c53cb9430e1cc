namespace DataIngestion.Conversion.Texts;

/// <summary>How the lines of a text are built: lengths, what they begin and end with, delimiters that repeat, columns of blanks.</summary>
internal static class LineFeatures
{
    const string Begins = "#/*-[<\"@:%\\{}.>|+ \tAa0";
    const string Ends = ";,{}:.>\\)\"a0";
    const string Delimiters = ",;\t|";
    const int Others = 14;
    const int MostLines = 120;

    public static readonly int Count = Begins.Length + Ends.Length + Delimiters.Length + Others;

    public static void Fill(ReadOnlySpan<byte> text, Span<float> features)
    {
        var begins = features[..Begins.Length];
        var ends = features.Slice(Begins.Length, Ends.Length);
        var delimiters = features.Slice(Begins.Length + Ends.Length, Delimiters.Length);
        var others = features[(Begins.Length + Ends.Length + Delimiters.Length)..];
        var lines = new List<Range>();
        for (var at = 0; at < text.Length && lines.Count < MostLines;)
        {
            var end = text[at..].IndexOfAny((byte)'\n', (byte)'\r');
            var stop = end < 0 ? text.Length : at + end;
            lines.Add(at..stop);
            at = stop + (stop + 1 < text.Length && text[stop] == '\r' && text[stop + 1] == '\n' ? 2 : 1);
        }

        // The last line may be cut.
        if (lines.Count > 2)
            lines.RemoveAt(lines.Count - 1);
        var (filled, sum, square) = (0, 0.0, 0.0);
        foreach (var range in lines)
        {
            var line = text[range];
            var trimmed = line.Trim(" \t"u8);
            if (trimmed.IsEmpty)
            {
                others[0]++;
                continue;
            }

            filled++;
            sum += line.Length;
            square += (double)line.Length * line.Length;
            Count1(begins, Begins, Fold(line[0]));
            Count1(ends, Ends, Fold(trimmed[^1]));
            Shape(line, trimmed, others);
        }

        var per = 1f / Math.Max(1, filled);
        foreach (ref var begin in begins)
            begin *= per;
        foreach (ref var end in ends)
            end *= per;
        for (var i = 1; i < 9; i++)
            others[i] *= per;
        others[0] /= Math.Max(1, lines.Count);
        var mean = sum * per;
        others[9] = (float)Math.Log(1 + mean) / 5;
        others[10] = (float)(mean == 0 ? 0 : Math.Sqrt(Math.Max(0, square * per - mean * mean)) / mean);
        others[11] = Math.Min(filled, 20) / 20f;
        for (var i = 0; i < Delimiters.Length; i++)
            delimiters[i] = Repeats(text, lines, (byte)Delimiters[i]);
        (others[12], others[13]) = Blanks(text, lines);
    }

    static void Shape(ReadOnlySpan<byte> line, ReadOnlySpan<byte> trimmed, Span<float> others)
    {
        var colon = trimmed.IndexOf((byte)':');
        var equal = trimmed.IndexOf((byte)'=');
        others[1] += colon > 0 && IsKey(trimmed[..colon]) && (colon + 1 == trimmed.Length || trimmed[colon + 1] == ' ') ? 1 : 0;
        others[2] += equal > 0 && IsKey(trimmed[..equal].TrimEnd((byte)' ')) ? 1 : 0;
        others[3] += trimmed[0] == '[' && trimmed[^1] == ']' ? 1 : 0;
        others[4] += trimmed.Length > 10 && char.IsAsciiDigit((char)trimmed[0]) && (trimmed[4] is (byte)'-' or (byte)'/') && char.IsAsciiDigit((char)trimmed[5]) ? 1 : 0;
        others[5] += trimmed.StartsWith("- "u8) || trimmed.StartsWith("* "u8) ? 1 : 0;
        others[6] += trimmed.Count((byte)' ') is var blanks && blanks * 4 > trimmed.Length - blanks && blanks > 3 && trimmed.Count((byte)'=') + trimmed.Count((byte)';') == 0 ? 1 : 0;
        others[7] += line.Length - line.TrimStart((byte)' ').Length is > 0 and var indent && indent % 2 == 0 ? 1 : 0;
        others[8] += trimmed.IndexOf("  "u8) > 0 ? 1 : 0;
    }

    static bool IsKey(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty || key.Length > 60)
            return false;
        foreach (var b in key)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'_' or (byte)'-' or (byte)'.' or (byte)'"' or (byte)'$'))
                return false;
        }

        return true;
    }

    /// <summary>Share of the lines that have a delimiter as often as most lines that have it at all.</summary>
    static float Repeats(ReadOnlySpan<byte> text, List<Range> lines, byte delimiter)
    {
        Span<int> counts = stackalloc int[64];
        var filled = 0;
        foreach (var range in lines)
        {
            var line = text[range];
            if (line.IsEmpty)
                continue;
            filled++;
            counts[Math.Min(63, line.Count(delimiter))]++;
        }

        var best = 0;
        foreach (var count in counts[1..])
            best = Math.Max(best, count);
        return filled < 2 ? 0 : best / (float)filled;
    }

    /// <summary>Places within lines where all are blank, and how alike the lines' lengths are: what columns of fixed width have.</summary>
    static (float Places, float Alike) Blanks(ReadOnlySpan<byte> text, List<Range> lines)
    {
        Span<int> blank = stackalloc int[160];
        Span<int> lengths = stackalloc int[160];
        var filled = 0;
        foreach (var range in lines)
        {
            var line = text[range];
            if (line.IsEmpty)
                continue;
            filled++;
            lengths[Math.Min(159, line.Length)]++;
            for (var i = 0; i < Math.Min(line.Length, 160); i++)
                blank[i] += line[i] == ' ' ? 1 : 0;
        }

        if (filled < 3)
            return (0, 0);
        var (places, alike) = (0, 0);
        for (var i = 1; i < 159; i++)
        {
            places += blank[i] >= filled * 0.95 && blank[i + 1] < filled * 0.95 ? 1 : 0;
            alike = Math.Max(alike, lengths[i]);
        }

        return (Math.Min(places, 10) / 10f, alike / (float)filled);
    }

    static char Fold(byte b) => char.IsAsciiLetterUpper((char)b) ? 'A' : char.IsAsciiLetterLower((char)b) ? 'a' : char.IsAsciiDigit((char)b) ? '0' : (char)b;

    static void Count1(Span<float> counts, string kinds, char kind)
    {
        if (kinds.IndexOf(kind, StringComparison.Ordinal) is >= 0 and var at)
            counts[at]++;
    }
}
