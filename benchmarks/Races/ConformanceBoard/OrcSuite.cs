using System.IO.Compression;
using System.Runtime.CompilerServices;
using DataIngestion.Conversion;

namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>
/// Apache ORC's example files against the rows that its own tools print: a JSON object a row. Files without such rows must have as many as their footer says,
/// which the reader holds against its stripes.
/// </summary>
internal sealed class OrcSuite : IConformanceSuite
{
    public string Name => "orc";

    public string Folder => "orc/examples";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.orc").Order(StringComparer.Ordinal))
        {
            var expected = Path.Combine(folder, "expected", Path.GetFileNameWithoutExtension(file) + ".jsn.gz");
            yield return await ConformanceCase.ReadingAsync(Path.GetFileName(file), () => CompareAsync(file, File.Exists(expected) ? expected : null, cancellationToken));
        }

        var corrupt = Path.Combine(folder, "corrupt");
        if (!Directory.Exists(corrupt))
            yield break;
        foreach (var file in Directory.EnumerateFiles(corrupt, "*.orc").Order(StringComparer.Ordinal))
            yield return await ConformanceCase.RefusalAsync("corrupt/" + Path.GetFileName(file), () => ReadTable.OfAsync(file, Request, cancellationToken));
    }

    static ConversionRequest Request => new() { Hint = new() { Format = "orc" } };

    static async Task<string?> CompareAsync(string file, string? expected, CancellationToken cancellationToken)
    {
        var table = await ReadTable.OfAsync(file, Request, cancellationToken);
        if (expected is null)
            return table.Result.RowsIn == table.Rows.Count ? null : $"{table.Result.RowsIn} rows in, {table.Rows.Count} out";
        await using var packed = new GZipStream(File.OpenRead(expected), CompressionMode.Decompress);
        using var lines = new StreamReader(packed);
        var row = 0;
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (row >= table.Rows.Count)
                return $"only {table.Rows.Count} rows, and more are expected";
            if (OrcRowComparison.Difference(line, table.Schema, table.Rows[row]) is { } difference)
                return $"row {row + 1}: {difference}";
            row++;
        }

        return row == table.Rows.Count ? null : $"{table.Rows.Count} rows, and {row} are expected";
    }
}
