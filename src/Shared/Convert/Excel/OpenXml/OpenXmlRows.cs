using System.Buffers.Text;
using DataIngestion.Conversion.Excel.Markup;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Excel.OpenXml;

/// <summary>The rows of one sheet's part.</summary>
internal sealed class OpenXmlRows(MarkupScanner scanner, SharedStrings strings, IReadOnlyList<CellFormat> styles, NumberWriter numbers, ConversionLimits limits) : ISheetRows
{
    readonly RichText _rich = new();
    byte[] _value = new byte[128];
    int _valueLength;
    bool _hasValue;
    int _row;
    bool _isAtRows;

    public IEnumerable<string> Notes => numbers.Notes;

    public bool Read(SheetRow row)
    {
        while (!_isAtRows)
        {
            if (!scanner.Read())
                return false;
            _isAtRows = scanner.Starts("sheetData"u8);
        }

        while (scanner.Read() && !scanner.Ends("sheetData"u8))
        {
            if (!scanner.Starts("row"u8))
                continue;
            _row = scanner.Number("r"u8) is { } number and > 0 and <= 1_048_576 ? number : _row + 1;
            row.Begin(_row);
            ReadCells(row);
            if (row.Cells.Count > 0)
                return true;
        }

        // What stands behind the rows is read too, so that a file that was cut off is noticed.
        while (scanner.Read())
        {
        }

        return false;
    }

    void ReadCells(SheetRow row)
    {
        var column = -1;
        while (scanner.Read() && !scanner.Ends("row"u8))
        {
            if (!scanner.Starts("c"u8))
                continue;
            var next = column + 1;
            column = scanner.TryAttribute("r"u8, out var reference) && CellReference.TryRead(reference, out _, out var told) ? told : next;
            var format = scanner.Number("s"u8) is { } style && style < styles.Count ? styles[style] : default;
            var type = scanner.TryAttribute("t"u8, out var text) ? TypeOf(text) : 'n';
            ReadCell(row, column, type, format);
        }
    }

    static char TypeOf(ReadOnlySpan<byte> text) => text switch
    {
        [(byte)'s'] => 's',
        [(byte)'b'] => 'b',
        [(byte)'e'] => 'e',
        [(byte)'d'] => 'd',
        [(byte)'s', (byte)'t', (byte)'r'] => 't',
        [(byte)'i', ..] => 'i',
        _ => 'n',
    };

    void ReadCell(SheetRow row, int column, char type, CellFormat format)
    {
        (_valueLength, _hasValue) = (0, false);
        var hasRich = false;
        var depth = scanner.Depth;
        while (scanner.Read() && !(scanner.Token == MarkupToken.End && scanner.Depth == depth))
        {
            if (scanner.Token != MarkupToken.Start)
                continue;
            if (scanner.Is("v"u8))
            {
                ReadValue();
            }
            else if (scanner.Is("is"u8))
            {
                _rich.Read(scanner, limits.MaxFieldBytes);
                hasRich = true;
            }
            else
            {
                scanner.SkipElement();
            }
        }

        if (hasRich && (type == 'i' || !_hasValue))
            AddText(row, column, _rich.Text, format);
        else if (_hasValue)
            AddValue(row, column, type, format);
    }

    void ReadValue()
    {
        var depth = scanner.Depth;
        while (scanner.Read() && !(scanner.Token == MarkupToken.End && scanner.Depth == depth))
        {
            if (scanner.Token != MarkupToken.Text || _valueLength > limits.MaxFieldBytes)
                continue;
            var raw = scanner.RawText.Length;
            if (_value.Length - _valueLength < raw)
                Array.Resize(ref _value, Math.Max(_value.Length * 2, _valueLength + raw));
            _valueLength += scanner.CopyText(_value.AsSpan(_valueLength));
        }

        _hasValue = true;
    }

    void AddValue(SheetRow row, int column, char type, CellFormat format)
    {
        var value = _value.AsSpan(0, _valueLength);
        switch (type)
        {
            case 's':
                var index = value.Trim(" \t\r\n"u8);
                if (!Utf8Parser.TryParse(index, out int number, out var read) || read != index.Length)
                    throw new InvalidDataException($"The cell in row {_row} names no shared string but '{System.Text.Encoding.UTF8.GetString(value[..Math.Min(40, value.Length)])}'.");
                AddText(row, column, strings[number], format);
                break;
            case 'b':
                row.Add(column, value is [(byte)'1'] or [(byte)'t', ..] or [(byte)'T', ..] ? "true"u8 : "false"u8, CellKind.Boolean);
                break;
            case 'e':
                row.Add(column, value, CellKind.Null);
                break;
            case 't' or 'i':
                AddText(row, column, value[..RichText.Unescape(value)], format);
                break;
            case 'd':
                // Strict workbooks may hold ISO 8601.
                numbers.AddCounted(row, column, value);
                break;
            default:
                var trimmed = value.Trim(" \t\r\n"u8);
                if (!trimmed.IsEmpty && !numbers.TryAdd(row, column, trimmed, format))
                    AddText(row, column, value, format);
                break;
        }
    }

    static void AddText(SheetRow row, int column, ReadOnlySpan<byte> text, CellFormat format) =>
        row.Add(column, text, format.Kind == FormatKind.Text ? CellKind.Literal : CellKind.Text);

    public void Dispose() => scanner.Dispose();
}
