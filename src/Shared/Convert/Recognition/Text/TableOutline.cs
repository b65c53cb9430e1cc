namespace DataIngestion.Conversion.Texts;

/// <summary>A cheap look at whether lines are the records of a table.</summary>
internal static class TableOutline
{
    const int MostLines = 24;
    const int LeastLines = 3;

    /// <summary>Whether every line has one delimiter as often, and no blank behind it as in prose.</summary>
    public static bool IsRegular(TextSample text)
    {
        var lines = Confirmation.Lines(text, MostLines);
        if (lines.Count < LeastLines)
            return false;
        foreach (var delimiter in ",;\t|")
        {
            var count = lines[0].Count(c => c == delimiter);
            if (count > 0 && lines.TrueForAll(l => l.Count(c => c == delimiter) == count) && lines.Count(l => l.Contains($"{delimiter} ", StringComparison.Ordinal)) * 2 <= lines.Count)
                return true;
        }

        return false;
    }
}
