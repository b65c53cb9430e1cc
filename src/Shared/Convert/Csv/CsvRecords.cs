using System.Text;
using System.Text.Unicode;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Csv;

/// <summary>
/// Cuts delimited text into records. A piece is first indexed (where are delimiters, quotes and line ends), then cut along the index, so that
/// a byte of a field is looked at once and nothing is allocated for a row. What becomes a record does not depend on how the text is handed over.
/// </summary>
internal sealed class CsvRecords : IBlockReader
{
    const int PieceBytes = 128 << 10;
    readonly CsvDialect _dialect;
    readonly ConversionLimits _limits;
    readonly bool _keepsAll;
    readonly CsvMarkup _markup;
    readonly RecordCutter _cutter;
    readonly QuoteRepair _repair;
    readonly CellWriter _writer;
    readonly RecordJudge _judge;
    readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    readonly List<string> _notes = [];
    HeaderNames _header;
    int[] _marks = [];
    long _offset;
    long _line = 1;
    long _row;
    int _width = -1;
    int _skipLines;
    bool _headerDone;

    /// <param name="keepsAll">
    /// Whether cells are kept as written at all costs: misplaced quotes are read as text, short records stay short and long ones get further columns.
    /// Otherwise such records are rejected. Columns may then be added at any record, so the text must be read in one go.
    /// </param>
    public CsvRecords(CsvDialect dialect, ConversionLimits limits, bool keepsAll = false)
    {
        (_dialect, _limits, _keepsAll) = (dialect, limits, keepsAll);
        _markup = new(dialect);
        _cutter = new(_markup, limits.MaxColumns);
        _repair = new(_markup);
        _writer = new(_markup);
        _judge = new(dialect, limits, keepsAll, _cutter, _writer);
        _header = new(dialect.HeaderRows);
        MostBytes = Math.Min(limits.MaxRecordBytes, Array.MaxLength / 2) + 2;
        Begin(BlockStart.Content);
    }

    /// <summary>A record that does not end within so many bytes is given up.</summary>
    public int MostBytes { get; }

    public bool IsInsideRejected { get; private set; }

    public IReadOnlyDictionary<string, long> Counts => _counts;

    public IReadOnlyList<string> Notes => _notes;

    public void Begin(BlockStart start)
    {
        _counts.Clear();
        _notes.Clear();
        _header = new(_dialect.HeaderRows);
        (_offset, _line, _row, _width, IsInsideRejected) = (0, 1, 0, -1, start == BlockStart.InsideRejected);
        (_skipLines, _headerDone) = start == BlockStart.Content ? (_dialect.SkipLines, !_dialect.HasHeader) : (0, true);
    }

    public void Skip(ReadOnlySpan<byte> bytes, int rows)
    {
        _offset += bytes.Length;
        _line += _markup.CountLines(bytes);
        _row += rows;
    }

    public int Read(ReadOnlySpan<byte> content, bool isLast, IRowConsumer consumer)
    {
        var (used, size) = (0, PieceBytes);
        while (used < content.Length)
        {
            var take = Math.Min(size, content.Length - used);
            var isRest = used + take == content.Length;
            var cut = ReadPiece(content.Slice(used, take), isLast && isRest, consumer);
            if (cut == 0 && isRest)
                break;
            size = cut == 0 ? size * 2 : PieceBytes;
            used += cut;
        }

        return used;
    }

    int ReadPiece(ReadOnlySpan<byte> data, bool final, IRowConsumer consumer)
    {
        var used = 0;
        if (!IsInsideRejected || SkipRest(data, final, ref used))
            ReadRecords(data, ref used, final, consumer);
        _offset += used;
        return used;
    }

