using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;

namespace DataIngestion.Conversion.Tests.Excel;

/// <summary>Writes small workbooks of XML parts.</summary>
internal static class XlsxBook
{
    const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    public static byte[] Write(params BookSheet[] sheets) => Write(false, false, sheets);

    /// <param name="inline">Whether texts stand in their cells.</param>
    public static byte[] Write(bool inline, bool is1904, params BookSheet[] sheets)
    {
        var strings = new List<string>();
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["[Content_Types].xml"] = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>""",
            ["_rels/.rels"] = Related(("rId1", "officeDocument", "xl/workbook.xml")),
            ["xl/workbook.xml"] = $"""<workbook xmlns="{Main}" xmlns:r="{Relations}"><workbookPr{(is1904 ? " date1904=\"1\"" : "")}/><sheets>{string.Concat(sheets.Select((s, i) => $"""<sheet name="{SecurityElement.Escape(s.Name)}" sheetId="{i + 1}"{(s.IsHidden ? " state=\"hidden\"" : "")} r:id="rId{i + 1}"/>"""))}</sheets></workbook>""",
            ["xl/_rels/workbook.xml.rels"] = Related([.. sheets.Select((_, i) => ($"rId{i + 1}", "worksheet", $"worksheets/sheet{i + 1}.xml")), ("rId91", "styles", "styles.xml"), ("rId92", "sharedStrings", "/xl/sharedStrings.xml")]),
            ["xl/styles.xml"] = $"""<styleSheet xmlns="{Main}"><numFmts count="8">{string.Concat(Enum.GetValues<Shown>().Where(s => BookSheet.Code(s) is not null).Select(s => $"""<numFmt numFmtId="{170 + (int)s}" formatCode="{SecurityElement.Escape(BookSheet.Code(s))}"/>"""))}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>{string.Concat(Enum.GetValues<Shown>().Select(s => $"""<xf numFmtId="{(BookSheet.Code(s) is null ? 0 : 170 + (int)s)}"/>"""))}</cellXfs></styleSheet>""",
        };
        for (var i = 0; i < sheets.Length; i++)
            parts[$"xl/worksheets/sheet{i + 1}.xml"] = Sheet(sheets[i], inline ? null : strings);
        parts["xl/sharedStrings.xml"] = $"""<sst xmlns="{Main}">{string.Concat(strings.Select(s => $"""<si><t xml:space="preserve">{SecurityElement.Escape(s)}</t><rPh sb="0" eb="1"><t>phonetic</t></rPh></si>"""))}</sst>""";
        return Zip(parts);
    }

    /// <summary>The part of a sheet, with its texts in their cells.</summary>
    public static byte[] PartOf(BookSheet sheet) => Encoding.UTF8.GetBytes(Sheet(sheet, null));

    /// <summary>A workbook of one sheet, whose part is given.</summary>
    public static byte[] OfPart(string sheet) => OfPart(Encoding.UTF8.GetBytes(sheet));

    public static byte[] OfPart(byte[] sheet)
    {
        using var book = new MemoryStream();
        book.Write(Write(new BookSheet("Sheet1", [])));
        using (var archive = new ZipArchive(book, ZipArchiveMode.Update, leaveOpen: true))
        {
            archive.GetEntry("xl/worksheets/sheet1.xml")!.Delete();
            using var part = archive.CreateEntry("xl/worksheets/sheet1.xml").Open();
            part.Write(sheet);
        }

        return book.ToArray();
    }

    public static byte[] Zip(IReadOnlyDictionary<string, string> parts)
    {
        using var book = new MemoryStream();
        using (var archive = new ZipArchive(book, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in parts)
            {
                using var part = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                part.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return book.ToArray();
    }

    static string Related(params (string Id, string Type, string Target)[] relations) =>
        $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{string.Concat(relations.Select(r => $"""<Relationship Id="{r.Id}" Type="{Relations}/{r.Type}" Target="{r.Target}"/>"""))}</Relationships>""";

    static string Sheet(BookSheet sheet, List<string>? strings)
    {
        var text = new StringBuilder($"""<worksheet xmlns="{Main}"><dimension ref="A1:ZZ2"/><sheetData>""");
        for (var row = 0; row < sheet.Rows.Length; row++)
        {
            if (sheet.Rows[row].All(c => c is null))
                continue;
            text.Append(CultureInfo.InvariantCulture, $"<row r=\"{row + 1}\">");
            for (var column = 0; column < sheet.Rows[row].Length; column++)
                text.Append(Cell(sheet.Rows[row][column], $"{(char)('A' + column)}{row + 1}", strings));
            text.Append("</row>");
        }

        var merges = sheet.Merges is null ? "" : $"<mergeCells>{string.Concat(sheet.Merges.Select(m => $"""<mergeCell ref="{(char)('A' + m.Left)}{m.Top}:{(char)('A' + m.Right)}{m.Bottom}"/>"""))}</mergeCells>";
        return text.Append("</sheetData>").Append(merges).Append("</worksheet>").ToString();
    }

    static string Cell(object? cell, string reference, List<string>? strings)
    {
        if (cell is null)
            return "";
        var style = BookSheet.Style(cell) is > 0 and var s ? $" s=\"{s}\"" : "";
        return cell switch
        {
            bool flag => $"""<c r="{reference}" t="b"><v>{(flag ? 1 : 0)}</v></c>""",
            Number number => $"""<c r="{reference}"{style}><v>{number.Value.ToString("R", CultureInfo.InvariantCulture)}</v></c>""",
            Fault fault => $"""<c r="{reference}" t="e"><f>1/0</f><v>{fault.Name}</v></c>""",
            _ => Text(cell is Literal literal ? literal.Value : (string)cell, reference, style, strings),
        };
    }

    static string Text(string text, string reference, string style, List<string>? strings)
    {
        if (strings is null)
            return $"""<c r="{reference}"{style} t="inlineStr"><is><r><t>{SecurityElement.Escape(text)}</t></r></is></c>""";
        if (!strings.Contains(text))
            strings.Add(text);
        return $"""<c r="{reference}"{style} t="s"><v>{strings.IndexOf(text)}</v></c>""";
    }
}
