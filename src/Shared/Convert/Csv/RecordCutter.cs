using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Csv;

/// <summary>How cutting a record ended.</summary>
internal enum CutOutcome
{
    Row,

    /// <summary>The record does not end in what is there.</summary>
    Incomplete,

    /// <summary>Something stands between a closing quote and the next delimiter.</summary>
    BadQuote,
    TooLong,
}

/// <summary>Cuts one record after another along the index of a buffer; what is said of the last one is overwritten by the next.</summary>
internal sealed class RecordCutter(CsvMarkup markup, int maxColumns)
{
    Cell[] _cells = new Cell[64];
    readonly List<int> _escapedText = [];

    public int Count { get; private set; }

    public Span<Cell> Cells => _cells.AsSpan(0, Count);

    /// <summary>Whether a cell's text has to be made from its bytes because of escapes other than doubled quotes.</summary>
    public bool HasOwnEscapes { get; private set; }

    /// <summary>Cells without quotes that hold escapes.</summary>
    public IReadOnlyList<int> EscapedText => _escapedText;

    /// <summary>Whether a field of the record is quoted, or begins like one.</summary>
    public bool HasQuotes { get; private set; }

    /// <summary>Cells that hold something.</summary>
    public int Filled
    {
        get
        {
            var filled = 0;
            foreach (var cell in Cells)
                filled += cell.Length > 0 ? 1 : 0;
            return filled;
        }
    }

    /// <summary>Whether the cells were found by <see cref="QuoteRepair"/>.</summary>
    public bool IsRepaired { get; set; }

    /// <summary>The field with the misplaced quote.</summary>
    public int ProblemColumn { get; private set; }

    public void Clear()
    {
        Count = ProblemColumn = 0;
        HasOwnEscapes = HasQuotes = IsRepaired = false;
        _escapedText.Clear();
    }

    /// <summary>Adds a cell; beyond the limit cells are only counted as one too many.</summary>
    public void Add(in Cell cell)
    {
        if (Count == _cells.Length)
        {
            if (Count > maxColumns)
                return;
            Array.Resize(ref _cells, Count * 2);
        }

        _cells[Count++] = cell;
    }

    public void RemoveLast() => Count--;

    /// <summary>Finds the cells of the record at <paramref name="start"/>.</summary>
    /// <param name="mark">The next mark; afterwards the first of the next record.</param>
    /// <param name="end">Where the next record begins.</param>
    /// <param name="problem">Where a misplaced quote is, or -1.</param>
    public CutOutcome Cut(ReadOnlySpan<byte> data, ReadOnlySpan<int> marks, ref int mark, int start, bool final, out int end, out int problem)
    {
        Clear();
        problem = -1;
        var (field, free, close, escaped) = (start, start, -1, false);
        while (mark < marks.Length)
        {
            var at = marks[mark++];
            if (at < free)
                continue;
            var found = data[at];
            if (found == markup.Quote)
            {
                if (close >= 0 || at != TextStart(data, field))
                    continue;
                HasQuotes = true;
                close = CloseQuote(data, marks, ref mark, ref escaped);
                if (close < 0)
                {
                    end = data.Length;
                    return CutOutcome.Incomplete;
                }

                free = close + 1;
                continue;
            }

            if (found == markup.Escape)
            {
                if (at + 1 == data.Length && !final)
                    break;
                free = at + EscapeLength(data, at);
                escaped |= free > at + 1;
                continue;
            }

            if (markup.EndsLine(found))
            {
                if (found == '\r' && at + 1 == data.Length && markup.Dialect.LineEnd == LineEnd.Any && !final)
                    break;
                var stop = found == '\n' && at > field && data[at - 1] == '\r' ? at - 1 : at;
                EndField(data, field, stop, close, escaped, ref problem);
                end = at + markup.LineEndLength(data, at);
                while (mark < marks.Length && marks[mark] < end)
                    mark++;
                return problem >= 0 ? CutOutcome.BadQuote : CutOutcome.Row;
            }

            EndField(data, field, at, close, escaped, ref problem);
            (field, close, escaped) = (at + markup.Delimiter.Length, -1, false);
            free = field;
        }

        end = data.Length;
        if (!final)
            return CutOutcome.Incomplete;
        EndField(data, field, data.Length > field && data[^1] == '\r' ? data.Length - 1 : data.Length, close, escaped, ref problem);
        return problem >= 0 ? CutOutcome.BadQuote : CutOutcome.Row;
    }

    void EndField(ReadOnlySpan<byte> data, int field, int stop, int close, bool escaped, ref int problem)
    {
        var from = TextStart(data[..stop], field);
        if (close < 0)
        {
            if (escaped)
            {
                HasOwnEscapes = true;
                _escapedText.Add(Count);
            }

            while (markup.Dialect.IsPadded && stop > from && data[stop - 1] == ' ')
                stop--;
            Add(new(from, stop - from, CellKind.Text));
            return;
        }

        var after = close + 1;
        while (markup.Dialect.IsPadded && after < stop && data[after] == ' ')
            after++;
        if (after != stop && problem < 0)
            (problem, ProblemColumn) = (close + 1, Count);
        HasOwnEscapes |= escaped && markup.Escape >= 0;
        Add(new(from + 1, close - from - 1, escaped ? CellKind.QuotedEscaped : CellKind.Quoted));
    }

    /// <summary>The field's first byte that is no padding.</summary>
    int TextStart(ReadOnlySpan<byte> data, int field)
    {
        if (markup.Dialect.IsPadded)
        {
            while (field < data.Length && data[field] == ' ')
                field++;
        }

        return field;
    }

    /// <summary>2 where the escape makes the next byte text, 1 where it is text itself.</summary>
    int EscapeLength(ReadOnlySpan<byte> data, int at) =>
        at + 1 < data.Length && (data[at + 1] == markup.Escape || data[at + 1] == markup.Quote || markup.IsDelimiter(data, at + 1)) ? 2 : 1;

    /// <summary>The place of the quote that closes the field, or -1.</summary>
    int CloseQuote(ReadOnlySpan<byte> data, ReadOnlySpan<int> marks, ref int mark, ref bool escaped)
    {
        var free = 0;
        while (mark < marks.Length)
        {
            var at = marks[mark++];
            if (at < free)
                continue;
            if (data[at] == markup.Escape)
            {
                free = at + EscapeLength(data, at);
                escaped |= free > at + 1;
                continue;
            }

            if (data[at] != markup.Quote)
                continue;
            if (markup.Escape < 0 && at + 1 < data.Length && data[at + 1] == markup.Quote)
            {
                escaped = true;
                mark++;
                continue;
            }

            return at;
        }

        return -1;
    }
}
