namespace DataIngestion.Conversion.Texts;

/// <summary>Columns of fixed width by their lines: as long as each other or cut at their ends, with blanks at the same places.</summary>
internal static class FixedWidthOutline
{
    const int MostWidth = 400;

    public static double Of(TextSample text)
    {
        var lines = Confirmation.Lines(text, 60);
        // A rule below the header is part of no column.
        lines.RemoveAll(l => l.All(c => c is '-' or '=' or ' ' or '+'));
        if (lines.Count < 3)
            return 0;
        var width = Math.Min(MostWidth, lines.Max(l => l.Length));
        if (width < 6)
            return 0;
        var common = lines.GroupBy(l => l.Length).Max(g => g.Count()) / (double)lines.Count;
        // Without a few lines that are too short to be records: titles and totals.
        var records = lines.Where(l => l.Length > width / 3).ToList();
        if (records.Count < 3 || records.Count < lines.Count * 0.7)
            return 0;
        var gaps = 0;
        var starts = 0;
        for (var at = 1; at < width; at++)
        {
            var (blankBefore, filled) = (0, 0);
            foreach (var line in records)
            {
                blankBefore += at - 1 >= line.Length || line[at - 1] == ' ' ? 1 : 0;
                filled += at < line.Length && line[at] != ' ' ? 1 : 0;
            }

            gaps += blankBefore >= records.Count * 0.97 && filled >= records.Count * 0.25 ? 1 : 0;
            starts += blankBefore >= records.Count * 0.97 && filled >= records.Count * 0.8 ? 1 : 0;
        }

        var spaced = records.Count(l => l.Contains("  ", StringComparison.Ordinal));
        if (gaps >= 2 && spaced >= records.Count * 0.6)
            return gaps >= 3 && (common >= 0.8 || starts >= 2) ? 0.95 : 0.85;
        return gaps >= 2 && common >= 0.95 && records.Count >= 4 ? 0.75 : 0;
    }
}
