using System.Text;
using DataIngestion.Conversion.Excel.Markup;

namespace DataIngestion.Conversion.Excel.Xlsb;

/// <summary>A workbook of binary parts ([MS-XLSB]).</summary>
internal sealed class XlsbWorkbook : IWorkbook
{
    const long MostForMerges = 32 << 20;
    const int MostMerges = 100_000;
    const int MostStyles = 1 << 17;
    readonly ZipPackage _package;
    readonly WorkbookOptions _options;
    readonly List<SheetInfo> _sheets = [];
    readonly List<string> _parts = [];
    readonly List<string> _notes = [];
    readonly string _stringsPart;
    readonly string _stylesPart;
    readonly bool _is1904;
    IReadOnlyList<CellFormat>? _styles;
    SharedStrings? _strings;

    public XlsbWorkbook(ZipPackage package, string part, WorkbookOptions options)
    {
        (_package, _options) = (package, options);
        var relations = package.Relations(part);
        _stringsPart = relations.Values.FirstOrDefault(r => r.Type == "sharedStrings").Target ?? "xl/sharedStrings.bin";
        _stylesPart = relations.Values.FirstOrDefault(r => r.Type == "styles").Target ?? "xl/styles.bin";
        using var records = Records(part);
        while (records.Read())
        {
            if (records.Type == XlsbRecord.WorkbookProperties)
                _is1904 |= (records.UInt32(0) & 1) != 0;
            else if (records.Type == XlsbRecord.Sheet && _sheets.Count < options.Limits.MaxEntries)
                Add(records, relations);
        }
    }

    public IReadOnlyList<SheetInfo> Sheets => _sheets;

    public IReadOnlyList<string> Notes => _notes;

    void Add(XlsbRecords records, IReadOnlyDictionary<string, (string Type, string Target)> relations)
    {
        var isHidden = records.UInt32(0) != 0;
        var relation = records.Text(8, out var at).ToString();
        var name = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(records.Text(at, out _).ToString()));
        if (!relations.TryGetValue(relation, out var target) || target.Type == "worksheet")
        {
            _parts.Add(target.Target ?? $"xl/worksheets/sheet{_parts.Count + 1}.bin");
            _sheets.Add(new(name, isHidden));
        }
        else
        {
            _notes.Add($"'{name}' is a {target.Type} and holds no cells");
        }
    }

    XlsbRecords Records(string part) => new(_package.Open(part), part, (int)Math.Min(_options.Limits.MaxFieldBytes * 2L + (64 << 10), 1 << 30));

    public IReadOnlyList<CellRange>? Merges(int sheet)
    {
        if (_package.SizeOf(_parts[sheet]) > MostForMerges)
            return null;
        var merges = new List<CellRange>();
        using var records = Records(_parts[sheet]);
        while (records.Read() && merges.Count < MostMerges)
        {
            if (records.Type != XlsbRecord.Merge)
                continue;
            var (top, bottom, left, right) = (records.UInt32(0), records.UInt32(4), records.UInt32(8), records.UInt32(12));
            if (top <= bottom && bottom < 1_048_576 && left <= right && right < SheetRow.MostColumns)
                merges.Add(new((int)top + 1, (int)left, (int)bottom + 1, (int)right));
        }

        return merges;
    }

    public ISheetRows Open(int sheet)
    {
        _styles ??= ReadStyles();
        _strings ??= ReadStrings();
        return new XlsbRows(Records(_parts[sheet]), _strings, _styles, new(_is1904, _options.AsShown));
    }

    List<CellFormat> ReadStyles()
    {
        var (styles, byId, isInStyles) = (new List<CellFormat>(), new Dictionary<int, CellFormat>(), false);
        if (!_package.Has(_stylesPart))
            return styles;
        using var records = Records(_stylesPart);
        while (records.Read())
        {
            switch (records.Type)
            {
                case XlsbRecord.Format when byId.Count < MostStyles:
                    byId.TryAdd(records.UInt16(0), CellFormat.Of(records.Text(2, out _)));
                    break;
                case XlsbRecord.BeginStyles or XlsbRecord.EndStyles:
                    isInStyles = records.Type == XlsbRecord.BeginStyles;
                    break;
                case XlsbRecord.Style when isInStyles && styles.Count < MostStyles:
                    styles.Add(byId.TryGetValue(records.UInt16(2), out var own) ? own : CellFormat.BuiltIn(records.UInt16(2)));
                    break;
                default:
                    break;
            }
        }

        return styles;
    }

    SharedStrings ReadStrings()
    {
        var strings = new SharedStrings();
        if (!_package.Has(_stringsPart))
            return strings;
        using var records = Records(_stringsPart);
        var utf8 = new byte[1024];
        while (records.Read())
        {
            if (records.Type != XlsbRecord.SharedString)
                continue;
            var text = records.Text(1, out _);
            if (utf8.Length < text.Length * 3)
                utf8 = new byte[text.Length * 3];
            strings.Add(utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, utf8)));
        }

        return strings;
    }

    public void Dispose() => _strings?.Dispose();
}
