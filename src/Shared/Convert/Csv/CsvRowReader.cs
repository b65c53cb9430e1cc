using System.Text;
using System.Text.Unicode;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Csv;

/// <summary>
/// Reads delimited text. A buffer is first indexed (where are delimiters, quotes and line ends), then cut into records along the index,
/// so that a byte of a field is looked at once and nothing is allocated for a row.
/// </summary>
internal sealed class CsvRowReader(CsvDialect dialect, ConversionLimits limits, int bufferBytes = 1 << 20) : IRowReader
{
    readonly byte _delimiter = (byte)dialect.Delimiter[0];
    readonly byte _quote = dialect.Quote is { } q ? (byte)q : LineEndOf(dialect);
    readonly byte _lineEnd = LineEndOf(dialect);
    readonly bool _hasQuote = dialect.Quote is not null;
    byte[] _buffer = new byte[Math.Max(16, bufferBytes)];
    int[] _marks = new int[Math.Max(17, bufferBytes + 1)];
    Cell[] _cells = new Cell[64];
    int _cellCount;
    int _length;
    long _bufferOffset;
    long _line = 1;
    long _row;
    long _blankLines;
    int _width = -1;
    int _skipLines = dialect.SkipLines;
    bool _skippingRest;
    bool _headerDone = !dialect.HasHeader;
    readonly List<string> _notes = [];

    static byte LineEndOf(CsvDialect dialect) => dialect.LineEnd == LineEnd.CarriageReturn ? (byte)'\r' : (byte)'\n';

    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        for (var final = false; !final;)
        {
            var read = await content.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            final = read == 0;
            _length += read;
            var used = Consume(consumer, final);
            _buffer.AsSpan(used, _length - used).CopyTo(_buffer);
            _length -= used;
            _bufferOffset += used;
            if (_length == _buffer.Length)
                Grow();
            await consumer.PumpAsync(cancellationToken);
        }