    void ReadRecords(ReadOnlySpan<byte> data, ref int used, bool final, IRowConsumer consumer)
    {
        if (_width < 0 && _headerDone && consumer.Names.Count > 0)
            _width = consumer.Names.Count;
        var marks = Index(data, used);
        for (var mark = 0; used < data.Length && !IsInsideRejected;)
        {
            if (IsNoRecord(data, used))
            {
                if (!TakeLine(data, marks, ref mark, ref used, final))
                    return;
                continue;
            }

            var next = mark;
            var outcome = _cutter.Cut(data, marks, ref next, used, final, out var end, out var problem);
            if (outcome == CutOutcome.Incomplete && !final && data.Length - used < MostBytes)
                return;
            if (outcome == CutOutcome.Incomplete || end - used > MostBytes)
                (outcome, end, next) = GiveUp(data, marks, mark, used, final);
            if (_keepsAll && NeedsRepair(outcome))
            {
                end = Repair(data, used, end, ref outcome);
                for (next = mark; next < marks.Length && marks[next] < end; next++)
                    continue;
            }

            Deliver(consumer, data, used, end, outcome, problem);
            mark = next;
            used = end;
        }
    }

    ReadOnlySpan<int> Index(ReadOnlySpan<byte> data, int used)
    {
        if (_marks.Length < data.Length)
            _marks = new int[data.Length];
        return _marks.AsSpan(0, _markup.Index(data[used..], used, _marks));
    }

    bool IsNoRecord(ReadOnlySpan<byte> data, int used) => _skipLines > 0 || (_markup.Comment.Length > 0 && data[used..].StartsWith(_markup.Comment));

    /// <summary>Takes a line that is no record: one to skip, or a remark.</summary>
    /// <returns>False if it does not end in what is there.</returns>
    bool TakeLine(ReadOnlySpan<byte> data, ReadOnlySpan<int> marks, ref int mark, ref int used, bool final)
    {
        var (end, isWhole) = LineEndAfter(data, used, final);
        if (!isWhole && !final && data.Length - used < MostBytes)
            return false;
        IsInsideRejected = !isWhole && !(final && end == data.Length);
        if (_skipLines > 0)
            _skipLines--;
        else
            Count($"lines that start with {_dialect.Comment} were skipped");
        _line += isWhole ? 1 : 0;
        used = end;
        while (mark < marks.Length && marks[mark] < used)
            mark++;
        return true;
    }

    /// <summary>The end of the line at <paramref name="start"/>, or as much of it as one record may have.</summary>
    (int End, bool IsWhole) LineEndAfter(ReadOnlySpan<byte> data, int start, bool final)
    {
        var most = Math.Min(data.Length - start, MostBytes);
        var lineEnd = _markup.NextLine(data[..(start + most)], start, final || most < data.Length - start);
        return lineEnd < 0 ? (start + most, false) : (lineEnd, true);
    }

    /// <summary>A record that does not end: only its first line is given up, and reading goes on after it.</summary>
    (CutOutcome Outcome, int End, int Mark) GiveUp(ReadOnlySpan<byte> data, ReadOnlySpan<int> marks, int mark, int start, bool final)
    {
        var (end, isWhole) = LineEndAfter(data, start, final);
        while (mark < marks.Length && marks[mark] < end)
            mark++;
        IsInsideRejected = !isWhole && !(final && end == data.Length);
        return (IsInsideRejected || data.Length - start > _limits.MaxRecordBytes ? CutOutcome.TooLong : CutOutcome.BadQuote, end, mark);
    }

    /// <summary>Goes over what stands after the table: records of several fields are rejected, notes are counted.</summary>
    public void ReadFooter(ReadOnlySpan<byte> data, IRowConsumer consumer)
    {
        var marks = Index(data, 0);
        for (var (mark, used) = (0, 0); used < data.Length;)
        {
            var next = mark;
            var outcome = _cutter.Cut(data, marks, ref next, used, final: true, out var end, out _);
            if (outcome == CutOutcome.Incomplete)
                (_, end, next) = GiveUp(data, marks, mark, used, final: true);
            var raw = data[used..end];
            if (_cutter.Filled > 1)
                consumer.Reject(new(++_row, _offset + used, _line), null, "footer", "no record: it stands after the table", raw.TrimEnd("\r\n"u8));
            else if (raw.IndexOfAnyExcept("\r\n"u8) >= 0)
                Count("lines after the table were left out");
            _line += _markup.CountLines(raw);
            (mark, used) = (next, end);
        }

        _offset += data.Length;
    }

