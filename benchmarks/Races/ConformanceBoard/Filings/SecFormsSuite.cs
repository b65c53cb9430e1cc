using System.Runtime.CompilerServices;
using System.Xml.Linq;
using DataIngestion.Conversion;

namespace DataIngestion.Benchmarks.ConformanceBoard.Filings;

/// <summary>
/// Forms of the SEC in XML: the element that repeats is the row, there are as many rows as elements, and every text inside an element is in its row.
/// Forms without such an element are one row.
/// </summary>
internal sealed class SecFormsSuite : IConformanceSuite
{
    /// <summary>The elements that are rows, as the technical specifications of the forms have them.</summary>
    static readonly string[] Records = ["infoTable", "invstOrSec", "proxyTable", "Report", "nonDerivativeTransaction", "nonDerivativeHolding", "derivativeTransaction", "derivativeHolding"];

    public string Name => "sec-forms";

    public string Folder => "xml/sec_forms";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.xml").Order(StringComparer.Ordinal))
            yield return await ConformanceCase.ReadingAsync(Path.GetFileName(path), () => CompareAsync(path, cancellationToken));
    }

    static async Task<string?> CompareAsync(string path, CancellationToken cancellationToken)
    {
        var root = XDocument.Parse((await File.ReadAllTextAsync(path, cancellationToken)).Trim()).Root!;
        var expected = root.Descendants().Where(e => Records.Contains(e.Name.LocalName)).ToList();
        if (expected.Count == 0)
            expected = [root];
        var found = await ReadTable.OfAsync(path, new() { Types = TypesMode.Text }, cancellationToken);
        if (found.Result.Format.Format != "xml")
            return $"is recognised as {found.Result.Format.Format}";
        if (found.Rows.Count != expected.Count || found.Rejected.Count > 0)
            return $"{found.Rows.Count} rows instead of {expected.Count}";
        foreach (var (i, record) in expected.Index())
        {
            var values = found.Rows[i].OfType<string>().GroupBy(v => v.Trim(), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
            foreach (var text in record.DescendantsAndSelf().Where(e => !e.HasElements).Select(e => e.Value.Trim()).Concat(record.Descendants().Attributes().Where(a => a.Name.Namespace == XNamespace.None && !a.IsNamespaceDeclaration).Select(a => a.Value.Trim())).Where(t => t.Length > 0))
            {
                var text1 = text.ReplaceLineEndings("\n");
                if (values.GetValueOrDefault(text1) == 0 && values.GetValueOrDefault(text) == 0)
                    return $"row {i + 1} lacks '{(text.Length > 40 ? text[..40] : text)}'";
                values[text] = values.GetValueOrDefault(text) - 1;
            }
        }

        return null;
    }
}
