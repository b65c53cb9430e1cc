using System.Globalization;
using System.Security;
using System.Text;

namespace DataIngestion.Conversion.Tests.Excel;

/// <summary>Writes small OpenDocument spreadsheets.</summary>
internal static class OdsBook
{
    public static byte[] Write(params BookSheet[] sheets) => XlsxBook.Zip(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["mimetype"] = "application/vnd.oasis.opendocument.spreadsheet",
        ["content.xml"] = Content("document-content", sheets),
    });

    public static byte[] Flat(params BookSheet[] sheets) => Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + Content("document", sheets));

    static string Content(string root, BookSheet[] sheets) =>
        $"""
        <office:{root} xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s" xmlns:number="n" xmlns:calcext="c">
        <office:automatic-styles>
        <style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>
        <number:time-style style:name="N1" number:truncate-on-overflow="false"/><number:text-style style:name="N2"/>
        <style:style style:name="ce1" style:data-style-name="N1"/><style:style style:name="ce2" style:data-style-name="N2"/>
        </office:automatic-styles>
        <office:body><office:spreadsheet>{string.Concat(sheets.Select(Sheet))}</office:spreadsheet></office:body></office:{root}>
        """;

    static string Sheet(BookSheet sheet)
    {
        var text = new StringBuilder($"""<table:table table:name="{SecurityElement.Escape(sheet.Name)}"{(sheet.IsHidden ? " table:style-name=\"ta2\"" : "")}><table:table-column table:number-columns-repeated="1024"/>""");
        for (var row = 0; row < sheet.Rows.Length; row++)
        {
            text.Append("<table:table-row>");
            for (var column = 0; column < sheet.Rows[row].Length; column++)
            {
                var merge = (sheet.Merges ?? []).FirstOrDefault(m => m.Top == row + 1 && m.Left == column);
                var span = merge == default ? "" : $" table:number-rows-spanned=\"{merge.Bottom - merge.Top + 1}\" table:number-columns-spanned=\"{merge.Right - merge.Left + 1}\"";
                text.Append(Cell(sheet.Rows[row][column], span));
            }

            text.Append("""<table:table-cell table:number-columns-repeated="1000"/></table:table-row>""");
        }

        return text.Append("""<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row></table:table>""").ToString();
    }

    static string Cell(object? cell, string span) => cell switch
    {
        null => $"<table:table-cell{span}/>",
        bool flag => $"""<table:table-cell{span} office:value-type="boolean" office:boolean-value="{(flag ? "true" : "false")}"><text:p>{flag}</text:p></table:table-cell>""",
        Fault fault => $"""<table:table-cell{span} office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>{fault.Name}</text:p></table:table-cell>""",
        Literal literal => $"""<table:table-cell{span} table:style-name="ce2" office:value-type="string"><text:p>{SecurityElement.Escape(literal.Value)}</text:p></table:table-cell>""",
        Number { As: Shown.Date or Shown.DateTime } date => Timed(span, "date", DateTime.FromOADate(date.Value).ToString("yyyy-MM-ddTHH:mm:ss.FFF", CultureInfo.InvariantCulture)),
        Number { As: Shown.Time } time => Timed(span, "time", Duration(time.Value)),
        Number { As: Shown.Elapsed } time => Timed(span + " table:style-name=\"ce1\"", "time", Duration(time.Value)),
        Number { As: Shown.Code } code => Cell(new Literal(code.Value.ToString("00000", CultureInfo.InvariantCulture)), span),
        Number number => $"""<table:table-cell{span} office:value-type="float" office:value="{number.Value.ToString("R", CultureInfo.InvariantCulture)}"><text:p>about</text:p></table:table-cell>""",
        _ => $"""<table:table-cell{span} office:value-type="string"><office:annotation><text:p>a remark</text:p></office:annotation><text:p>{Spaces((string)cell)}</text:p></table:table-cell>""",
    };

    static string Timed(string span, string type, string value) => $"""<table:table-cell{span} office:value-type="{type}" office:{type}-value="{value}"><text:p>about</text:p></table:table-cell>""";

    static string Duration(double days) => $"PT{Math.Floor(days * 24)}H{days * 1440 % 60:00}M00.000000000S";

    static string Spaces(string text) => SecurityElement.Escape(text).Replace("  ", " <text:s/>", StringComparison.Ordinal);
}
