using System.Runtime.InteropServices;
using System.Text.Unicode;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Json.Blocks;

/// <summary>
/// Parses lines of JSON objects into a batch, a column at a time. It stops before the first line that is unusual in any way: not JSON, a key
/// twice or unknown, a value that does not fit its column.
/// </summary>
internal sealed class NdjsonBlockParser : IBlockParser
{
    const int PieceBytes = 96 << 10;
    const int MostCells = 128 << 10;
    readonly NdjsonLineReader _reader;
    readonly (int Slot, JsonFill Fill)[] _columns;
    readonly JsonCell[] _missing;
    readonly int[] _starts;
    readonly int _maxRecordBytes;
    byte[] _padded = [];

    /// <param name="keepsObjects">Whether an object inside a record is one cell.</param>
    public NdjsonBlockParser(BlockPlan plan, bool keepsObjects)
    {
        var names = new ColumnNames(Math.Max(1, plan.Names.Count));
        foreach (var name in plan.Names)
            names.Add(name);
        var slots = new int[plan.Names.Count];
        Array.Fill(slots, -1);
        var used = 0;
        _columns = new (int, JsonFill)[plan.Columns.Count];
        for (var i = 0; i < _columns.Length; i++)
        {
            var name = plan.Columns[i].Source is { } source ? names.IndexOf(source) : -1;
            if (name >= 0 && slots[name] < 0)
                slots[name] = used++;
            _columns[i] = (name < 0 ? -1 : slots[name], JsonFills.Of(plan, i, name >= 0));
        }

        var rows = Math.Clamp(MostCells / Math.Max(1, used), 16, 4096);
        _reader = new(names, slots, plan.Request.Limits, keepsObjects, rows);
        _maxRecordBytes = plan.Request.Limits.MaxRecordBytes;
        _starts = new int[rows];
        _missing = new JsonCell[rows];
    }

    public int Parse(ReadOnlySpan<byte> records, RecordBatchBuilder builder, out int rows)
    {
        rows = 0;
        var done = 0;
        var lines = records[..(records.LastIndexOf((byte)'\n') + 1)];
        // Looking ahead must not leave the memory: what stands near its end is copied.
        var direct = records.Length > JsonBytes.Slack ? records[..^JsonBytes.Slack].LastIndexOf((byte)'\n') + 1 : 0;
        while (done < lines.Length)
        {
            var isDirect = done < direct;
            var piece = Piece(isDirect ? lines[done..direct] : lines[done..]);
            var used = Piece(isDirect ? piece : Pad(piece), builder, ref rows);
            done += used;
            if (used < piece.Length)
                break;
        }

        return done;
    }

    public IReadOnlyDictionary<string, long>? TakeNullSpellings(int column) => _columns[column].Fill.TakeNullSpellings();

    static ReadOnlySpan<byte> Piece(ReadOnlySpan<byte> lines)
    {
        if (lines.Length <= PieceBytes)
            return lines;
        var end = lines[..PieceBytes].LastIndexOf((byte)'\n');
        return lines[..((end < 0 ? lines.IndexOf((byte)'\n') : end) + 1)];
    }

    ReadOnlySpan<byte> Pad(ReadOnlySpan<byte> lines)
    {
        if (_padded.Length < lines.Length + JsonBytes.Slack)
            _padded = new byte[Math.Max(lines.Length, PieceBytes) + JsonBytes.Slack];
        lines.CopyTo(_padded);
        return _padded.AsSpan(0, lines.Length);
    }

    int Piece(ReadOnlySpan<byte> piece, RecordBatchBuilder builder, ref int rows)
    {
        var isText = Utf8.IsValid(piece);
        var at = 0;
        while (at < piece.Length)
        {
            var found = Read(piece, ref at, isText, out var isUsual);
            var fit = Fill(piece, builder, builder.Count + rows, found);
            rows += fit;
            if (fit < found || !isUsual)
                return LineStart(piece, fit < found ? _starts[fit] : at);
        }

        return at;
    }

    /// <summary>Reads lines into cells; stops before one that is unusual.</summary>
    int Read(ReadOnlySpan<byte> piece, ref int at, bool isText, out bool isUsual)
    {
        _reader.Clear();
        ref var text = ref MemoryMarshal.GetReference(piece);
        isUsual = true;
        var row = 0;
        for (var before = at; row < _starts.Length && (at = SkipBlankLines(piece, at)) < piece.Length; before = at)
        {
            var next = at;
            isUsual = _reader.TryRead(ref text, ref next, row) && next - before <= _maxRecordBytes && (isText || Utf8.IsValid(piece[at..next]));
            if (!isUsual)
                break;
            _starts[row++] = at;
            at = next;
        }

        return row;
    }

    static int LineStart(ReadOnlySpan<byte> piece, int at) => piece[..at].LastIndexOf((byte)'\n') + 1;

    static int SkipBlankLines(ReadOnlySpan<byte> piece, int at)
    {
        while (at < piece.Length && piece[at] is (byte)'\n' or (byte)' ' or (byte)'\t' or (byte)'\r')
            at++;
        return at;
    }

    int Fill(ReadOnlySpan<byte> piece, RecordBatchBuilder builder, int before, int found)
    {
        var rows = FillOnce(piece, builder, found);
        while (rows < found)
        {
            // The columns before the one that stopped have read too much.
            for (var i = 0; i < _columns.Length; i++)
                builder[i].Truncate(before);
            found = rows;
            rows = FillOnce(piece, builder, found);
        }

        for (var i = 0; i < _columns.Length; i++)
            _columns[i].Fill.Commit(builder[i], rows);
        return rows;
    }

    /// <summary>Reads every column; returns how many rows all of them can read.</summary>
    int FillOnce(ReadOnlySpan<byte> piece, RecordBatchBuilder builder, int rows)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            var (slot, fill) = _columns[i];
            rows = fill.Fill(builder[i], new(piece, _reader.Scratch, slot < 0 ? _missing.AsSpan(0, rows) : _reader.Cells(slot, rows)));
        }

        return rows;
    }
}
