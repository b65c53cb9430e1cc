using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Csv;

/// <summary>How the cutting of a record went.</summary>
internal enum CsvOutcome
{
    Row,
    Incomplete,
    BadQuote,
    TooLong,
}

/// <summary>Cuts records of a plain dialect into cells.</summary>
internal sealed class CsvCutter(CsvDialect dialect, int maxColumns)
{
    readonly byte _delimiter = (byte)dialect.Delimiter[0];
    readonly bool _hasQuote = dialect.Quote is not null;
    Cell[] _cells = new Cell[64];

    /// <summary>The quote; the line's end where the dialect has none.</summary>
    public byte Quote { get; } = dialect.Quote is { } q ? (byte)q : LineEndOf(dialect);

    public byte LineEnd { get; } = LineEndOf(dialect);

    /// <summary>Cells of the record cut last.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<Cell> Cells => _cells.AsSpan(0, Count);

    static byte LineEndOf(CsvDialect dialect) => dialect.LineEnd == Conversion.LineEnd.CarriageReturn ? (byte)'\r' : (byte)'\n';

    /// <summary>Finds the bytes that matter, see <see cref="CsvIndexer"/>.</summary>
    public int Index(ReadOnlySpan<byte> data, int offset, Span<int> marks) => CsvIndexer.Index(data, offset, _delimiter, Quote, LineEnd, marks);

    /// <summary>The first cell longer than so many bytes, or -1.</summary>
    public int FindLonger(int bytes) => Array.FindIndex(_cells, 0, Count, c => c.Length > bytes);

    /// <summary>Finds the cells of the record at <paramref name="start"/>.</summary>
    /// <param name="mark">The next mark; afterwards the first of the next record.</param>
    /// <param name="end">Where the next record begins.</param>
    /// <param name="problem">Where a misplaced quote is.</param>
    public CsvOutcome Cut(ReadOnlySpan<byte> data, ReadOnlySpan<int> marks, ref int mark, int start, bool final, out int end, out int problem)
    {
        Count = 0;
        problem = -1;
        var field = start;
        var quotedFrom = -1;
        var escaped = false;
        while (mark < marks.Length)
        {
            var at = marks[mark++];
            var found = data[at];
            if (found == Quote && _hasQuote)
            {
                if (at != field || quotedFrom >= 0)
                    continue;
                escaped = false;
                var close = CloseQuote(data, marks, ref mark, ref escaped);
                if (close < 0)
                {
                    end = data.Length;
                    return CsvOutcome.Incomplete;
                }

                quotedFrom = close;
                continue;
            }

            var stop = at;
            if (found == LineEnd && stop > field && data[stop - 1] == '\r')
                stop--;
            if (quotedFrom >= 0)
            {
                if (quotedFrom + 1 == stop)
                    AddCell(new(field + 1, quotedFrom - field - 1, escaped ? CellKind.QuotedEscaped : CellKind.Quoted));
                else
                    problem = quotedFrom + 1;
                quotedFrom = -1;
            }
            else
            {
                AddCell(new(field, stop - field, CellKind.Text));
            }

            field = at + 1;
            if (found == _delimiter)
                continue;
            end = at + 1;
            return problem >= 0 ? CsvOutcome.BadQuote : CsvOutcome.Row;
        }

        end = data.Length;
        if (!final)
            return CsvOutcome.Incomplete;
        var last = data.Length > field && data[^1] == '\r' ? data.Length - 1 : data.Length;
        if (quotedFrom < 0)
            AddCell(new(field, last - field, CellKind.Text));
        else if (quotedFrom + 1 == last)
            AddCell(new(field + 1, quotedFrom - field - 1, escaped ? CellKind.QuotedEscaped : CellKind.Quoted));
        else
            problem = quotedFrom + 1;
        return problem >= 0 ? CsvOutcome.BadQuote : CsvOutcome.Row;
    }

    /// <summary>The place of the quote that closes the field, or -1.</summary>
    int CloseQuote(ReadOnlySpan<byte> data, ReadOnlySpan<int> marks, ref int mark, ref bool escaped)
    {
        while (mark < marks.Length)
        {
            var at = marks[mark++];
            if (data[at] != Quote)
                continue;
            if (at + 1 < data.Length && data[at + 1] == Quote)
            {
                escaped = true;
                mark++;
                continue;
            }

            return at;
        }

        return -1;
    }

    void AddCell(Cell cell)
    {
        if (Count == _cells.Length)
        {
            if (Count > maxColumns)
                return;
            Array.Resize(ref _cells, Count * 2);
        }

        _cells[Count++] = cell;
    }
}
