using System.Text;

namespace DataIngestion.Conversion.Excel.Biff;

/// <summary>What the cells of a workbook refer to: formats, styles, code page and epoch. Filled while records are read, as old versions keep them in the sheet.</summary>
internal sealed class BiffGlobals
{
    const int MostFormats = 1 << 16;

    readonly Dictionary<int, CellFormat> _formats = [];
    readonly List<int> _styles = [];

    /// <summary>2, 3, 4, 5 (also Excel 95) or 8.</summary>
    public int Version { get; set; }

    public bool Is1904 { get; private set; }

    public Encoding Encoding { get; private set; } = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>Takes a record, if it is one of these.</summary>
    /// <exception cref="NotSupportedException">The workbook is encrypted.</exception>
    public void Take(BiffRecords records)
    {
        switch (records.Type)
        {
            case BiffRecord.DateMode:
                Is1904 = records.UInt16(0) == 1;
                break;
            case BiffRecord.CodePage:
                SetCodePage(records.UInt16(0));
                break;
            case BiffRecord.FilePass:
                throw Encrypted(records);
            case var type when BiffRecord.IsFormat(type) && _formats.Count < MostFormats:
                var id = Version < 5 ? _formats.Count : records.UInt16(0);
                _formats.TryAdd(id, CellFormat.Of(records.Text(Version < 4 ? 0 : 2, Version < 8, Version, Encoding)));
                break;
            case var type when BiffRecord.IsStyle(type) && _styles.Count < MostFormats:
                _styles.Add(Version switch { 2 => records.Byte(2) & 0x3F, 3 or 4 => records.Byte(1), _ => records.UInt16(2) });
                break;
            default:
                break;
        }
    }

    void SetCodePage(int page)
    {
        // 32768 and 32769 are the Macintosh's and Windows' own of that time.
        var known = page switch { 367 => 20127, 32768 => 10000, 32769 => 1252, _ => page };
        if (known is 1200 or 21010)
            return;
        Encoding = CodePagesEncodingProvider.Instance.GetEncoding(known) ?? (known is 20127 or 65001 ? Encoding.UTF8 : Encoding);
    }

    NotSupportedException Encrypted(BiffRecords records)
    {
        var kind = Version < 8 || records.Record.Length < 6 || records.UInt16(0) == 0
            ? "XOR obfuscation"
            : records.UInt16(2) == 1 ? "RC4" : "RC4 through the CryptoAPI";
        return new($"The workbook is encrypted ({kind}): open it with its password and save it without one.");
    }

    /// <summary>The formats of the versions 2 to 4, where they are counted and files may leave them out.</summary>
    static CellFormat Old(int id) => new(id switch { (>= 12 and <= 15) or 20 => FormatKind.Moment, >= 16 and <= 19 => FormatKind.Time, _ => FormatKind.Number });

    /// <summary>The format of a cell by its style.</summary>
    /// <param name="direct">In version 2, the format that the cell names itself.</param>
    public CellFormat FormatOf(int style, int direct)
    {
        var id = style < _styles.Count ? _styles[style] : direct;
        if (_formats.TryGetValue(id, out var own))
            return own;
        return Version >= 5 ? CellFormat.BuiltIn(id) : Old(id);
    }
}
