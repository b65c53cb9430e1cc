using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Csv;

/// <summary>
/// Reads a record whose quotes are not as they should be, so that its cells are kept as written: a quote closes a field only where a delimiter or
/// line end follows, and one that opens nothing is text. Of several readings the one with the expected number of fields is taken.
/// </summary>
internal sealed class QuoteRepair(CsvMarkup markup)
{
    const int MostOpenings = 24;
    const int LongLine = 64 << 10;

    enum DoubledAtEnd
    {
        IsText,
        ClosesField,
    }

    /// <summary>Cuts one line, without its end, into <paramref name="cutter"/>.</summary>
    /// <param name="width">The expected number of fields.</param>
    /// <returns>Whether that many were found; if not, the cells are the best reading there is.</returns>
    public bool Cut(ReadOnlySpan<byte> data, int start, int end, int width, RecordCutter cutter)
    {
        var most = end - start > LongLine ? 1 : MostOpenings;
        foreach (var doubled in (ReadOnlySpan<DoubledAtEnd>)[DoubledAtEnd.IsText, DoubledAtEnd.ClosesField])
        {
            if (Read(data, start, end, -1, doubled, cutter) is var openings && cutter.Count == width)
                return true;
            for (var literal = 0; literal < Math.Min(openings, most); literal++)
            {
                Read(data, start, end, literal, doubled, cutter);
                if (cutter.Count == width)
                    return true;
            }
        }

        Read(data, start, end, -1, DoubledAtEnd.IsText, cutter);
        return false;
    }

    /// <param name="literal">The opening quote, counted from 0, that is text.</param>
    /// <returns>How many fields begin with a quote.</returns>
    int Read(ReadOnlySpan<byte> data, int start, int end, int literal, DoubledAtEnd doubled, RecordCutter cutter)
    {
        cutter.Clear();
        cutter.IsRepaired = true;
        var line = data[..end];
        var (openings, closes) = (0, true);
        for (var field = start; ;)
        {
            var from = field;
            while (markup.Dialect.IsPadded && from < end && line[from] == ' ')
                from++;
            var stop = -1;
            if (from < end && line[from] == markup.Quote && openings++ != literal && closes)
            {
                var close = Close(line, from, doubled, out var escaped);
                // Where no quote closes this field, none closes a later one: the line is gone over once.
                closes = close >= 0;
                if (closes)
                {
                    cutter.Add(new(from + 1, close - from - 1, escaped ? CellKind.QuotedEscaped : CellKind.Quoted));
                    stop = close + 1;
                    while (stop < end && !markup.IsDelimiter(line, stop))
                        stop++;
                }
            }

            if (stop < 0)
            {
                stop = from;
                while (stop < end && !markup.IsDelimiter(line, stop))
                    stop++;
                var to = stop;
                while (markup.Dialect.IsPadded && to > from && line[to - 1] == ' ')
                    to--;
                cutter.Add(new(from, to - from, CellKind.Text));
            }

            if (stop >= end)
                return openings;
            field = stop + markup.Delimiter.Length;
        }
    }

    /// <summary>The quote that closes the field opened at <paramref name="open"/>, or -1.</summary>
    int Close(ReadOnlySpan<byte> line, int open, DoubledAtEnd doubled, out bool escaped)
    {
        escaped = false;
        for (var at = open + 1; at < line.Length; at++)
        {
            var next = line[(at + 1)..].IsEmpty ? -1 : line[at + 1];
            if (line[at] == markup.Escape && (next == markup.Quote || next == markup.Escape))
            {
                escaped = true;
                at++;
                continue;
            }

            if (line[at] != markup.Quote)
                continue;
            if (next == markup.Quote && markup.Escape < 0)
            {
                var ends = at + 2 >= line.Length || markup.IsDelimiter(line, at + 2);
                if (!ends || doubled == DoubledAtEnd.IsText)
                {
                    escaped = true;
                    at++;
                    continue;
                }

                return at + 1;
            }

            if (next < 0 || markup.IsDelimiter(line, at + 1) || (markup.Dialect.IsPadded && line[(at + 1)..].TrimStart((byte)' ') is var rest && (rest.IsEmpty || markup.IsDelimiter(rest, 0))))
                return at;
        }

        return -1;
    }
}