    void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;

    bool SkipRest(ReadOnlySpan<byte> data, bool final, ref int used)
    {
        var lineEnd = _markup.NextLine(data, 0, final);
        used = lineEnd < 0 ? data.Length : lineEnd;
        if (lineEnd >= 0)
            _line++;
        IsInsideRejected = lineEnd < 0;
        return lineEnd >= 0;
    }

    bool NeedsRepair(CutOutcome outcome) =>
        outcome == CutOutcome.BadQuote || (outcome == CutOutcome.Row && _cutter.HasQuotes && Expected > 0 && _cutter.Count != Expected);

    int Expected => _width >= 0 ? _width : _dialect.Columns ?? -1;

    /// <summary>Reads the record's first line again, with quotes taken less strictly.</summary>
    int Repair(ReadOnlySpan<byte> data, int start, int end, ref CutOutcome outcome)
    {
        var line = _markup.NextLine(data[..end], start, final: true);
        var lineEnd = line < 0 ? end : line;
        var stop = lineEnd;
        while (stop > start && data[stop - 1] is (byte)'\r' or (byte)'\n')
            stop--;
        var cells = outcome == CutOutcome.Row ? _cutter.Cells.ToArray() : null;
        if (_repair.Cut(data, start, stop, Expected, _cutter) || cells is null)
        {
            outcome = CutOutcome.Row;
            return lineEnd;
        }

        // No reading has the expected width, so the record is only ragged, and what the quotes say stands.
        _cutter.Clear();
        foreach (var cell in cells)
            _cutter.Add(cell);
        return end;
    }

    void Deliver(IRowConsumer consumer, ReadOnlySpan<byte> data, int start, int end, CutOutcome outcome, int problem)
    {
        var raw = data[start..end];
        var line = _line;
        _line += _markup.CountLines(raw);
        var trimmed = raw.TrimEnd("\r\n"u8);
        if (trimmed.IsEmpty && _width != 1)
        {
            Count("blank lines were skipped");
            return;
        }

        if (!_headerDone)
        {
            ReadHeader(consumer, data, outcome, line, trimmed);
            return;
        }

        var place = new RowPlace(++_row, _offset + start, line);
        if (_width < 0)
            NameColumns(consumer.Names);
        _judge.Judge(consumer, data, raw, place, outcome, problem < 0 ? -1 : problem - start, _width);
    }

    void ReadHeader(IRowConsumer consumer, ReadOnlySpan<byte> data, CutOutcome outcome, long line, ReadOnlySpan<byte> raw)
    {
        if (outcome != CutOutcome.Row || !Utf8.IsValid(raw))
            throw new ConversionException($"The header is not readable: {Encoding.UTF8.GetString(raw[..Math.Min(200, raw.Length)])}", line, 1);
        var cells = _writer.Write(data, _cutter.Cells, _cutter.EscapedText);
        var names = new string[cells.Length];
        for (var i = 0; i < names.Length; i++)
            names[i] = Encoding.UTF8.GetString(_writer.Bytes.Slice(cells[i].Start, cells[i].Length)).Trim();
        _header.Add(names);
        if (!_header.IsComplete)
            return;
        _headerDone = true;
        _width = _header.Width;
        _header.AddTo(consumer.Names, _width, _notes);
    }

    void NameColumns(ColumnNames names)
    {
        _width = _cutter.Count;
        for (var i = names.Count; i < _width; i++)
            names.AddUnique("");
    }
}
