using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Json.Blocks;

/// <summary>Reads lines of JSON objects into cells, a column's cells beside each other. Not thread-safe.</summary>
internal sealed class NdjsonLineReader
{
    readonly KeyGraph _graph;
    readonly JsonSkipper _skipper;
    readonly int _maxFieldBytes;
    readonly int[] _slotNames;
    readonly long[] _seen;
    readonly JsonCell[] _cells;
    readonly ArrayBufferWriter<byte> _scratch = new(1024);
    readonly JsonTextWriter _nested;
    readonly CellKind _nestedKind;
    long _line;

    /// <param name="names">The columns of the input.</param>
    /// <param name="slots">By column: where its cells are collected, or -1.</param>
    /// <param name="keepsObjects">Whether an object inside a record is one cell rather than one for each of its values.</param>
    /// <param name="rows">The most rows that are collected at a time.</param>
    public NdjsonLineReader(ColumnNames names, IReadOnlyList<int> slots, ConversionLimits limits, bool keepsObjects, int rows)
    {
        _graph = new(names, slots, limits.MaxDepth, keepsObjects);
        _skipper = new(limits.MaxDepth);
        _maxFieldBytes = Math.Min(limits.MaxFieldBytes, JsonCell.MostBytes);
        _slotNames = new int[slots.Count(s => s >= 0)];
        for (var name = 0; name < slots.Count; name++)
        {
            if (slots[name] >= 0)
                _slotNames[slots[name]] = name;
        }

        _seen = new long[slots.Count];
        _nested = new(_scratch);
        _nestedKind = keepsObjects ? CellKind.Nested : CellKind.Json;
        Rows = rows;
        _cells = new JsonCell[_slotNames.Length * rows];
    }

    public int Rows { get; }

    /// <summary>The cells of the first <paramref name="rows"/> rows.</summary>
    public ReadOnlySpan<JsonCell> Cells(int slot, int rows) => _cells.AsSpan(slot * Rows, rows);

    /// <summary>Text that had to be decoded.</summary>
    public ReadOnlySpan<byte> Scratch => _scratch.WrittenSpan;

    /// <summary>Forgets the rows.</summary>
    public void Clear() => _scratch.ResetWrittenCount();

    /// <summary>Reads one line.</summary>
    /// <param name="text">As <see cref="JsonBytes"/> wants it.</param>
    /// <param name="at">Where the line begins; where the next one begins if it was read.</param>
    /// <param name="row">The row of the cells.</param>
    /// <returns>False if the line is not for this reader: it is not JSON, has a key twice, a key that is not known, or is no object.</returns>
    public bool TryRead(ref byte text, ref int at, int row)
    {
        var (node, place, filled) = (_graph.Start, at, 0);
        var line = ++_line;
        while (true)
        {
            var edge = node.Find(ref text, place) ?? _graph.Learn(ref text, place, node);
            if (edge is null)
                return false;
            place += edge.Length;
            node = edge.Next;
            if (node == _graph.End)
                break;
            var end = Value(ref text, place, node.Scope!.Depth, out var cell);
            if (end < 0 || _seen[node.Name] == line)
                return false;
            _seen[node.Name] = line;
            place = end;
            if (node.Slot < 0)
                continue;
            _cells[node.Slot * Rows + row] = cell;
            filled++;
        }

        if (filled != _slotNames.Length)
            FillMissing(row, line);
        at = place;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int Value(ref byte text, int at, int depth, out JsonCell cell)
    {
        var first = Unsafe.Add(ref text, at);
        if (first == '"')
        {
            var close = JsonBytes.StringEnd(ref text, at + 1);
            if (Unsafe.Add(ref text, close) != '"' || close - at > _maxFieldBytes)
                return LongString(ref text, at + 1, close, out cell);
            cell = new(at + 1, close - at - 1, CellKind.Quoted);
            return close + 1;
        }

        if (first == '-' || (uint)(first - '0') <= 9)
        {
            var numberEnd = JsonBytes.NumberEnd(ref text, at);
            cell = new(at, numberEnd - at, CellKind.Number);
            return numberEnd - at <= _maxFieldBytes ? numberEnd : -1;
        }

        return first is (byte)'[' or (byte)'{' ? Nested(ref text, at, depth, out cell) : Word(ref text, at, out cell);
    }

    static int Word(ref byte text, int at, out JsonCell cell)
    {
        var end = JsonBytes.WordEnd(ref text, at);
        cell = new(at, end - at, Unsafe.Add(ref text, at) == 'n' ? CellKind.Null : CellKind.Boolean);
        return end;
    }

    /// <summary>A string with escapes, or one that is none.</summary>
    int LongString(ref byte text, int start, int at, out JsonCell cell)
    {
        cell = default;
        while (Unsafe.Add(ref text, at) == '\\')
        {
            var length = JsonBytes.EscapeLength(ref text, at);
            if (length == 0)
                return -1;
            at = JsonBytes.StringEnd(ref text, at + length);
        }

        if (Unsafe.Add(ref text, at) != '"' || at - start > _maxFieldBytes)
            return -1;
        var decoded = _scratch.WrittenCount;
        if (!JsonEscapes.TryDecode(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref text, start), at - start), _scratch))
            return -1;
        cell = new(~decoded, _scratch.WrittenCount - decoded, CellKind.Quoted);
        return at + 1;
    }

    int Nested(ref byte text, int at, int depth, out JsonCell cell)
    {
        cell = default;
        var end = _skipper.End(ref text, at, depth);
        if (end < 0 || end - at > _maxFieldBytes)
            return -1;
        if (_skipper.IsPlain)
        {
            cell = new(at, end - at, _nestedKind);
            return end;
        }

        var copied = _scratch.WrittenCount;
        _nested.Copy(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref text, at), end - at));
        cell = new(~copied, _scratch.WrittenCount - copied, _nestedKind);
        return end;
    }

    void FillMissing(int row, long line)
    {
        for (var slot = 0; slot < _slotNames.Length; slot++)
        {
            if (_seen[_slotNames[slot]] != line)
                _cells[slot * Rows + row] = default;
        }
    }
}
