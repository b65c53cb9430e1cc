using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using DataIngestion.Conversion;

namespace DataIngestion.Benchmarks.ConformanceBoard.Filings;

/// <summary>
/// Answers of central banks and rate services, as captured, read without being told anything: every rate that is in a file is a number of the table, and
/// an error is no rate.
/// </summary>
internal sealed class FxFeedsSuite : IConformanceSuite
{
    static readonly string[] Maps = ["rates", "quotes"];

    public string Name => "fx-feeds";

    public string Folder => "market/fx_feeds";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(p => !p.EndsWith(".tsv", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            yield return await JudgeAsync(path, Path.GetRelativePath(folder, path), cancellationToken);
    }

    static async Task<ConformanceCase> JudgeAsync(string path, string name, CancellationToken cancellationToken)
    {
        var expected = Expected(path).ToList();
        if (expected.Count > 0)
            return await ConformanceCase.ReadingAsync(name, async () => Compare(expected, await ReadTable.OfAsync(path, null, cancellationToken)));
        try
        {
            var found = await ReadTable.OfAsync(path, null, cancellationToken);
            var rates = found.Schema.Where(c => IsRate(c.Name) && (c.Type.IsExactNumber || c.Type.IsFloating)).Select(c => c.Name).ToList();
            return rates.Count == 0 ? ConformanceCase.Right(name) : ConformanceCase.Wrong(name, $"is an error, and has {rates[0]}");
        }
        catch (ConversionException refused)
        {
            return new(name, Verdict.Refused, refused.Message);
        }
    }

    static bool IsRate(string column) => column is "rate" or "Value" or "value" or "kurz" or "ticker.price" || Maps.Any(m => column.StartsWith(m + ".", StringComparison.Ordinal)) || column.StartsWith("rates", StringComparison.Ordinal);

    static string? Compare(List<decimal> expected, ReadTable found)
    {
        if (found.Rejected.Count > 0)
            return $"{found.Rejected.Count} rows are rejected: {found.Rejected[0].Rule} {found.Rejected[0].Expected}";
        var values = new List<decimal>();
        foreach (var row in found.Rows)
        {
            foreach (var (i, column) in found.Schema.Index())
            {
                if (!IsRate(column.Name) || row[i] is null)
                    continue;
                if (!column.Type.IsExactNumber && !column.Type.IsFloating)
                    return $"{column.Name} is {column.Type}";
                values.Add(System.Convert.ToDecimal(row[i], CultureInfo.InvariantCulture));
            }
        }

        expected.Sort();
        values.Sort();
        return values.SequenceEqual(expected) ? null : $"{values.Count} rates instead of {expected.Count}, or another value: {string.Join(" ", values.Except(expected).Take(3))} instead of {string.Join(" ", expected.Except(values).Take(3))}";
    }

    /// <summary>The rates of a file, read independently.</summary>
    static IEnumerable<decimal> Expected(string path)
    {
        var bytes = File.ReadAllBytes(path);
        switch (Path.GetExtension(path))
        {
            case ".xml":
                using (var content = new MemoryStream(bytes))
                {
                    var document = XDocument.Load(new StreamReader(content, bytes.AsSpan().IndexOf("windows-1251"u8) >= 0 ? CodePagesEncodingProvider.Instance.GetEncoding(1251)! : Encoding.UTF8));
                    return [.. document.Descendants().Select(e => e.Name.LocalName switch
                    {
                        "Cube" => e.Attribute("rate")?.Value,
                        "Rate" => e.Value,
                        "Valute" => e.Elements().First(v => v.Name.LocalName == "Value").Value,
                        _ => null,
                    }).OfType<string>().Select(Decimal)];
                }

            case ".txt":
                return [.. Encoding.UTF8.GetString(bytes).Split('\n').Skip(2).Where(l => l.Contains('|', StringComparison.Ordinal) && char.IsAsciiDigit(l.Trim()[^1])).Select(l => Decimal(l.Trim().Split('|')[^1]))];
            default:
                using (var document = JsonDocument.Parse(bytes))
                    return [.. Rates(document.RootElement, "")];
        }
    }

    static IEnumerable<decimal> Rates(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Maps.Contains(name) && p.Value.ValueKind == JsonValueKind.Number ? [p.Value.GetDecimal()] : p.Name switch
        {
            "rate" when p.Value.ValueKind == JsonValueKind.Number => [p.Value.GetDecimal()],
            "price" when p.Value.ValueKind == JsonValueKind.String => [Decimal(p.Value.GetString()!)],
            _ => Rates(p.Value, p.Name),
        }),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(e => Rates(e, "")),
        _ => [],
    };

    static decimal Decimal(string text) => decimal.Parse(text.Trim().Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture);
}
