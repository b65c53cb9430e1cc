using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using DataIngestion.Conversion;

namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>
/// Market data as LEAN keeps it: CSV without a header, mostly in zip archives. Nothing is said about them but where they lie; every line is a row, bars are sane
/// (low at most open and close, high at least), and times rise.
/// </summary>
internal sealed class LeanSuite : IConformanceSuite
{
    /// <summary>Folders whose files name their columns.</summary>
    static readonly string[] WithHeader = ["margins", "interest-rate", "symbol-properties"];

    public string Name => "lean";

    public string Folder => "market/lean";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => f.EndsWith(".zip", StringComparison.Ordinal) || f.EndsWith(".csv", StringComparison.Ordinal) || f.EndsWith(".csv.gz", StringComparison.Ordinal));
        foreach (var path in files.Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, path).Replace('\\', '/');
            using var parts = InputParts.Find(() => File.OpenRead(path), name, new());
            foreach (var part in parts.Parts)
                yield return await ConformanceCase.ReadingAsync(part.Member is null ? name : $"{name}/{part.Member}", () => CompareAsync(name, part, cancellationToken));
        }
    }

    static async Task<string?> CompareAsync(string path, InputPart part, CancellationToken cancellationToken)
    {
        var hasHeader = WithHeader.Any(w => path.Contains(w, StringComparison.Ordinal)) && !path.Contains("margin_interest", StringComparison.Ordinal);
        var lines = await LinesAsync(part, path, cancellationToken) - (hasHeader ? 1 : 0);
        var read = await ReadTable.OfAsync(part.Open, new() { Name = part.Name }, cancellationToken);
        if (read.Rows.Count != lines || read.Rejected.Count > 0)
            return $"{read.Rows.Count} rows and {read.Rejected.Count} rejected of {lines} lines with data";
        if (path.Contains("_openinterest", StringComparison.Ordinal) || !(path.Contains("/minute/", StringComparison.Ordinal) || path.Contains("/daily/", StringComparison.Ordinal) || path.Contains("/hour/", StringComparison.Ordinal)))
            return null;
        for (var row = 0; row < read.Rows.Count; row++)
        {
            if ((Bar(read.Rows[row], 1) ?? (read.Schema.Count > 9 ? Bar(read.Rows[row], 6) : null)) is { } fault)
                return $"row {row + 1}: {fault}";
            if (row > 0 && read.Rows[row - 1][0] is IComparable before && before.CompareTo(read.Rows[row][0]) > 0)
                return $"row {row + 1}: the time {read.Rows[row][0]} is before {before}";
        }

        return null;
    }

    static string? Bar(object?[] row, int at)
    {
        var prices = row[at..(at + 4)];
        if (prices.Any(p => p is null))
            return null;
        if (prices.Any(p => p is string))
            return "a price is text";
        var (open, high, low, close) = (Number(prices[0]), Number(prices[1]), Number(prices[2]), Number(prices[3]));
        return low <= Math.Min(open, close) && high >= Math.Max(open, close) ? null : $"open {open}, high {high}, low {low}, close {close}";
    }

    static decimal Number(object? value) => System.Convert.ToDecimal(value, CultureInfo.InvariantCulture);

    static async Task<int> LinesAsync(InputPart part, string path, CancellationToken cancellationToken)
    {
        await using var stored = part.Open();
        await using var content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stored, CompressionMode.Decompress) : stored;
        using var text = new StreamReader(content);
        var lines = 0;
        while (await text.ReadLineAsync(cancellationToken) is { } line)
            lines += line.Trim().Length > 0 ? 1 : 0;
        return lines;
    }
}
