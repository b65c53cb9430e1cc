namespace DataIngestion.Conversion.Csv.Detection;

/// <summary>Says in sentences what a dialect rests on.</summary>
internal static class DialectEvidence
{
    public static IReadOnlyList<string> Of(CsvDialect dialect, SampleTable table, SampleScore score, FoundTable found)
    {
        var evidence = new List<string>
        {
            score.Columns < 2
                ? "no delimiter repeats from line to line, so there is one column"
                : $"{score.Share:P0} of the first {table.Count} records have {score.Columns} fields between '{Show(dialect.Delimiter)}'",
        };
        if (table.WellQuoted > 0 && dialect.Quote is { } quote)
            evidence.Add($"{table.WellQuoted} fields are quoted by {quote}");
        else
            evidence.Add(dialect.Quote is { } none ? $"no field is quoted; {none} is assumed" : $"quotes stand inside fields only, so they are text");
        if (dialect.HasOwnEscape)
            evidence.Add($"{dialect.Escape} escapes {table.Escaped} times");
        else if (table.Doubled > 0)
            evidence.Add($"quotes inside quotes are doubled {table.Doubled} times");
        if (dialect.IsPadded)
            evidence.Add("every delimiter has a space after it, which is left out");
        if (dialect.SkipLines > 0)
            evidence.Add($"{dialect.SkipLines} lines before the first record are left out");
        evidence.Add(dialect.HeaderRows switch
        {
            0 => "the first record is data",
            1 => "the first record names the columns",
            var rows => $"the first {rows} records name the columns",
        });
        if (dialect.HasTrailingDelimiter)
            evidence.Add("records end with a delimiter that the header lacks");
        if (dialect.Comment is { } comment)
            evidence.Add($"lines that start with {comment} have other widths and are remarks");
        if (found.FooterReason is { } reason)
            evidence.Add($"{reason}: {dialect.FooterLines} lines after the table are left out");
        return evidence;
    }

    static string Show(string delimiter) => delimiter.Replace("\t", "\\t", StringComparison.Ordinal);
}
