using System.Text;

namespace DataIngestion.Conversion.Csv.Detection;

/// <summary>Finds where a table ends before the text does: another table, or notes after an empty line.</summary>
internal static class TableEnd
{
    const int MostNotes = 20;

    /// <returns>The first record that is not the table's, and why; the number of records where all are.</returns>
    public static (int Record, string? Reason) Find(ReadOnlySpan<byte> text, SampleTable table, int first, int headerRows, int columns)
    {
        if (headerRows > 0 && NextTable(text, table, first, headerRows) is { } next)
            return (next, $"line {table.Line(next) + 1} begins another table");
        var notes = Notes(text, table, first + headerRows, columns);
        if (notes < table.Count)
            return (notes, $"notes follow from line {table.Line(notes) + 1} on");
        var empty = Empty(table, first + headerRows);
        return empty < table.Count ? (empty, $"nothing but delimiters follows from line {table.Line(empty) + 1} on") : (table.Count, null);
    }

    /// <summary>Spreadsheets write rows that were once used as lines of delimiters.</summary>
    static int Empty(SampleTable table, int from)
    {
        var (empty, delimiters) = (table.Count, 0);
        while (empty > from && table.IsBlank(empty - 1))
            delimiters += table.Width(--empty) > 1 ? 1 : 0;
        return delimiters > 1 ? empty : table.Count;
    }

    /// <summary>Another table repeats the header, or names at least half of its columns in a record of another width.</summary>
    static int? NextTable(ReadOnlySpan<byte> text, SampleTable table, int first, int headerRows)
    {
        if (table.Width(first) < 2)
            return null;
        HashSet<string>? names = null;
        var start = table[first][0];
        for (var record = first + headerRows + 1; record < table.Count; record++)
        {
            var cell = table[record][0];
            if (table.Width(record) < 2 || !text.Slice(cell.Start, cell.Length).SequenceEqual(text.Slice(start.Start, start.Length)) || cell.Length == 0)
                continue;
            if (HeaderFinder.Same(text, table, first, record))
                return record;
            names ??= Cells(text, table, first);
            if (table.Width(record) != table.Width(first) && names.Count > 1 && Cells(text, table, record).Count(names.Contains) * 2 >= names.Count)
                return record;
        }

        return null;
    }

    static HashSet<string> Cells(ReadOnlySpan<byte> text, SampleTable table, int record)
    {
        var cells = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cell in table[record])
        {
            if (cell.Length > 0)
                cells.Add(Encoding.UTF8.GetString(text.Slice(cell.Start, cell.Length)));
        }

        return cells;
    }

    /// <summary>Notes are lines of one field at the end, after an empty line: a line that was cut off is none.</summary>
    static int Notes(ReadOnlySpan<byte> text, SampleTable table, int from, int columns)
    {
        var record = table.Count;
        var (filled, notes) = (0, table.Count);
        while (record > from && filled <= MostNotes)
        {
            record--;
            if (table.IsBlank(record))
            {
                if (filled > 0)
                    notes = record;
                continue;
            }

            var cells = table[record];
            if (table.Filled(record) != 1 || cells[0].Length == 0 || (cells.Length == columns && columns == 2)
                || SampleCells.IsTyped(SampleCells.Look(text.Slice(cells[0].Start, cells[0].Length), cells[0].IsQuoted)))
                break;
            filled++;
        }

        return notes;
    }
}
