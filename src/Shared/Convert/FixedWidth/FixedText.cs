namespace DataIngestion.Conversion.FixedWidth;

/// <summary>Characters of a UTF-8 line by their places. A character is a code point: a byte that does not continue one.</summary>
internal static class FixedText
{
    /// <summary>The byte at which a character begins; the length of the line where it has fewer.</summary>
    /// <param name="from">A byte at which character <paramref name="at"/> begins.</param>
    public static int ByteOf(ReadOnlySpan<byte> line, int character, int from = 0, int at = 0)
    {
        while (at < character && from < line.Length)
        {
            from++;
            while (from < line.Length && (line[from] & 0xC0) == 0x80)
                from++;
            at++;
        }

        return from;
    }

    /// <summary>Whether each character is blank.</summary>
    public static bool[] Blanks(ReadOnlySpan<byte> line)
    {
        var blanks = new List<bool>(line.Length);
        foreach (var value in line)
        {
            if ((value & 0xC0) != 0x80)
                blanks.Add(value is (byte)' ' or (byte)'\t');
        }

        return [.. blanks];
    }

    /// <summary>Parts between runs of two or more blanks, with the place of each.</summary>
    public static List<(int Start, int End)> Parts(bool[] blanks)
    {
        var parts = new List<(int, int)>();
        for (var i = 0; i < blanks.Length; i++)
        {
            if (blanks[i])
                continue;
            var start = i;
            while (i < blanks.Length && !(blanks[i] && (i + 1 == blanks.Length || blanks[i + 1])))
                i++;
            parts.Add((start, i));
        }

        return parts;
    }

    /// <summary>A rule across the page: three or more dashes, equals signs or underscores, and nothing else but blanks.</summary>
    public static bool IsRule(ReadOnlySpan<byte> line)
    {
        var marks = 0;
        foreach (var value in line)
        {
            if (value is (byte)'-' or (byte)'=' or (byte)'_')
                marks++;
            else if (value is not ((byte)' ' or (byte)'\t' or (byte)'+' or (byte)'|'))
                return false;
        }

        return marks >= 3;
    }
}
