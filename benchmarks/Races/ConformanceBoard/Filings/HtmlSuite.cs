using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using DataIngestion.Conversion;

namespace DataIngestion.Benchmarks.ConformanceBoard.Filings;

/// <summary>Pages of a financial report as the SEC renders them, against the sheets of the same report: every row's label, and its numbers in order.</summary>
internal sealed class HtmlSuite : IConformanceSuite
{
    static readonly XNamespace Sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    public string Name => "html";

    public string Folder => "excel/sec_financial_report";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "R*.htm").Order(StringComparer.Ordinal))
            yield return await ConformanceCase.ReadingAsync(Path.GetFileName(path), () => CompareAsync(folder, path, cancellationToken));
    }

    static async Task<string?> CompareAsync(string folder, string path, CancellationToken cancellationToken)
    {
        var number = int.Parse(Path.GetFileNameWithoutExtension(path)[1..], CultureInfo.InvariantCulture);
        var expected = Rows(Path.Combine(folder, "Financial_Report.xlsx"), number);
        var found = await ReadTable.OfAsync(path, new() { Hint = new() { Format = "html" }, Types = TypesMode.Text }, cancellationToken);
        var rows = found.Rows.Select(r => (Label: Plain(r[0] as string ?? ""), Numbers: r.Skip(1).OfType<string>().Select(Number).OfType<decimal>().ToList())).ToList();
        if (expected.Count - rows.Count is < 0 or > 2)
            return $"{rows.Count} rows instead of {expected.Count}";
        foreach (var ((label, numbers), i) in expected.TakeLast(rows.Count).Select((e, i) => (e, i)))
        {
            if (rows[i].Label != label || !rows[i].Numbers.SequenceEqual(numbers))
                return $"row {i + 1} is '{rows[i].Label}' {string.Join(' ', rows[i].Numbers)} instead of '{label}' {string.Join(' ', numbers)}";
        }

        return null;
    }

    static List<(string Label, List<decimal> Numbers)> Rows(string workbook, int number)
    {
        using var zip = ZipFile.OpenRead(workbook);
        var rows = new List<(string, List<decimal>)>();
        foreach (var row in Load(zip, $"xl/worksheets/sheet{number}.xml").Descendants(Sheet + "row"))
        {
            var (label, numbers) = ("", new List<decimal>());
            foreach (var cell in row.Elements(Sheet + "c"))
            {
                var value = cell.Element(Sheet + "v")?.Value;
                var text = value is null ? string.Concat(cell.Descendants(Sheet + "t").Select(t => t.Value)) : null;
                if (cell.Attribute("r")!.Value.TrimEnd("0123456789".ToCharArray()) == "A")
                    label = Plain(text ?? value!);
                else if (text is null)
                    numbers.Add(decimal.Parse(value!, NumberStyles.Float, CultureInfo.InvariantCulture));
                else if (Number(text) is { } asText)
                    numbers.Add(asText);
            }

            rows.Add((label, numbers));
        }

        return rows;
    }

    static XElement Load(ZipArchive zip, string entry)
    {
        using var content = zip.GetEntry(entry)!.Open();
        return XDocument.Load(content).Root!;
    }

    static string Plain(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    static decimal? Number(string text)
    {
        var plain = text.Replace("$", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).Replace("%", "", StringComparison.Ordinal);
        return decimal.TryParse(plain, NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint | NumberStyles.AllowParentheses | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
