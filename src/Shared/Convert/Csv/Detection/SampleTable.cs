using System.Runtime.InteropServices;

namespace DataIngestion.Conversion.Csv.Detection;

/// <summary>A cell of the sample, without its quotes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SampleCell(int Start, int Length, bool IsQuoted);

/// <summary>
/// The start of a text cut by one way of writing. Cutting takes time in proportion to the text, whatever it holds: a quote that is not closed is
/// taken back a few times only.
/// </summary>
internal sealed class SampleTable
{
    const int MostTakenBack = 8;
    readonly List<SampleCell> _cells = [];
    readonly List<int> _ends = [];
    readonly List<int> _lines = [];
    readonly Dictionary<int, int> _beforeBad = [];

    public int Count => _ends.Count;

    /// <summary>Quoted fields that end at a delimiter or line end.</summary>
    public int WellQuoted { get; private set; }

    /// <summary>Quotes at the start of a field that are not closed, or closed in the middle of it.</summary>
    public int BadlyQuoted { get; private set; }

    /// <summary>Quotes that were doubled inside quotes.</summary>
    public int Doubled { get; private set; }

    /// <summary>Escape characters that did something.</summary>
    public int Escaped { get; private set; }

    /// <summary>The character that stands most often before a quote that neither opens nor closes a field; 0 for none that could escape.</summary>
    public int MostBeforeBadQuote => _beforeBad.Count == 0 ? 0 : _beforeBad.MaxBy(b => b.Value).Key;

    /// <summary>Delimiters, and how many of them have a space after them or end a line.</summary>
    public int Delimiters { get; private set; }

    public int PaddedDelimiters { get; private set; }

    public ReadOnlySpan<SampleCell> this[int record] =>
        CollectionsMarshal.AsSpan(_cells)[(record == 0 ? 0 : _ends[record - 1]).._ends[record]];

    public int Width(int record) => _ends[record] - (record == 0 ? 0 : _ends[record - 1]);

    /// <summary>The line the record begins at, from 0.</summary>
    public int Line(int record) => _lines[record];

    public bool IsBlank(int record)
    {
        foreach (var cell in this[record])
        {
            if (cell.Length > 0 || cell.IsQuoted)
                return false;
        }

        return true;
    }

    /// <summary>Cells that hold something.</summary>
    public int Filled(int record)
    {
        var filled = 0;
        foreach (var cell in this[record])
            filled += cell.Length > 0 ? 1 : 0;
        return filled;
    }

    /// <param name="isWhole">Whether the text ends here, so that a last line without line end is a record.</param>
    public static SampleTable Cut(ReadOnlySpan<byte> text, SampleMarks marks, bool isWhole, int mostRecords)
    {
        var table = new SampleTable();
        var (at, line, takenBack) = (0, 0, 0);
        var literal = -1;
        while (at < text.Length && table.Count < mostRecords)
        {
            var cells = table._cells.Count;
            var counts = (table.WellQuoted, table.BadlyQuoted, table.Doubled, table.Escaped, table.Delimiters, table.PaddedDelimiters);
            var end = table.CutRecord(text, marks, at, literal, out var openQuote, out var lines);
            if (openQuote >= 0)
            {
                if (!isWhole && takenBack == 0 && text.Length - openQuote < 4096)
                    break;
                table._cells.RemoveRange(cells, table._cells.Count - cells);
                (table.WellQuoted, table.BadlyQuoted, table.Doubled, table.Escaped, table.Delimiters, table.PaddedDelimiters) = counts;
                table.BadlyQuoted++;
                if (++takenBack == MostTakenBack)
                    marks = marks with { Quote = -1 };
                literal = openQuote;
                continue;
            }

            if (end < 0)
            {
                if (!isWhole && table.Count > 0)
                {
                    table._cells.RemoveRange(cells, table._cells.Count - cells);
                    break;
                }

                end = text.Length;
            }

            table._ends.Add(table._cells.Count);
            table._lines.Add(line);
            line += lines;
            at = end;
        }

        return table;
    }

    /// <summary>Cuts one record.</summary>
    /// <param name="literal">A quote that is text.</param>
    /// <param name="openQuote">The quote that is never closed, or -1.</param>
    /// <returns>Where the next record begins; -1 where the text ends before this one does.</returns>
    int CutRecord(ReadOnlySpan<byte> text, SampleMarks marks, int start, int literal, out int openQuote, out int lines)
    {
        (openQuote, lines) = (-1, 0);
        for (var field = start; ;)
        {
            var at = field;
            if (marks.IsPadded)
            {
                while (at < text.Length && text[at] == ' ')
                    at++;
            }

            var (from, to, quoted) = (at, -1, false);
            if (at < text.Length && text[at] == marks.Quote && at != literal)
            {
                to = FindClose(text, marks, at, ref lines, out var bad);
                if (to < 0)
                {
                    openQuote = at;
                    return -1;
                }

                BadlyQuoted += bad ? 1 : 0;
                WellQuoted += bad ? 0 : 1;
                (from, quoted, at) = (at + 1, true, to + 1);
            }

            for (; at < text.Length && !marks.IsLineEnd(text[at]) && !marks.IsDelimiter(text, at); at++)
            {
                if (text[at] == marks.Escape && marks.Escape != marks.Quote && at + 1 < text.Length && (marks.IsDelimiter(text, at + 1) || text[at + 1] == marks.Escape))
                {
                    Escaped++;
                    at++;
                }
            }

            var endsLine = at < text.Length && marks.IsLineEnd(text[at]);
            if (to < 0)
                to = endsLine && at > from && text[at - 1] == '\r' ? at - 1 : at;
            _cells.Add(new(from, to - from, quoted));
            if (at >= text.Length)
                return -1;
            if (endsLine)
            {
                lines++;
                return at + (text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1);
            }

            field = at + marks.Delimiter.Length;
            Delimiters++;
            PaddedDelimiters += field >= text.Length || text[field] is (byte)' ' or (byte)'\r' or (byte)'\n' ? 1 : 0;
        }
    }

    /// <summary>The quote that closes the field: the first that is neither doubled nor escaped and has a delimiter or line end after it.</summary>
    int FindClose(ReadOnlySpan<byte> text, SampleMarks marks, int open, ref int lines, out bool bad)
    {
        bad = false;
        var before = lines;
        for (var at = open + 1; at < text.Length; at++)
        {
            var b = text[at];
            if (b == '\n' || (b == '\r' && marks.IsLineEnd((byte)'\r') && (at + 1 == text.Length || text[at + 1] != '\n')))
                lines++;
            if (b == marks.Escape && b != marks.Quote && at + 1 < text.Length && (text[at + 1] == marks.Quote || text[at + 1] == marks.Escape))
            {
                Escaped++;
                at++;
                continue;
            }

            if (b != marks.Quote)
                continue;
            if (at + 1 < text.Length && text[at + 1] == marks.Quote && marks.DoublesQuotes)
            {
                Doubled++;
                at++;
                continue;
            }

            var after = at + 1;
            while (marks.IsPadded && after < text.Length && text[after] == ' ')
                after++;
            if (after >= text.Length || text[after] == '\r' || marks.IsLineEnd(text[after]) || marks.IsDelimiter(text, after))
                return at;
            bad = true;
            if (text[at - 1] < 0x80 && text[at - 1] > ' ' && !char.IsAsciiLetterOrDigit((char)text[at - 1]))
                _beforeBad[text[at - 1]] = _beforeBad.GetValueOrDefault(text[at - 1]) + 1;
        }

        lines = before;
        return -1;
    }
}
