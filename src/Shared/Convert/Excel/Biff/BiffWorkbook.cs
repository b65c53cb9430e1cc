using System.Runtime.InteropServices;

namespace DataIngestion.Conversion.Excel.Biff;

/// <summary>A workbook of BIFF records, versions 2 to 8: <c>.xls</c>. The old ones are a single sheet without a name.</summary>
internal sealed class BiffWorkbook : IWorkbook
{
    const int MostMerges = 100_000;
    const int Worksheet = 0x10;
    readonly WorkbookOptions _options;
    readonly BiffRecords _records;
    readonly BiffGlobals _globals = new();
    readonly SharedStrings _strings = new();
    readonly List<SheetInfo> _sheets = [];
    readonly List<long> _places = [];
    readonly List<int> _turns = [];
    readonly List<string> _notes = [];
    readonly long _afterGlobals;
    int _turn;
    readonly Dictionary<int, SheetScan> _scans = [];

    /// <param name="content">The stream of records; left open.</param>
    public BiffWorkbook(Stream content, WorkbookOptions options)
    {
        (_options, _records) = (options, new(content));
        if (!_records.Read() || !BiffRecord.IsBof(_records.Type))
            throw new InvalidDataException("The workbook does not begin with a BOF record: it is damaged, or none.");
        _globals.Version = VersionOf(_records);
        if (_globals.Version < 5 || _records.UInt16(2) == Worksheet)
        {
            _sheets.Add(new("Sheet1", false));
            _places.Add(0);
            _turns.Add(0);
            return;
        }

        while (_records.Read() && _records.Type != BiffRecord.Eof)
        {
            switch (_records.Type)
            {
                case BiffRecord.BoundSheet when _sheets.Count < options.Limits.MaxEntries:
                    AddSheet();
                    break;
                case BiffRecord.SharedStrings:
                    new BiffStrings(_records).ReadTo(_strings);
                    break;
                default:
                    _globals.Take(_records);
                    break;
            }
        }

        _afterGlobals = _records.Position + 4 + _records.Record.Length;
    }

    /// <summary>Whether bytes begin like records of a workbook without a compound file around them.</summary>
    public static bool IsBegin(ReadOnlySpan<byte> head) => head.Length >= 4 && head[0] == 9 && head[1] is 0 or 2 or 4 or 8 && head[2] is >= 4 and <= 32 && head[3] == 0;

    static int VersionOf(BiffRecords bof) => bof.Type switch
    {
        0x09 => 2,
        0x209 => 3,
        0x409 => 4,
        _ => bof.UInt16(0) switch { 0x0600 => 8, 0x0500 => 5, 0x0400 => 4, 0x0300 => 3, 0x0200 or 0x0007 => 2, _ => 8 },
    };

    public IReadOnlyList<SheetInfo> Sheets => _sheets;

    public IReadOnlyList<string> Notes => _notes;

    void AddSheet()
    {
        var name = _records.Text(6, true, _globals.Version, _globals.Encoding);
        var (place, state, kind) = (_records.UInt32(0), _records.Byte(4) & 3, _records.Byte(5));
        _turn++;
        if (kind != 0)
        {
            _notes.Add($"'{name}' is a {kind switch { 1 => "macro sheet", 2 => "chart", _ => "module" }} and holds no cells that are read");
            return;
        }

        _sheets.Add(new(name, state != 0));
        _places.Add(place);
        _turns.Add(_turn - 1);
    }

    public IReadOnlyList<CellRange>? Merges(int sheet) => Scan(sheet).Merges;

    public ISheetRows Open(int sheet) => new BiffRows(_records, _places[sheet], Scan(sheet).Unsorted, _globals, _strings, new(_globals.Is1904, _options.AsShown));

    /// <param name="Unsorted">The places of all cells by row, where they do not lie in that order; otherwise null.</param>
    sealed record SheetScan(IReadOnlyList<CellRange> Merges, long[]? Unsorted);

    [StructLayout(LayoutKind.Auto)]
    readonly record struct CellPlace(int Row, long Position);

    /// <summary>Passes over a sheet: merged cells stand behind the rows, and some programs write rows in any order.</summary>
    SheetScan Scan(int sheet)
    {
        if (_scans.TryGetValue(sheet, out var known))
            return known;
        var merges = new List<CellRange>();
        var isSorted = Walk(sheet, merges, null);
        List<CellPlace>? places = isSorted ? null : [];
        if (places is not null)
            Walk(sheet, null, places);
        long[]? unsorted = places is null ? null : [.. places.OrderBy(p => p.Row).ThenBy(p => p.Position).Select(p => p.Position)];
        return _scans[sheet] = new(merges, unsorted);
    }

    bool Walk(int sheet, List<CellRange>? merges, List<CellPlace>? places)
    {
        var (depth, row, isSorted, ixfe) = (0, 0, true, -1L);
        if (!BeginsAt(_places[sheet]))
            Find(sheet);
        while (_records.Read())
        {
            if (BiffRecord.IsBof(_records.Type))
                depth++;
            else if (_records.Type == BiffRecord.Eof && depth-- == 0)
                break;
            else if (depth > 0)
                continue;
            else if (_records.Type == BiffRecord.Ixfe)
                ixfe = _records.Position;
            else if (_records.Type == BiffRecord.Merges && merges is not null)
                AddMerges(merges);
            else if (BiffRecord.IsCell(_records.Type) && _records.Record.Length >= 2)
            {
                isSorted &= _records.UInt16(0) >= row;
                row = _records.UInt16(0);
                places?.Add(new(row, ixfe >= 0 ? ixfe : _records.Position));
                ixfe = -1;
            }
        }

        return isSorted;
    }

    bool BeginsAt(long place)
    {
        _records.MoveTo(place);
        return _records.Read() && BiffRecord.IsBof(_records.Type);
    }

    /// <summary>Some programs note a wrong place for a sheet: it is the one at its turn behind the workbook's own records.</summary>
    void Find(int sheet)
    {
        var (depth, turn) = (0, 0);
        for (_records.MoveTo(_afterGlobals); _records.Read();)
        {
            if (_records.Type == BiffRecord.Eof)
            {
                depth--;
            }
            else if (BiffRecord.IsBof(_records.Type) && depth++ == 0 && turn++ == _turns[sheet])
            {
                _places[sheet] = _records.Position;
                return;
            }
        }

        throw new InvalidDataException($"The sheet '{_sheets[sheet].Name}' does not begin where the workbook says, nor behind it.");
    }

    void AddMerges(List<CellRange> merges)
    {
        for (var i = 0; i < _records.UInt16(0) && 2 + i * 8 + 8 <= _records.Record.Length && merges.Count < MostMerges; i++)
        {
            var at = 2 + i * 8;
            var (top, bottom, left, right) = (_records.UInt16(at), _records.UInt16(at + 2), _records.UInt16(at + 4), _records.UInt16(at + 6));
            if (top <= bottom && left <= right)
                merges.Add(new(top + 1, left, bottom + 1, right));
        }
    }

    public void Dispose() => _strings.Dispose();
}
