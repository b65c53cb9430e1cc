using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using DataIngestion.Conversion;

namespace DataIngestion.Benchmarks.ConformanceBoard.Filings;

/// <summary>
/// XBRL instances: facts, contexts and units as an independent reading of the XML counts them, every fact's value, and, where there is a calculation
/// linkbase, totals that are the sum of their parts.
/// </summary>
internal sealed class XbrlSuite : IConformanceSuite
{
    static readonly XNamespace Instance = "http://www.xbrl.org/2003/instance";
    static readonly XNamespace Link = "http://www.xbrl.org/2003/linkbase";
    static readonly XNamespace XLink = "http://www.w3.org/1999/xlink";

    public string Name => "xbrl";

    public string Folder => "xml/xbrl";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var name in new[] { "AAPL-Xbrl.2013.xml.gz", "WatersCorp.8-K.xbrl.xml", "nflx/2010/nflx-20100930.xml" })
            yield return await ConformanceCase.ReadingAsync(name, () => InstanceAsync(Path.Combine(folder, name), cancellationToken));
        yield return await ConformanceCase.ReadingAsync("ixbrl.simple.html", () => InlineAsync(Path.Combine(folder, "ixbrl.simple.html"), cancellationToken));
        yield return await ConformanceCase.ReadingAsync("nflx/2010/nflx-20100930_cal.xml", () => CalculationAsync(Path.Combine(folder, "nflx", "2010"), cancellationToken));
    }

    static Task<ReadTable> TableAsync(string path, string format, string table, CancellationToken cancellationToken) =>
        ReadTable.OfAsync(path, new() { Hint = new() { Format = format, Table = table } }, cancellationToken);

    static async Task<string?> InstanceAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        await using var content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        var root = (await XDocument.LoadAsync(content, LoadOptions.PreserveWhitespace, cancellationToken)).Root!;
        var facts = await TableAsync(path, "xbrl", "facts", cancellationToken);
        var contexts = await TableAsync(path, "xbrl", "contexts", cancellationToken);
        var units = await TableAsync(path, "xbrl", "units", cancellationToken);
        var expected = root.Descendants().Where(e => e.Attribute("contextRef") is not null).ToList();
        if (facts.Rows.Count != expected.Count || facts.Rejected.Count > 0)
            return $"{facts.Rows.Count} facts and {facts.Rejected.Count} rejected instead of {expected.Count}";
        if (contexts.Rows.Count != root.Elements(Instance + "context").Count() || units.Rows.Count != root.Elements(Instance + "unit").Count())
            return $"{contexts.Rows.Count} contexts and {units.Rows.Count} units";
        var periods = root.Elements(Instance + "context").ToDictionary(c => c.Attribute("id")!.Value, StringComparer.Ordinal);
        foreach (var (i, fact) in expected.Index())
        {
            var isNil = fact.Attribute(XNamespace.Get("http://www.w3.org/2001/XMLSchema-instance") + "nil")?.Value == "true";
            var period = periods[fact.Attribute("contextRef")!.Value].Element(Instance + "period")!;
            var different = Same("concept", fact.Name.LocalName, ((string)facts[i, "concept"]!).Split(':')[^1])
                ?? Same("namespace", fact.Name.NamespaceName, facts[i, "namespace"])
                ?? Same("value", isNil || fact.Value.Length == 0 ? null : fact.Attribute("unitRef") is null ? fact.Value.ReplaceLineEndings("\n") : fact.Value.Trim(), ((string?)facts[i, "value"])?.ReplaceLineEndings("\n"))
                ?? Same("number", isNil || fact.Attribute("unitRef") is null ? null : decimal.Parse(fact.Value, CultureInfo.InvariantCulture), facts[i, "number"] is { } number ? System.Convert.ToDecimal(number, CultureInfo.InvariantCulture) : null)
                ?? Same("decimals", fact.Attribute("decimals")?.Value, facts[i, "decimals"])
                ?? Same("instant", Day(period, "instant"), facts[i, "instant"]) ?? Same("start", Day(period, "startDate"), facts[i, "start"]) ?? Same("end", Day(period, "endDate"), facts[i, "end"])
                ?? (fact.Attribute("unitRef") is not null && facts[i, "unit"] is null ? "the unit is not resolved" : null);
            if (different is not null)
                return $"fact {i + 1}, {fact.Name.LocalName}: {different}";
        }

        return null;
    }

    /// <summary>The page forgets to declare its prefixes, which the independent reading declares for it.</summary>
    static async Task<string?> InlineAsync(string path, CancellationToken cancellationToken)
    {
        var text = (await File.ReadAllTextAsync(path, cancellationToken)).Replace(
            "<html ", "<html xmlns:ix='http://www.xbrl.org/2013/inlineXBRL' xmlns:xbrli='http://www.xbrl.org/2003/instance' xmlns:link='l' xmlns:xlink='x' ", StringComparison.Ordinal);
        XNamespace ix = "http://www.xbrl.org/2013/inlineXBRL";
        var expected = XDocument.Parse(text).Descendants().Where(e => e.Name == ix + "nonNumeric" || e.Name == ix + "nonFraction").Select(e => (Name: e.Attribute("name")!.Value, e.Value)).ToList();
        var facts = await TableAsync(path, "ixbrl", "facts", cancellationToken);
        if (facts.Rows.Count != expected.Count || facts.Rejected.Count > 0)
            return $"{facts.Rows.Count} facts and {facts.Rejected.Count} rejected instead of {expected.Count}";
        var rows = Enumerable.Range(0, facts.Rows.Count).ToDictionary(r => (string)facts[r, "concept"]!, StringComparer.Ordinal);
        foreach (var (name, value) in expected)
        {
            if (!rows.TryGetValue(name, out var row) || (!name.EndsWith("TextBlock", StringComparison.Ordinal) && !Equals(facts[row, "value"], value.Trim())))
                return $"{name} is missing or not '{value.Trim()}'";
            if (!Equals(facts[row, "entity"], "0000016040") || !Equals(facts[row, "end"], new DateOnly(2023, 9, 30)))
                return $"{name} has another context";
        }

        return null;
    }

    /// <summary>Of every context that has a total and all of its parts: the total is their weighted sum, as far as their decimals say.</summary>
    static async Task<string?> CalculationAsync(string folder, CancellationToken cancellationToken)
    {
        var facts = await TableAsync(Path.Combine(folder, "nflx-20100930.xml"), "xbrl", "facts", cancellationToken);
        var values = new Dictionary<(string Concept, string Context), (decimal Value, int Decimals)>();
        for (var row = 0; row < facts.Rows.Count; row++)
        {
            if (facts[row, "number"] is { } number)
                values[(((string)facts[row, "concept"]!).Replace(':', '_'), (string)facts[row, "context"]!)] = (System.Convert.ToDecimal(number, CultureInfo.InvariantCulture), facts[row, "decimals"] is "INF" or null ? 6 : int.Parse((string)facts[row, "decimals"]!, CultureInfo.InvariantCulture));
        }

        var linkbase = XDocument.Load(Path.Combine(folder, "nflx-20100930_cal.xml"));
        var (tested, wrong) = (0, new List<string>());
        foreach (var link in linkbase.Descendants(Link + "calculationLink"))
        {
            var concepts = link.Elements(Link + "loc").ToDictionary(l => l.Attribute(XLink + "label")!.Value, l => l.Attribute(XLink + "href")!.Value.Split('#')[1], StringComparer.Ordinal);
            foreach (var arcs in link.Elements(Link + "calculationArc").GroupBy(a => concepts[a.Attribute(XLink + "from")!.Value], StringComparer.Ordinal))
            {
                foreach (var context in values.Keys.Where(k => k.Concept == arcs.Key).Select(k => k.Context).Distinct(StringComparer.Ordinal).ToList())
                {
                    var parts = arcs.Select(a => (Weight: decimal.Parse(a.Attribute("weight")!.Value, CultureInfo.InvariantCulture), Key: (concepts[a.Attribute(XLink + "to")!.Value], context))).Where(p => values.ContainsKey(p.Key)).ToList();
                    if (parts.Count == 0)
                        continue;
                    tested++;
                    var total = values[(arcs.Key, context)];
                    var tolerance = parts.Select(p => values[p.Key].Decimals).Append(total.Decimals).Sum(d => 0.5 * Math.Pow(10, -d));
                    if (Math.Abs(parts.Sum(p => p.Weight * values[p.Key].Value) - total.Value) > (decimal)tolerance)
                        wrong.Add($"{arcs.Key} in {context}");
                }
            }
        }

        return tested == 0 ? "no sum could be tested" : wrong.Count == 0 ? null : $"{wrong.Count} of {tested} sums differ: {string.Join(", ", wrong.Take(5))}";
    }

    static DateOnly? Day(XElement period, string name) => period.Element(Instance + name) is { } day ? DateOnly.Parse(day.Value.Trim(), CultureInfo.InvariantCulture) : null;

    static string? Same(string what, object? expected, object? found) => Equals(expected, found) ? null : $"{what} is '{found}' instead of '{expected}'";
}
