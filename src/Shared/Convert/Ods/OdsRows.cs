using System.Text;
using DataIngestion.Conversion.Excel;
using DataIngestion.Conversion.Excel.Markup;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Ods;

/// <summary>The rows of one table. Repeated rows and cells are what they stand for; how many of them hold something is bounded.</summary>
internal sealed class OdsRows(MarkupScanner scanner, int sheet, OdsStyles styles, NumberWriter numbers, ConversionLimits limits) : ISheetRows
{
    const int MostRows = 1_048_576;
    const long MostRepeated = 20_000_000;
    readonly OdsText _text = new(limits.MaxFieldBytes);
    SheetRow? _repeated;
    int _depth = -1;
    int _row;
    int _times;
    long _cells;

    /// <summary>The merged cells of the rows that were read.</summary>
    public List<CellRange> Merges { get; } = [];

    public IEnumerable<string> Notes => numbers.Notes;

    public bool Read(SheetRow row)
    {
        if (_times > 0)
        {
            _times--;
            Repeat(row);
            return true;
        }

        if (_depth < 0 && !FindTable())
            return false;
        while (scanner.Read() && !(scanner.Token == MarkupToken.End && scanner.Depth == _depth))
        {
            if (scanner.Starts("table"u8) || scanner.Starts("shapes"u8))
                scanner.SkipElement();
            if (!scanner.Starts("table-row"u8))
                continue;
            var times = Math.Max(1, scanner.Number("number-rows-repeated"u8) ?? 1);
            row.Begin(_row + 1);
            ReadCells(row);
            if (row.Cells.Count == 0)
            {
                _row = (int)Math.Min(MostRows, (long)_row + times);
                continue;
            }

            if (_row >= MostRows)
                throw new InvalidDataException($"The sheet has more than {MostRows} rows.");
            _times = Math.Min(times, MostRows - _row) - 1;
            _row++;
            if (_times > 0)
            {
                Count((long)_times * row.Cells.Count);
                _repeated = row.Copy();
            }

            return true;
        }

        // What stands behind the table is read too, so that a file that was cut off is noticed.
        while (scanner.Read())
        {
        }

        return false;
    }

    void Repeat(SheetRow row)
    {
        row.Begin(++_row);
        foreach (var cell in _repeated!.Cells)
            row.Add(cell.Column, _repeated.TextOf(cell), cell.Kind);
    }

    void Count(long cells)
    {
        _cells += cells;
        if (_cells > MostRepeated)
            throw new ConversionException($"The sheet repeats rows and cells with a value more than {MostRepeated} times.");
    }

    bool FindTable()
    {
        for (var at = 0; scanner.Read();)
        {
            if (!scanner.Starts("table"u8))
                continue;
            if (at++ == sheet)
            {
                _depth = scanner.Depth;
                return true;
            }

            scanner.SkipElement();
        }

        return false;
    }

    void ReadCells(SheetRow row)
    {
        var depth = scanner.Depth;
        var column = 0;
        while (scanner.Read() && !(scanner.Token == MarkupToken.End && scanner.Depth == depth))
        {
            if (scanner.Token != MarkupToken.Start)
                continue;
            if (!scanner.Is("table-cell"u8) && !scanner.Is("covered-table-cell"u8))
            {
                scanner.SkipElement();
                continue;
            }

            var isCovered = scanner.Is("covered-table-cell"u8);
            var times = Math.Clamp(scanner.Number("number-columns-repeated"u8) ?? 1, 1, SheetRow.MostColumns);
            var before = row.Cells.Count;
            AddMerge(column);
            ReadCell(row, Math.Min(column, SheetRow.MostColumns - 1), isCovered);
            if (row.Cells.Count > before && column + times > SheetRow.MostColumns)
                throw new InvalidDataException($"A cell of row {row.Number} stands behind column {SheetRow.MostColumns}.");
            if (row.Cells.Count > before && times > 1)
            {
                Count(times - 1);
                var first = row.Cells[before];
                for (var i = 1; i < times; i++)
                    row.Cells.Add(first with { Column = column + i });
            }

            column = Math.Min(SheetRow.MostColumns, column + times);
        }
    }

    void AddMerge(int column)
    {
        var (rows, columns) = (scanner.Number("number-rows-spanned"u8) ?? 1, scanner.Number("number-columns-spanned"u8) ?? 1);
        if (rows > 1 || columns > 1)
            Merges.Add(new(_row + 1, column, (int)Math.Min(MostRows, _row + (long)Math.Max(1, rows)), (int)Math.Min(SheetRow.MostColumns, column + (long)Math.Max(1, columns)) - 1));
    }

    /// <summary>Reads the cell that started, to its end.</summary>
    void ReadCell(SheetRow row, int column, bool isCovered)
    {
        var type = scanner.Attribute("office:value-type"u8);
        var isError = scanner.Attribute("calcext:value-type"u8) == "error";
        var value = type switch
        {
            "float" or "percentage" or "currency" => scanner.Attribute("office:value"u8),
            "date" => scanner.Attribute("office:date-value"u8),
            "time" => scanner.Attribute("office:time-value"u8),
            "boolean" => scanner.Attribute("office:boolean-value"u8),
            "string" => scanner.Attribute("office:string-value"u8),
            _ => null,
        };
        var kind = styles.KindOf(scanner.Attribute("table:style-name"u8));
        _text.Read(scanner);
        if (isCovered)
            return;
        var utf8 = value is null ? [] : Encoding.UTF8.GetBytes(value);
        if (isError || (type is null && _text.IsError) || (type == "string" && _text.IsError && value is { Length: 0 }))
            row.Add(column, _text.Text, CellKind.Null);
        else if (value is null || (type == "string" && _text.Text.Length > 0))
            row.Add(column, _text.Text, kind == FormatKind.Text ? CellKind.Literal : CellKind.Text);
        else if (type is "date" or "time")
            NumberWriter.AddIso(row, column, utf8, kind == FormatKind.Duration);
        else if (type == "boolean")
            row.Add(column, utf8, CellKind.Boolean);
        else if (type == "string" || !numbers.TryAdd(row, column, utf8, new(kind == FormatKind.Text ? kind : FormatKind.Number)))
            row.Add(column, utf8, kind == FormatKind.Text ? CellKind.Literal : CellKind.Text);
    }

    public void Dispose() => scanner.Dispose();
}
