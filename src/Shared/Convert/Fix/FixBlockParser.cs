using DataIngestion.Conversion.Json.Blocks;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Fix;

/// <summary>
/// Parses lines of whole messages into a batch, a column at a time. It stops before the first line that is unusual in any way: a damaged message, a field that has no column,
/// other text than before a message, a value that does not fit its column.
/// </summary>
internal sealed class FixBlockParser : IBlockParser
{
    const int MostCells = 128 << 10;
    readonly FixOptions _options;
    readonly int _maxRecordBytes;
    readonly FixMessageCutter _cut;
    readonly FixRow _row;
    readonly ColumnNames _names;
    readonly int _known;
    readonly int[] _slots;
    readonly (int Slot, JsonFill Fill)[] _columns;
    readonly JsonCell[][] _cells;
    readonly JsonCell[] _missing;
    readonly int[] _starts;
    readonly RowText _scratch = new();

    public FixBlockParser(FixOptions options, BlockPlan plan)
    {
        (_options, _maxRecordBytes, _known) = (options, plan.Request.Limits.MaxRecordBytes, plan.Names.Count);
        (_cut, _row) = (new(options.Dictionaries, options.Verify), new(options, plan.Request.Limits));
        _names = new(int.MaxValue);
        foreach (var name in plan.Names)
            _names.Add(name);
        _slots = new int[plan.Names.Count];
        Array.Fill(_slots, -1);
        var used = 0;
        _columns = new (int, JsonFill)[plan.Columns.Count];
        for (var i = 0; i < _columns.Length; i++)
        {
            var name = plan.Columns[i].Source is { } source ? _names.IndexOf(source) : -1;
            if (name >= 0 && _slots[name] < 0)
                _slots[name] = used++;
            _columns[i] = (name < 0 ? -1 : _slots[name], JsonFills.Of(plan, i, name >= 0));
        }

        var rows = Math.Clamp(MostCells / Math.Max(1, used), 16, 4096);
        (_cells, _missing, _starts) = ([.. Enumerable.Range(0, used).Select(_ => new JsonCell[rows])], new JsonCell[rows], new int[rows]);
    }

    public IReadOnlyDictionary<string, long>? TakeNullSpellings(int column) => _columns[column].Fill.TakeNullSpellings();

    public int Parse(ReadOnlySpan<byte> records, RecordBatchBuilder builder, out int rows)
    {
        rows = 0;
        var done = 0;
        while (done < records.Length)
        {
            var found = Collect(records, ref done, out var isUsual);
            var fit = Fill(records, builder, builder.Count + rows, found);
            rows += fit;
            if (fit < found)
                return _starts[fit];
            if (!isUsual)
                break;
        }

        return done;
    }

    /// <summary>Reads lines into cells; stops before one that is unusual.</summary>
    /// <param name="done">Bytes of whole lines.</param>
    int Collect(ReadOnlySpan<byte> records, ref int done, out bool isUsual)
    {
        foreach (var column in _cells)
            Array.Clear(column);
        _scratch.Clear();
        var row = 0;
        isUsual = true;
        while (row < _starts.Length && done < records.Length && isUsual)
        {
            var (at, first) = (done, row);
            isUsual = Line(records, ref at, ref row);
            if (isUsual)
            {
                done = at;
                continue;
            }

            // A line whose messages are more than there is room for begins the next rows.
            isUsual = row == _starts.Length && first > 0;
            row = first;
            break;
        }

        return row;
    }

    /// <summary>Reads the messages of a line.</summary>
    bool Line(ReadOnlySpan<byte> records, ref int at, ref int row)
    {
        while (true)
        {
            var begun = at;
            var rest = records[at..];
            var start = FixScan.Start(rest, 0);
            // Lines without a message are counted by the reader.
            if (start < 0 || row == _starts.Length || rest[..start].Contains((byte)'\n'))
                return false;
            var text = rest[start..];
            if (_cut.Cut(text, isLast: false) != FixCut.Whole || _cut.Length > _maxRecordBytes || !Message(text[.._cut.Length], rest[..start], at + start, begun, ref row))
                return false;
            at += start + _cut.Length;
            var end = records[at..].IndexOfAnyExcept((byte)'\r', (byte)' ');
            if (end < 0)
                return false;
            if (records[at + end] != '\n')
                continue;
            at += end + 1;
            return true;
        }
    }

    bool Message(ReadOnlySpan<byte> message, ReadOnlySpan<byte> before, int offset, int begun, ref int row)
    {
        if (_cut.Type(message) is not { } type)
            return false;
        if (!_options.IsWanted(type, _cut.Version))
            return true;
        var decoded = _row.Decoded;
        var fault = _row.Read(message, FixBlockReader.Bare(before, _cut.Separator), _cut, _cut.Version.Message(type), _names);
        if (fault is not null || _names.Count > _known || _row.Decoded > decoded)
        {
            _names.Truncate(_known);
            return false;
        }

        var cells = _row.Cells;
        for (var i = 0; i < cells.Length; i++)
        {
            if (cells[i].Kind != CellKind.Missing && _slots[i] >= 0)
                _cells[_slots[i]][row] = Place(cells[i], message.Length, offset);
        }

        _starts[row++] = begun;
        return true;
    }

    JsonCell Place(in Cell cell, int message, int offset)
    {
        // An empty value is none; text that is not empty means the same with quotes as without.
        var kind = cell.Kind != CellKind.Text ? cell.Kind : cell.Length == 0 && !_options.KeepsText ? CellKind.Null : CellKind.Quoted;
        if (cell.Start < message || cell.Length == 0)
            return new(cell.Start + offset, cell.Length, kind);
        var start = _scratch.Length;
        _scratch.Write(_row.Bytes.Slice(cell.Start, cell.Length));
        return new(~start, cell.Length, kind);
    }

    int Fill(ReadOnlySpan<byte> records, RecordBatchBuilder builder, int before, int found)
    {
        var rows = FillOnce(records, builder, found);
        while (rows < found)
        {
            // The columns before the one that stopped have read too much.
            for (var i = 0; i < _columns.Length; i++)
                builder[i].Truncate(before);
            found = rows;
            rows = FillOnce(records, builder, found);
        }

        for (var i = 0; i < _columns.Length; i++)
            _columns[i].Fill.Commit(builder[i], rows);
        return rows;
    }

    /// <summary>Reads every column; returns how many rows all of them can read.</summary>
    int FillOnce(ReadOnlySpan<byte> records, RecordBatchBuilder builder, int rows)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            var (slot, fill) = _columns[i];
            rows = fill.Fill(builder[i], new(records, _scratch.Written, slot < 0 ? _missing.AsSpan(0, rows) : _cells[slot].AsSpan(0, rows)));
        }

        return rows;
    }
}
