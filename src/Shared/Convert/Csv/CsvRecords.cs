using System.Text;
using System.Text.Unicode;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Csv;

/// <summary>
/// Cuts delimited text into records. A piece is first indexed (where are delimiters, quotes and line ends), then cut along the index, so that
/// a byte of a field is looked at once and nothing is allocated for a row. What becomes a record does not depend on how the text is handed over.
/// </summary>
internal sealed class CsvRecords(CsvDialect dialect, ConversionLimits limits) : IBlockReader
{
    const int PieceBytes = 128 << 10;
    readonly CsvCutter _cutter = new(dialect, limits.MaxColumns);
    readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    readonly List<string> _notes = [];
    int[] _marks = [];
    long _offset;
    long _line;
    long _row;
    int _width;
    int _skipLines;
    bool _headerDone;

    /// <summary>A record that does not end within so many bytes is given up.</summary>
    public int MostBytes { get; } = Math.Min(limits.MaxRecordBytes, Array.MaxLength / 2) + 2;

    public bool IsInsideRejected { get; private set; }

    public IReadOnlyDictionary<string, long> Counts => _counts;

    public IReadOnlyList<string> Notes => _notes;

    public void Begin(BlockStart start)
    {
        _counts.Clear();
        _notes.Clear();
        (_offset, _line, _row, _width, IsInsideRejected) = (0, 1, 0, -1, start == BlockStart.InsideRejected);
        (_skipLines, _headerDone) = start == BlockStart.Content ? (dialect.SkipLines, !dialect.HasHeader) : (0, true);
    }

    public void Skip(ReadOnlySpan<byte> bytes, int rows)
    {
        _offset += bytes.Length;
        _line += bytes.Count(_cutter.LineEnd);
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
        if (!IsInsideRejected || SkipRest(data, ref used))
            ReadRecords(data, ref used, final, consumer);
        _offset += used;
        return used;
    }

    void ReadRecords(ReadOnlySpan<byte> data, ref int used, bool final, IRowConsumer consumer)
    {
        if (_width < 0 && _headerDone && consumer.Names.Count > 0)
            _width = consumer.Names.Count;
        if (_marks.Length < data.Length)
            _marks = new int[data.Length];
        var marks = _marks.AsSpan(0, _cutter.Index(data[used..], used, _marks));
        for (var mark = 0; used < data.Length && !IsInsideRejected;)
        {
            var next = mark;
            var outcome = _cutter.Cut(data, marks, ref next, used, final, out var end, out var problem);
            if (outcome == CsvOutcome.Incomplete && !final && data.Length - used < MostBytes)
                return;
            if (outcome == CsvOutcome.Incomplete || end - used > MostBytes)
                (outcome, end, next) = GiveUp(data, marks, mark, used, final);
            Deliver(consumer, data, used, end, outcome, problem);
            mark = next;
            used = end;
        }
    }

    /// <summary>A record that does not end: only its first line is given up, and reading goes on after it.</summary>
    (CsvOutcome Outcome, int End, int Mark) GiveUp(ReadOnlySpan<byte> data, ReadOnlySpan<int> marks, int mark, int start, bool final)
    {
        var most = Math.Min(data.Length - start, MostBytes);
        var lineEnd = data.Slice(start, most).IndexOf(_cutter.LineEnd);
        var end = start + (lineEnd < 0 ? most : lineEnd + 1);
        while (mark < marks.Length && marks[mark] < end)
            mark++;
        IsInsideRejected = lineEnd < 0 && !(final && end == data.Length);
        return (IsInsideRejected || data.Length - start > limits.MaxRecordBytes ? CsvOutcome.TooLong : CsvOutcome.BadQuote, end, mark);
    }

    bool SkipRest(ReadOnlySpan<byte> data, ref int used)
    {
        var lineEnd = data.IndexOf(_cutter.LineEnd);
        used = lineEnd < 0 ? data.Length : lineEnd + 1;
        if (lineEnd >= 0)
            _line++;
        IsInsideRejected = lineEnd < 0;
        return lineEnd >= 0;
    }

    void Deliver(IRowConsumer consumer, ReadOnlySpan<byte> data, int start, int end, CsvOutcome outcome, int problem)
    {
        var raw = data[start..end];
        var line = _line;
        _line += raw.Count(_cutter.LineEnd);
        if (_skipLines > 0)
        {
            _skipLines--;
            return;
        }

        var trimmed = raw.TrimEnd("\r\n"u8);
        if (trimmed.IsEmpty && _width != 1)
        {
            _counts["blank lines were skipped"] = _counts.GetValueOrDefault("blank lines were skipped") + 1;
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
        if (outcome == CsvOutcome.TooLong || raw.Length > limits.MaxRecordBytes)
            consumer.Reject(place, null, "record-size", $"a record of at most {limits.MaxRecordBytes} bytes", trimmed);
        else if (outcome == CsvOutcome.BadQuote)
            consumer.Reject(place, ColumnAt(consumer.Names), "quote", problem < 0
                ? $"a closing {dialect.Quote}"
                : $"a delimiter or the line's end after the closing {dialect.Quote} at byte {problem - start + 1} of the record", trimmed);
        else if (!Utf8.IsValid(raw))
            consumer.Reject(place, null, "utf-8", "valid UTF-8", trimmed);
        else if (_cutter.Count != _width)
            consumer.Reject(place, null, "ragged", $"{_width} fields, not {_cutter.Count}", trimmed);
        else if (raw.Length > limits.MaxFieldBytes && TooLongField() is >= 0 and var column)
            consumer.Reject(place, consumer.Names[column], "field-size", $"a field of at most {limits.MaxFieldBytes} bytes", trimmed);
        else
            consumer.Row(data, _cutter.Cells, place, trimmed);
    }

    int TooLongField() => _cutter.FindLonger(limits.MaxFieldBytes);

    string? ColumnAt(ColumnNames names) => _cutter.Count < names.Count ? names[_cutter.Count] : null;

    void ReadHeader(IRowConsumer consumer, ReadOnlySpan<byte> data, CsvOutcome outcome, long line, ReadOnlySpan<byte> raw)
    {
        if (outcome != CsvOutcome.Row || !Utf8.IsValid(raw))
            throw new ConversionException($"The header is not readable: {Encoding.UTF8.GetString(raw[..Math.Min(200, raw.Length)])}", line, 1);
        _headerDone = true;
        _width = _cutter.Count;
        for (var i = 0; i < _width; i++)
        {
            var name = CellText.Read(data, _cutter.Cells[i], _cutter.Quote).Trim();
            var unique = consumer.Names.AddUnique(name);
            if (unique != name)
                _notes.Add($"field {i + 1} of the header is {(name.Length == 0 ? "empty" : $"'{name}' again")}; its column is '{unique}'");
        }
    }

    void NameColumns(ColumnNames names)
    {
        _width = _cutter.Count;
        for (var i = names.Count; i < _width; i++)
            names.AddUnique("");
    }
}
