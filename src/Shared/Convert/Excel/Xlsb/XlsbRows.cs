using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Excel.Xlsb;

/// <summary>The rows of one sheet's part.</summary>
internal sealed class XlsbRows(XlsbRecords records, SharedStrings strings, IReadOnlyList<CellFormat> styles, NumberWriter numbers) : ISheetRows
{
    bool _isAtRows;
    bool _hasEnded;
    int _next = -1;

    public IEnumerable<string> Notes => numbers.Notes;

    public bool Read(SheetRow row)
    {
        while (!_isAtRows)
        {
            if (!records.Read())
                return false;
            _isAtRows = records.Type == XlsbRecord.BeginRows;
        }

        while (!_hasEnded)
        {
            row.Begin(_next);
            ReadCells(row);
            if (row.Cells.Count > 0)
                return true;
        }

        return false;
    }

    /// <summary>Reads the cells of a row, to the record that begins the next.</summary>
    void ReadCells(SheetRow row)
    {
        while (records.Read())
        {
            if (records.Type == XlsbRecord.Row)
            {
                _next = (int)Math.Min(records.UInt32(0), 1_048_575) + 1;
                return;
            }

            if (records.Type == XlsbRecord.EndRows)
                break;
            if (_next > 0 && records.Type is (>= XlsbRecord.CellRk and <= XlsbRecord.FormulaError) or XlsbRecord.CellRichText)
                ReadCell(row);
        }

        // What stands behind the rows is read too, so that a file that was cut off is noticed.
        while (records.Read())
        {
        }

        _hasEnded = true;
    }

    void ReadCell(SheetRow row)
    {
        var column = (int)records.UInt32(0);
        if ((uint)column >= SheetRow.MostColumns)
            throw new InvalidDataException($"A cell of row {_next} stands in column {(uint)column + 1L}: a sheet has {SheetRow.MostColumns}.");
        var style = records.UInt32(4) & 0xFF_FFFF;
        var format = style < styles.Count ? styles[(int)style] : default;
        var kind = format.Kind == FormatKind.Text ? CellKind.Literal : CellKind.Text;
        switch (records.Type)
        {
            case XlsbRecord.CellRk:
                numbers.Add(row, column, BinaryCells.Rk(records.UInt32(8)), format);
                break;
            case XlsbRecord.CellReal or XlsbRecord.FormulaReal:
                numbers.Add(row, column, records.Real(8), format);
                break;
            case XlsbRecord.CellError or XlsbRecord.FormulaError:
                row.Add(column, BinaryCells.ErrorName(records.Byte(8)), CellKind.Null);
                break;
            case XlsbRecord.CellBoolean or XlsbRecord.FormulaBoolean:
                row.Add(column, records.Byte(8) != 0 ? "true"u8 : "false"u8, CellKind.Boolean);
                break;
            case XlsbRecord.CellShared:
                row.Add(column, strings[(int)Math.Min(records.UInt32(8), int.MaxValue)], kind);
                break;
            case XlsbRecord.CellText or XlsbRecord.FormulaText:
                row.Add(column, records.Text(8, out _), kind);
                break;
            default:
                row.Add(column, records.Text(9, out _), kind);
                break;
        }
    }

    public void Dispose() => records.Dispose();
}
