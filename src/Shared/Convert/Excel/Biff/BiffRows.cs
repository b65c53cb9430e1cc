using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Excel.Biff;

/// <summary>The rows of one sheet.</summary>
/// <param name="unsorted">The places of the cells by row, where the sheet does not hold them in that order.</param>
internal sealed class BiffRows(BiffRecords records, long place, long[]? unsorted, BiffGlobals globals, SharedStrings strings, NumberWriter numbers) : ISheetRows
{
    bool _hasBegun;
    bool _hasCell;
    int _depth;
    int _style = -1;
    int _place;

    /// <summary>A formula whose text is the next record.</summary>
    (int Column, CellFormat Format)? _formula;

    public IEnumerable<string> Notes => numbers.Notes;

    public bool Read(SheetRow row)
    {
        if (!_hasBegun)
        {
            records.MoveTo(place);
            records.Read();
            _hasBegun = true;
            _hasCell = MoveToCell();
        }

        while (_hasCell)
        {
            var number = records.UInt16(0);
            row.Begin(number + 1);
            do
            {
                AddCell(row);
                _hasCell = MoveToCell(row);
            }
            while (_hasCell && records.UInt16(0) == number);
            if (row.Cells.Count > 0)
                return true;
        }

        return false;
    }

    /// <summary>Goes to the next cell; the text of a formula before it is added to the row.</summary>
    bool MoveToCell(SheetRow? row = null)
    {
        while (true)
        {
            if (unsorted is not null && _formula is null && !MoveToPlace())
                return false;
            if (!records.Read())
                return false;
            var type = records.Type;
            if (BiffRecord.IsBof(type))
            {
                _depth++;
            }
            else if (type == BiffRecord.Eof)
            {
                if (_depth-- == 0 || unsorted is not null)
                    return false;
            }
            else if (_depth > 0)
            {
                continue;
            }
            else if (type == BiffRecord.Ixfe)
            {
                _style = records.UInt16(0);
                if (unsorted is null || !records.Read() || !BiffRecord.IsCell(records.Type))
                    continue;
                return true;
            }
            else if (BiffRecord.IsText(type) && _formula is { } formula && row is not null)
            {
                row.Add(formula.Column, records.Text(0, type == 0x07, globals.Version, globals.Encoding), formula.Format.Kind == FormatKind.Text ? CellKind.Literal : CellKind.Text);
                _formula = null;
            }
            else if (BiffRecord.IsCell(type))
            {
                if (_formula is not null && unsorted is not null)
                {
                    _formula = null;
                    continue;
                }

                _formula = null;
                return true;
            }
            else if (unsorted is null)
            {
                // Old versions keep formats and styles in the sheet.
                if (globals.Version < 5)
                    globals.Take(records);
            }
        }
    }

    bool MoveToPlace()
    {
        if (_place == unsorted!.Length)
            return false;
        records.MoveTo(unsorted[_place++]);
        return true;
    }

    void AddCell(SheetRow row)
    {
        var column = records.UInt16(2);
        if (records.Type == BiffRecord.MulRk)
        {
            for (var at = 4; at + 6 <= records.Record.Length - 2; at += 6)
                numbers.Add(row, column++, BinaryCells.Rk(records.UInt32(at + 2)), globals.FormatOf(records.UInt16(at), 0));
            return;
        }

        var isOld = globals.Version == 2 && records.Type < 0x100;
        var format = isOld ? OldFormat() : globals.FormatOf(records.UInt16(4), 0);
        var kind = format.Kind == FormatKind.Text ? CellKind.Literal : CellKind.Text;
        var value = isOld ? 7 : 6;
        switch (records.Type)
        {
            case 0x02:
                numbers.Add(row, column, records.UInt16(value), format);
                break;
            case 0x03 or 0x203:
                Add(row, column, records.Real(value), format);
                break;
            case BiffRecord.Rk:
                numbers.Add(row, column, BinaryCells.Rk(records.UInt32(6)), format);
                break;
            case BiffRecord.LabelShared:
                row.Add(column, strings[(int)Math.Min(records.UInt32(6), int.MaxValue)], kind);
                break;
            case 0x05 or 0x205 when records.Byte(value + 1) != 0:
                row.Add(column, BinaryCells.ErrorName(records.Byte(value)), CellKind.Null);
                break;
            case 0x05 or 0x205:
                row.Add(column, records.Byte(value) != 0 ? "true"u8 : "false"u8, CellKind.Boolean);
                break;
            case 0x06 or 0x206 or 0x406:
                AddFormula(row, column, value, format);
                break;
            default:
                row.Add(column, records.Text(value, isOld, globals.Version, globals.Encoding), kind);
                break;
        }
    }

    CellFormat OldFormat()
    {
        var (style, direct) = (records.Byte(4) & 0x3F, records.Byte(5) & 0x3F);
        if (style == 0x3F && _style >= 0)
            style = _style;
        _style = -1;
        return globals.FormatOf(style, direct);
    }

    void Add(SheetRow row, int column, double value, CellFormat format)
    {
        if (double.IsFinite(value))
            numbers.Add(row, column, value, format);
        else
            row.Add(column, "#NUM!"u8, CellKind.Null);
    }

    /// <summary>The value that was computed last; what is no number shows by the bits of one that is none.</summary>
    void AddFormula(SheetRow row, int column, int at, CellFormat format)
    {
        if (records.UInt16(at + 6) != 0xFFFF)
        {
            Add(row, column, records.Real(at), format);
            return;
        }

        switch (records.Byte(at))
        {
            case 0:
                _formula = (column, format);
                break;
            case 1:
                row.Add(column, records.Byte(at + 2) != 0 ? "true"u8 : "false"u8, CellKind.Boolean);
                break;
            case 2:
                row.Add(column, BinaryCells.ErrorName(records.Byte(at + 2)), CellKind.Null);
                break;
            default:
                break;
        }
    }

    public void Dispose()
    {
    }
}
