namespace DataIngestion.Conversion.Csv.Detection;

/// <summary>Finds what ends lines.</summary>
internal static class LineEnds
{
    /// <summary>
    /// A lone <c>\r</c> among <c>\n</c> ends a record only where there are many of them: a few are text that somebody pasted.
    /// </summary>
    public static LineEnd Find(ReadOnlySpan<byte> text)
    {
        var feeds = text.Count((byte)'\n');
        if (feeds == 0)
            return text.Contains((byte)'\r') ? LineEnd.CarriageReturn : LineEnd.LineFeed;
        var returns = text.Count((byte)'\r');
        if (returns == 0)
            return LineEnd.LineFeed;
        var (lone, quoted) = (0, false);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '"')
                quoted = !quoted;
            else if (text[at] == '\r' && !quoted && at + 1 < text.Length && text[at + 1] != '\n')
                lone++;
        }

        return lone * 10 > feeds + lone ? LineEnd.Any : LineEnd.LineFeed;
    }
}
