using System.Text;

namespace DataIngestion.Conversion.Csv.Detection;

/// <summary>A delimiter worth trying, and how likely people are to choose it before a text is seen.</summary>
internal sealed record DelimiterCandidate(byte[] Delimiter, double Prior);

/// <summary>
/// Finds what may stand between fields: any character that is neither letter, digit nor quote and stands in enough lines, and any short run of
/// such characters that always stands together.
/// </summary>
internal static class DelimiterCandidates
{
    const int Most = 8;
    const int MostLines = 200;

    public static IReadOnlyList<DelimiterCandidate> Find(ReadOnlySpan<byte> text, byte lineEnd)
    {
        Span<int> inLines = stackalloc int[256];
        Span<int> lastLine = stackalloc int[256];
        lastLine.Fill(-1);
        var wide = new Dictionary<Rune, (int Lines, int Last)>();
        var lines = 0;
        var rest = text;
        for (; !rest.IsEmpty && lines < MostLines;)
        {
            var end = rest.IndexOf(lineEnd);
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            line = line.TrimEnd((byte)'\r');
            if (line.IsEmpty)
                continue;
            for (var i = 0; i < line.Length; i++)
            {
                var b = line[i];
                if (b >= 0x80)
                {
                    i += CountWide(line[i..], lines, wide) - 1;
                }
                else if (lastLine[b] != lines)
                {
                    lastLine[b] = lines;
                    inLines[b]++;
                }
            }

            lines++;
        }

        var found = new List<DelimiterCandidate>();
        for (var b = 0; b < 128; b++)
        {
            if (IsCandidate((byte)b) && inLines[b] * 4 >= lines)
                found.Add(new([(byte)b], Prior((byte)b) * (0.5 + (0.5 * inLines[b] / lines))));
        }

        foreach (var (rune, count) in wide)
        {
            if (count.Lines * 4 >= lines * 3)
                found.Add(new(Encoding.UTF8.GetBytes(rune.ToString()), 0.8));
        }

        var singles = found.OrderByDescending(c => c.Prior).Take(Most).ToList();
        var runs = new List<DelimiterCandidate>();
        foreach (var single in singles)
        {
            if (single.Delimiter.Length == 1 && Run(text, single, lineEnd) is { } run && !runs.Exists(r => r.Delimiter.AsSpan().SequenceEqual(run.Delimiter)))
                runs.Add(run);
        }

        return [.. runs, .. singles];
    }

    static int CountWide(ReadOnlySpan<byte> at, int line, Dictionary<Rune, (int Lines, int Last)> wide)
    {
        if (Rune.DecodeFromUtf8(at, out var rune, out var length) != System.Buffers.OperationStatus.Done)
            return Math.Max(1, length);
        if (!Rune.IsLetterOrDigit(rune) && wide.Count < 64)
        {
            var (lines, last) = wide.GetValueOrDefault(rune, (0, -1));
            if (last != line)
                wide[rune] = (lines + 1, line);
        }

        return length;
    }

    static bool IsCandidate(byte b) => b is not ((byte)'"' or (byte)'\'' or (byte)'\r' or (byte)'\n' or 0 or (byte)'.' or (byte)'\\') && !char.IsAsciiLetterOrDigit((char)b);

    /// <summary>Chosen often, chosen sometimes, and marks that mostly stand inside names, numbers and dates.</summary>
    static double Prior(byte b) => b switch
    {
        (byte)',' or (byte)';' or (byte)'\t' or (byte)'|' => 1,
        < 0x20 => 0.95,
        (byte)'^' or (byte)'~' => 0.85,
        (byte)':' => 0.6,
        (byte)' ' => 0.6,
        (byte)'#' or (byte)'&' or (byte)'*' or (byte)'!' or (byte)'@' or (byte)'=' or (byte)'+' or (byte)'%' or (byte)'$' or (byte)'<' or (byte)'>' => 0.5,
        _ => 0.3,
    };

    /// <summary>The run of characters that every occurrence of the character stands in: <c>||</c>, <c>~|~</c>. Null for the character alone.</summary>
    static DelimiterCandidate? Run(ReadOnlySpan<byte> text, DelimiterCandidate single, byte lineEnd)
    {
        var c = single.Delimiter[0];
        if (c is (byte)' ')
            return null;
        ReadOnlySpan<byte> common = default;
        var seen = 0;
        for (var at = 0; seen < 2000;)
        {
            var next = text[at..].IndexOf(c);
            if (next < 0)
                break;
            var (from, to) = (at + next, at + next + 1);
            while (from > 0 && at + next - from < 3 && IsInRun(text[from - 1], lineEnd))
                from--;
            while (to < text.Length && to - from < 16 && IsInRun(text[to], lineEnd))
                to++;
            var run = text[from..to];
            // Two delimiters with nothing between them make a longer run; the shortest one counts.
            if (seen == 0 || run.Length < common.Length)
                common = run;
            at = to;
            seen++;
        }

        if (common.Length is < 2 or > 4 || seen < 2 || common.Trim((byte)' ').Length == 1)
            return null; // Spaces around a delimiter are padding.
        var repeats = common.IndexOfAnyExcept(c) < 0;
        if (repeats && c is (byte)',' or (byte)';' or (byte)'\t')
            return null;
        var whole = common.ToArray();
        return CountOf(text, whole) * whole.AsSpan().Count(c) >= text.Count(c) * 0.98 ? new(whole, Math.Min(1, single.Prior * 1.3)) : null;
    }

    static int CountOf(ReadOnlySpan<byte> text, byte[] run)
    {
        var count = 0;
        for (var at = 0; text[at..].IndexOf(run) is >= 0 and var next; count++)
            at += next + run.Length;
        return count;
    }

    static bool IsInRun(byte b, byte lineEnd) =>
        b != lineEnd && b is not ((byte)'"' or (byte)'\'' or (byte)'\r' or (byte)'\n' or (byte)'-' or (byte)'+' or (byte)'.' or (byte)'$' or (byte)'(' or (byte)'\\') && b < 0x80 && !char.IsAsciiLetterOrDigit((char)b);
}
