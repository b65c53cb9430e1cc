using System.IO.Compression;
using System.Runtime.CompilerServices;
using DataIngestion.Conversion;
using DataIngestion.Conversion.Specifications;

namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>Files of EDGAR whose records can be counted: CSV, JSON at a path, and indexes in columns of fixed width below a dashed rule.</summary>
internal sealed class EdgarSuite : IConformanceSuite
{
    static readonly (string File, string Path, int Rows)[] Json =
    [
        ("company_tickers.json.gz", "$.{key}", 9610), ("snow_facts.json.gz", "$.facts.us-gaap.{tag}", 336), ("0001213900-24-004875-index.json", "$.directory.item[*]", 25),
        ("company_submission.json", "$.filings.recent", 1),
    ];

    public string Name => "sec-edgar";

    public string Folder => "market/sec_edgar";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (name.Contains(".csv", StringComparison.Ordinal))
                yield return await ConformanceCase.ReadingAsync(name, () => CountAsync(path, new(), Records(Lines(path)) - 1, cancellationToken));
            else if (name.Contains(".idx", StringComparison.Ordinal))
                yield return await IndexAsync(path, cancellationToken);
            else if (Json.FirstOrDefault(j => j.File == name) is { File: not null } json)
                yield return await ConformanceCase.ReadingAsync(name, () => CountAsync(path, new() { RecordPath = json.Path }, json.Rows, cancellationToken));
        }
    }

    static async Task<ConformanceCase> IndexAsync(string path, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(path);
        if (!FormatSpecifications.Standard.Names.Contains("fixed-width"))
            return new(name, Verdict.Declined, "columns of fixed width are not read");
        var rows = Lines(path).SkipWhile(l => !l.StartsWith("----", StringComparison.Ordinal)).Skip(1).Count(l => l.Trim().Length > 0);
        return await ConformanceCase.ReadingAsync(name, () => CountAsync(path, new() { Format = "fixed-width" }, rows, cancellationToken));
    }

    static async Task<string?> CountAsync(string path, FormatHint hint, int rows, CancellationToken cancellationToken)
    {
        var read = await ReadTable.OfAsync(path, new() { Hint = hint }, cancellationToken);
        return (read.Rows.Count, read.Rejected.Count) == (rows, 0) ? null : $"{read.Rows.Count} rows and {read.Rejected.Count} rejected, not {rows}";
    }

    static IEnumerable<string> Lines(string path)
    {
        using var stored = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stored, CompressionMode.Decompress) : stored;
        using var text = new StreamReader(content);
        while (text.ReadLine() is { } line)
            yield return line;
    }

    // A line ends a record unless a quote is open.
    static int Records(IEnumerable<string> lines)
    {
        var (records, isOpen) = (0, false);
        foreach (var line in lines)
        {
            isOpen ^= line.Count(c => c == '"') % 2 == 1;
            records += !isOpen && line.Length > 0 ? 1 : 0;
        }

        return records;
    }
}
