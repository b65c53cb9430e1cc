using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace DataIngestion.Benchmarks.ConformanceBoard.Workbooks;

/// <summary>The statements of a quarterly report that the SEC renders as a workbook and as pages: sheet N has the values of the table of RN.htm.</summary>
internal sealed partial class SecReportSuite : IConformanceSuite
{
    public string Name => "excel-sec";

    public string Folder => "excel/sec_financial_report";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var book = Path.Combine(folder, "Financial_Report.xlsx");
        var names = await BookSheets.NamesAsync(book, cancellationToken);
        foreach (var page in Directory.EnumerateFiles(folder, "R*.htm").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(page);
            var sheet = names[int.Parse(name[1..], CultureInfo.InvariantCulture) - 1];
            yield return await ConformanceCase.ReadingAsync($"sheet {name[1..]} == {name}.htm", async () =>
            {
                var table = await BookSheets.ReadAsync(book, sheet, cancellationToken);
                return Difference([.. table.Rows.Select(r => Filled(r.Select(c => (string?)c ?? "")))], Rows(await File.ReadAllTextAsync(page, cancellationToken)));
            });
        }
    }

    static string? Difference(List<List<string>> found, List<List<string>> expected)
    {
        if (found.Count != expected.Count)
            return $"{found.Count} rows, not {expected.Count}";
        for (var row = 0; row < found.Count; row++)
        {
            if (!found[row].SequenceEqual(expected[row], StringComparer.Ordinal))
                return $"row {row + 1} is {string.Join(" | ", found[row])}, not {string.Join(" | ", expected[row])}";
        }

        return null;
    }

    /// <summary>The rows of the page's first table, which no other stands inside.</summary>
    static List<List<string>> Rows(string page)
    {
        var start = page.IndexOf("<table", StringComparison.Ordinal);
        var table = page[start..page.IndexOf("</table>", start, StringComparison.Ordinal)];
        return [.. TableRow().Matches(table).Select(r => Filled(TableCell().Matches(r.Value).Select(c => WebUtility.HtmlDecode(Tag().Replace(c.Groups[1].Value, " ")))))];
    }

    static List<string> Filled(IEnumerable<string> cells) => [.. cells.Select(Plain).Where(c => c.Length > 0)];

    /// <summary>A cell with single blanks; a number without currency, groups and parentheses.</summary>
    static string Plain(string cell)
    {
        var text = string.Join(' ', cell.Split([' ', '\n', '\r', '\t', '\u00A0'], StringSplitOptions.RemoveEmptyEntries));
        var number = text.Replace("$", "", StringComparison.Ordinal).Trim();
        var (isPercent, style) = (number.EndsWith('%'), NumberStyles.AllowParentheses | NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite);
        if (!decimal.TryParse(number.TrimEnd('%'), style, CultureInfo.InvariantCulture, out var value))
            return text;
        return (isPercent ? value / 100 : value).ToString("0.############", CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("<tr.*?</tr>", RegexOptions.Singleline, 10_000)]
    private static partial Regex TableRow();

    [GeneratedRegex("<t[hd][^>]*>(.*?)</t[hd]>", RegexOptions.Singleline, 10_000)]
    private static partial Regex TableCell();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 10_000)]
    private static partial Regex Tag();
}
