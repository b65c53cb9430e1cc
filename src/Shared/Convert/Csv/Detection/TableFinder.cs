namespace DataIngestion.Conversion.Csv.Detection;

/// <summary>Where the table stands in a text.</summary>
/// <param name="FirstRecord">The first record of the table, its header if it has one.</param>
/// <param name="FooterReason">What stands after the table, as the end of a sentence.</param>
internal sealed record FoundTable(int FirstRecord, int HeaderRows, bool HasTrailingDelimiter, int FooterLines, string? FooterReason, string? Comment);

/// <summary>Finds titles above a table, the rows that name its columns, remarks between its rows and what stands after it.</summary>
internal static class TableFinder
{
    const int MostTitles = 40;

    /// <param name="isWhole">Whether the text ends where the content does; only then is anything said about its end.</param>
    public static FoundTable Find(ReadOnlySpan<byte> text, SampleTable table, int columns, bool isWhole, FormatHint? hint)
    {
        var types = ColumnLooks.Of(text, table, columns);
        var header = hint?.Header;
        var first = columns < 2 || hint?.SkipLines is not null ? FirstFilled(table) : FirstRecord(text, table, columns, types);
        if (first >= table.Count)
            return new(0, hint?.HeaderRows ?? (header ?? false ? 1 : 0), false, 0, null, null);
        var rows = header == false ? 0 : HeaderFinder.Rows(text, table, first, columns, types);
        if (header == true)
            rows = Math.Max(1, rows);
        rows = hint?.HeaderRows ?? rows;
        var trailing = rows == 1 && table.Width(first) == columns - 1 && types.IsEmpty(columns - 1);
        var (footer, reason) = isWhole && columns > 1 ? TableEnd.Find(text, table, first, rows, columns) : (table.Count, null);
        var lines = footer < table.Count ? Lines(text, table, footer) : 0;
        return new(first, rows, trailing, lines, reason, columns > 1 ? Comment(text, table, first, footer, columns) : null);
    }

    static int FirstFilled(SampleTable table)
    {
        var first = 0;
        while (first < table.Count && table.IsBlank(first))
            first++;
        return first;
    }

    /// <summary>Titles have one field, wherever it stands, or a few at the left of many; the table begins with the first record that is full.</summary>
    static int FirstRecord(ReadOnlySpan<byte> text, SampleTable table, int columns, ColumnLooks types)
    {
        var record = 0;
        for (; record < table.Count && record < MostTitles; record++)
        {
            if (!table.IsBlank(record) && !IsTitle(text, table, record, columns, types))
                return record;
        }

        // Nothing looked like a table's start, so nothing is left out.
        return record == table.Count || record == MostTitles ? FirstFilled(table) : record;
    }

    static bool IsTitle(ReadOnlySpan<byte> text, SampleTable table, int record, int columns, ColumnLooks types)
    {
        var next = record + 1;
        while (next < table.Count && table.IsBlank(next))
            next++;
        var cells = table[record];
        if (next >= table.Count || SampleCells.IsTyped(SampleCells.Look(text.Slice(cells[0].Start, cells[0].Length), cells[0].IsQuoted)))
            return false;
        if (cells.Length != columns)
        {
            // A header may be one delimiter short or long, but then data follows at once.
            return cells.Length == 1 || next > record + 1 || Math.Abs(cells.Length - columns) > 2 || !types.IsData(text, table, next);
        }

        var filled = table.Filled(record);
        if (filled > Math.Max(1, columns / 3) || filled * 2 > types.Filled || types.Filled < 2)
            return false;
        for (var i = 0; i < filled && filled > 1; i++)
        {
            if (cells[i].Length == 0)
                return false;
        }

        return !types.IsData(text, table, record);
    }

    /// <summary>The lines from a record to the end.</summary>
    static int Lines(ReadOnlySpan<byte> text, SampleTable table, int from)
    {
        var last = table.Count - 1;
        var lines = 1;
        foreach (var cell in table[last])
            lines += text.Slice(cell.Start, cell.Length).Count((byte)'\n');
        return table.Line(last) - table.Line(from) + lines;
    }

    static readonly string[] Marks = ["#", "%", "//", "--"];

    /// <summary>The mark that lines begin with which are no records, where every record begins otherwise.</summary>
    static string? Comment(ReadOnlySpan<byte> text, SampleTable table, int first, int end, int columns)
    {
        foreach (var mark in Marks)
        {
            var (remarks, records) = (0, 0);
            for (var record = first; record < end; record++)
            {
                var cell = table[record][0];
                if (cell.IsQuoted || !text.Slice(cell.Start, cell.Length).StartsWith(System.Text.Encoding.ASCII.GetBytes(mark)))
                    continue;
                _ = table.Width(record) == columns ? records++ : remarks++;
            }

            if (remarks > 0 && records == 0)
                return mark;
        }

        return null;
    }
}