        if (_blankLines > 0)
            _notes.Add($"{_blankLines} blank lines were skipped");
        return _notes;
    }

    void Grow()
    {
        var size = (int)Math.Min(Array.MaxLength / 2, Math.Min(_buffer.Length * 2L, limits.MaxRecordBytes + 2L));
        if (size <= _buffer.Length)
            return;
        Array.Resize(ref _buffer, size);
        _marks = new int[size + 1];
    }

    /// <summary>Hands over every complete record of the buffer.</summary>
    /// <returns>Bytes used.</returns>
    int Consume(IRowConsumer consumer, bool final)
    {
        var data = _buffer.AsSpan(0, _length);
        var used = 0;
        if (_skippingRest && !SkipRest(data, ref used))
            return used;
        var marks = _marks.AsSpan(0, CsvIndexer.Index(data[used..], used, _delimiter, _quote, _lineEnd, _marks));
        for (var mark = 0; used < data.Length;)
        {
            var next = mark;
            var outcome = Cut(data, marks, ref next, used, final, out var end, out var place);
            if (outcome == Outcome.Incomplete)
            {
                if (!final && (data.Length < _buffer.Length || _buffer.Length <= limits.MaxRecordBytes))
                    return used;
                if (used > 0 && !final)
                    return used;
                (outcome, end, next) = GiveUp(data, marks, mark, used, final);
            }

            Deliver(consumer, data, used, end, outcome, place);
            mark = next;
            used = end;
        }

        return used;
    }

    enum Outcome
    {
        Row,
        Incomplete,
        BadQuote,
        TooLong,
    }

    /// <summary>A record that does not end: only its first line is given up, and reading goes on after it.</summary>
    (Outcome Outcome, int End, int Mark) GiveUp(ReadOnlySpan<byte> data, ReadOnlySpan<int> marks, int mark, int start, bool final)
    {
        var lineEnd = data[start..].IndexOf(_lineEnd);
        var end = lineEnd < 0 ? data.Length : start + lineEnd + 1;
        while (mark < marks.Length && marks[mark] < end)
            mark++;
        if (lineEnd < 0 && !final)
        {
            _skippingRest = true;
            return (Outcome.TooLong, end, mark);
        }

        return (data.Length - start > limits.MaxRecordBytes ? Outcome.TooLong : Outcome.BadQuote, end, mark);
    }

    bool SkipRest(ReadOnlySpan<byte> data, ref int used)
    {
        var lineEnd = data.IndexOf(_lineEnd);
        used = lineEnd < 0 ? data.Length : lineEnd + 1;
        if (lineEnd >= 0)
            _line++;
        _skippingRest = lineEnd < 0;
        return lineEnd >= 0;
    }

    /// <summary>Finds the cells of the record at <paramref name="start"/>.</summary>
    /// <param name="mark">The next mark; afterwards the first of the next record.</param>
    /// <param name="end">Where the next record begins.</param>
    /// <param name="problem">Where a misplaced quote is.</param>
    Outcome Cut(ReadOnlySpan<byte> data, ReadOnlySpan<int> marks, ref int mark, int start, bool final, out int end, out int problem)
    {
        _cellCount = 0;
        problem = -1;
        var field = start;
        var quotedFrom = -1;
        var escaped = false;
        while (mark < marks.Length)
        {
            var at = marks[mark++];
            var found = data[at];
            if (found == _quote && _hasQuote)
            {
                if (at != field || quotedFrom >= 0)
                    continue;
                escaped = false;
                var close = CloseQuote(data, marks, ref mark, ref escaped);
                if (close < 0)
                {
                    end = data.Length;
                    return Outcome.Incomplete;
                }

                quotedFrom = close;
                continue;
            }

            var stop = at;
            if (found == _lineEnd && stop > field && data[stop - 1] == '\r')
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
            return problem >= 0 ? Outcome.BadQuote : Outcome.Row;
        }

        end = data.Length;
        if (!final)
            return Outcome.Incomplete;
        var last = data.Length > field && data[^1] == '\r' ? data.Length - 1 : data.Length;
        if (quotedFrom < 0)
            AddCell(new(field, last - field, CellKind.Text));
        else if (quotedFrom + 1 == last)
            AddCell(new(field + 1, quotedFrom - field - 1, escaped ? CellKind.QuotedEscaped : CellKind.Quoted));
        else
            problem = quotedFrom + 1;
        return problem >= 0 ? Outcome.BadQuote : Outcome.Row;
    }

    /// <summary>The place of the quote that closes the field, or -1.</summary>
    int CloseQuote(ReadOnlySpan<byte> data, ReadOnlySpan<int> marks, ref int mark, ref bool escaped)
    {
        while (mark < marks.Length)
        {
            var at = marks[mark++];
            if (data[at] != _quote)
                continue;
            if (at + 1 < data.Length && data[at + 1] == _quote)
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
        if (_cellCount == _cells.Length)
        {
            if (_cellCount > limits.MaxColumns)
                return;
            Array.Resize(ref _cells, _cellCount * 2);
        }

        _cells[_cellCount++] = cell;
    }

    void Deliver(IRowConsumer consumer, ReadOnlySpan<byte> data, int start, int end, Outcome outcome, int problem)
    {
        var raw = data[start..end];
        var line = _line;
        _line += raw.Count(_lineEnd);
        if (_skipLines > 0)
        {
            _skipLines--;
            return;
        }

        var trimmed = raw.TrimEnd("\r\n"u8);
        if (trimmed.IsEmpty && _width != 1)
        {
            _blankLines++;
            return;
        }

        if (!_headerDone)
        {
            ReadHeader(consumer, data, outcome, line, trimmed);
            return;
        }

        var place = new RowPlace(++_row, _bufferOffset + start, line);
        if (_width < 0)
            NameColumns(consumer.Names);
        if (outcome == Outcome.TooLong || raw.Length > limits.MaxRecordBytes)
            consumer.Reject(place, null, "record-size", $"a record of at most {limits.MaxRecordBytes} bytes", trimmed);
        else if (outcome == Outcome.BadQuote)
            consumer.Reject(place, ColumnAt(consumer.Names), "quote", problem < 0
                ? $"a closing {dialect.Quote}"
                : $"a delimiter or the line's end after the closing {dialect.Quote} at byte {problem - start + 1} of the record", trimmed);
        else if (!Utf8.IsValid(raw))
            consumer.Reject(place, null, "utf-8", "valid UTF-8", trimmed);
        else if (_cellCount != _width)
            consumer.Reject(place, null, "ragged", $"{_width} fields, not {_cellCount}", trimmed);
        else if (raw.Length > limits.MaxFieldBytes && TooLongField() is >= 0 and var column)
            consumer.Reject(place, consumer.Names[column], "field-size", $"a field of at most {limits.MaxFieldBytes} bytes", trimmed);
        else
            consumer.Row(data, _cells.AsSpan(0, _cellCount), place, trimmed);
    }

    int TooLongField() => Array.FindIndex(_cells, 0, _cellCount, c => c.Length > limits.MaxFieldBytes);

    string? ColumnAt(ColumnNames names) => _cellCount < names.Count ? names[_cellCount] : null;

    void ReadHeader(IRowConsumer consumer, ReadOnlySpan<byte> data, Outcome outcome, long line, ReadOnlySpan<byte> raw)
    {
        if (outcome != Outcome.Row || !Utf8.IsValid(raw))
            throw new ConversionException($"The header is not readable: {Encoding.UTF8.GetString(raw[..Math.Min(200, raw.Length)])}", line, 1);
        _headerDone = true;
        _width = _cellCount;
        for (var i = 0; i < _width; i++)
        {
            var name = CellText.Read(data, _cells[i], _quote).Trim();
            var unique = consumer.Names.AddUnique(name);
            if (unique != name)
                _notes.Add($"field {i + 1} of the header is {(name.Length == 0 ? "empty" : $"'{name}' again")}; its column is '{unique}'");
        }
    }

    void NameColumns(ColumnNames names)
    {
        _width = _cellCount;
        for (var i = names.Count; i < _width; i++)
            names.AddUnique("");
    }
}
