using DataIngestion.Conversion.Excel.Markup;

namespace DataIngestion.Conversion.Excel.OpenXml;

/// <summary>A workbook of XML parts (ECMA-376 part 1, transitional and strict): <c>.xlsx</c>, <c>.xlsm</c>, <c>.xltx</c>.</summary>
internal sealed class OpenXmlWorkbook : IWorkbook
{
    /// <summary>Sheets up to this size are looked through for merged cells, which stand behind the rows.</summary>
    const long MostForMerges = 32 << 20;
    const int MostMerges = 100_000;
    readonly ZipPackage _package;
    readonly WorkbookOptions _options;
    readonly List<SheetInfo> _sheets = [];
    readonly List<string> _parts = [];
    readonly List<string> _notes = [];
    readonly string? _stringsPart;
    readonly string? _stylesPart;
    readonly bool _is1904;
    IReadOnlyList<CellFormat>? _styles;
    SharedStrings? _strings;

    public OpenXmlWorkbook(ZipPackage package, string part, WorkbookOptions options)
    {
        (_package, _options) = (package, options);
        var relations = package.Relations(part);
        string? PartOf(string type, string usual) => relations.Values.FirstOrDefault(r => r.Type == type).Target ?? (package.Has(usual) ? usual : null);
        _stringsPart = PartOf("sharedStrings", "xl/sharedStrings.xml");
        _stylesPart = PartOf("styles", "xl/styles.xml");
        using var scanner = package.Scan(part);
        while (scanner.Read())
        {
            if (scanner.Starts("workbookPr"u8))
                _is1904 |= scanner.Flag("date1904"u8);
            else if (scanner.Starts("sheet"u8) && scanner.Attribute("name"u8) is { } name && _sheets.Count < options.Limits.MaxEntries)
                Add(name, scanner.Attribute("id"u8), scanner.Attribute("state"u8) is "hidden" or "veryHidden", relations);
        }
    }

    public IReadOnlyList<SheetInfo> Sheets => _sheets;

    public IReadOnlyList<string> Notes => _notes;

    void Add(string name, string? relation, bool isHidden, IReadOnlyDictionary<string, (string Type, string Target)> relations)
    {
        var known = relations.TryGetValue(relation ?? "", out var target);
        if (known && target.Type != "worksheet")
        {
            _notes.Add($"'{name}' is a {target.Type} and holds no cells");
            return;
        }

        _sheets.Add(new(name, isHidden));
        _parts.Add(known ? target.Target : $"xl/worksheets/sheet{_parts.Count + 1}.xml");
    }

    public IReadOnlyList<CellRange>? Merges(int sheet)
    {
        if (_package.SizeOf(_parts[sheet]) > MostForMerges)
            return null;
        var merges = new List<CellRange>();
        using var scanner = _package.Scan(_parts[sheet]);
        while (scanner.Read() && merges.Count < MostMerges)
        {
            if (scanner.Starts("mergeCell"u8) && scanner.TryAttribute("ref"u8, out var text) && CellReference.TryRange(text, out var range))
                merges.Add(range);
        }

        return merges;
    }

    public ISheetRows Open(int sheet)
    {
        if (_styles is null)
        {
            _styles = [];
            if (_stylesPart is not null)
            {
                using var styles = _package.Scan(_stylesPart);
                _styles = StyleSheet.Read(styles);
            }
        }

        _strings ??= ReadStrings();
        return new OpenXmlRows(_package.Scan(_parts[sheet]), _strings, _styles, new(_is1904, _options.AsShown), _options.Limits);
    }

    SharedStrings ReadStrings()
    {
        var strings = new SharedStrings();
        if (_stringsPart is null || !_package.Has(_stringsPart))
            return strings;
        using var scanner = _package.Scan(_stringsPart);
        var text = new RichText();
        while (scanner.Read())
        {
            if (!scanner.Starts("si"u8))
                continue;
            text.Read(scanner, _options.Limits.MaxFieldBytes);
            strings.Add(text.Text);
        }

        return strings;
    }

    public void Dispose() => _strings?.Dispose();
}
