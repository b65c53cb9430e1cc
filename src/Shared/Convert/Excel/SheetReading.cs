using System.Text;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Excel;

/// <summary>Makes records of a sheet's rows: names the columns, leaves out what stands around the table, and tells what it left out.</summary>
internal sealed class SheetReading(FormatContext context, IRowConsumer consumer)
{
    /// <summary>Rows at the end that may be notes: one text each, after a blank row.</summary>
    const int MostNotes = 20;
    readonly Queue<SheetRow> _held = new();
    readonly int _footer = context.Request.Hint.FooterLines ?? 0;
    readonly List<string> _notes = [];
    readonly SortedDictionary<int, SortedDictionary<string, long>> _errors = [];
    int[] _names = [];
    Cell[] _cells = [];
    SheetLayout _layout = new(0, 0, 0, []);
    int _firstColumn;
    long _records;
    long _blank;
    long _blankTexts;
    int _last;
    bool _holds;

    public IEnumerable<string> Notes => [
        .. _notes,
        .. _blank == 0 ? [] : new[] { $"{_blank} blank rows between others were left out" },
        .. _blankTexts == 0 ? [] : new[] { $"{_blankTexts} cells with nothing but spaces became nulls" },
        .. _errors.Select(e => $"column '{consumer.Names[e.Key]}' has errors, which became nulls: {string.Join(", ", e.Value.Select(v => $"{v.Value} {v.Key}"))}"),
    ];

    public void Begin(IReadOnlyList<SheetRow> sample, SheetLayout layout)
    {
        _layout = layout;
        if (sample.Count == 0)
        {
            _notes.Add("the sheet is empty");
            return;
        }

        if (layout.FirstRow > 0)
            _notes.Add($"{Rows(layout.FirstRow)} above the table left out: {Describe(sample[0])}");
        if (layout.HeaderRows > 1)
            _notes.Add($"{layout.HeaderRows} rows name the columns");
        if (layout.EndRow < sample.Count)
            _notes.Add($"{Rows(sample.Count - layout.EndRow)} after the table, from row {sample[layout.EndRow].Number} on, left out: {Describe(sample[layout.EndRow])}");
        _firstColumn = layout.Columns.Count > 0 ? layout.Columns[0].Column : 0;
        foreach (var (column, name) in layout.Columns)
            AddName(column, name, isHeader: layout.HeaderRows > 0);
        _last = sample[Math.Max(0, layout.FirstRow + layout.HeaderRows - 1)].Number;
        if (layout is { HeaderRows: 0, FirstRow: 0 })
            _last = sample[0].Number - 1;
    }

    static string Rows(int count) => count == 1 ? "1 row" : $"{count} rows";

    static string Describe(SheetRow row) => row.Cells.Count == 0 ? "''" : $"'{CellText.Cut(row.TextOf(row.Cells[0]), 80)}'";

    /// <summary>A row of the sample, by its index.</summary>
    public void TakeSampled(SheetRow row, int index)
    {
        if (index >= _layout.FirstRow + _layout.HeaderRows && index < _layout.EndRow)
            Take(row);
    }

    /// <summary>The next row of the table, or of what stands after it.</summary>
    public void Take(SheetRow row)
    {
        if (_footer > 0)
        {
            _held.Enqueue(row.Copy());
            if (_held.Count > _footer)
                Emit(_held.Dequeue());
            return;
        }

        var previous = _held.Count > 0 ? _held.Last().Number : _last;
        _holds = (_holds || row.Number > previous + 1) && MayBeNote(row);
        if (!_holds)
        {
            Flush();
            Emit(row);
            return;
        }

        _held.Enqueue(row.Copy());
        if (_held.Count <= MostNotes)
            return;
        Flush();
        _holds = false;
    }

    bool MayBeNote(SheetRow row) =>
        context.Request.Hint.FooterLines is null && _layout.Columns.Count > 2 && row.Cells.Count == 1 && row.Cells[0].Kind == CellKind.Text && row.Cells[0].Column <= _firstColumn;

    void Flush()
    {
        while (_held.TryDequeue(out var held))
            Emit(held);
    }

    /// <summary>The sheet has no more rows.</summary>
    public void End()
    {
        if (_held.Count > 0)
            _notes.Add($"{Rows(_held.Count)} after the table, from row {_held.Peek().Number} on, left out: {Describe(_held.Peek())}");
    }

    void Emit(SheetRow row)
    {
        _blank += Math.Max(0, row.Number - _last - 1);
        _last = row.Number;
        Array.Clear(_cells);
        var used = 0;
        foreach (var cell in row.Cells)
        {
            var at = cell.Column < _names.Length && _names[cell.Column] > 0 ? _names[cell.Column] - 1 : AddName(cell.Column, "", isHeader: false);
            if (cell.Kind == CellKind.Null)
                CountError(at, row.TextOf(cell));
            if (cell.Kind == CellKind.Text && context.Request.Types == TypesMode.Infer && IsBlank(row.TextOf(cell)))
            {
                _blankTexts++;
                continue;
            }

            _cells[at] = new(cell.Start, cell.Length, cell.Kind);
            used = Math.Max(used, at + 1);
        }

        var place = new RowPlace(++_records, -1, row.Number);
        if (row.IsTooLong)
            consumer.Reject(place, null, "record-size", $"a record of at most {context.Limits.MaxRecordBytes} bytes", row.Text);
        else if (row.LongField >= 0)
            consumer.Reject(place, consumer.Names[_names[row.LongField] - 1], "field-size", $"a field of at most {context.Limits.MaxFieldBytes} bytes", row.Text);
        else
            consumer.Row(row.Text, _cells.AsSpan(0, used), place, default);
    }

    /// <summary>Spaces, also those that do not break, are no value: people and programs clear cells with them.</summary>
    static bool IsBlank(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
        {
            if (b is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0xC2 or 0xA0))
                return false;
        }

        return true;
    }

    void CountError(int column, ReadOnlySpan<byte> error)
    {
        if (!_errors.TryGetValue(column, out var counts))
            _errors.Add(column, counts = new(StringComparer.Ordinal));
        var name = Encoding.UTF8.GetString(error);
        counts[name] = counts.GetValueOrDefault(name) + 1;
    }

    /// <summary>A column without a name is called after its place in the table.</summary>
    int AddName(int column, string name, bool isHeader)
    {
        var unique = consumer.Names.AddUnique(name.Length > 0 ? name : $"column{Math.Max(0, column - _firstColumn) + 1}");
        if (isHeader && unique != name)
            _notes.Add($"column {CellColumn.Name(column)} of the header is {(name.Length == 0 ? "empty" : $"'{name}' again")}; its column is '{unique}'");
        var at = consumer.Names.Count - 1;
        if (column >= _names.Length)
            Array.Resize(ref _names, Math.Max(column + 1, Math.Min(SheetRow.MostColumns, _names.Length * 2)));
        _names[column] = at + 1;
        if (at >= _cells.Length)
            Array.Resize(ref _cells, Math.Max(16, at * 2));
        return at;
    }
}

/// <summary>Letters of columns.</summary>
internal static class CellColumn
{
    /// <summary>Of a column from 0: A, Z, AA.</summary>
    public static string Name(int column)
    {
        var name = "";
        for (var rest = column + 1; rest > 0; rest = (rest - 1) / 26)
            name = (char)('A' + (rest - 1) % 26) + name;
        return name;
    }
}
