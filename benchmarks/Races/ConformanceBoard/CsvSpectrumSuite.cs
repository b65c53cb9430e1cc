using System.Runtime.CompilerServices;
using System.Text.Json;
using DataIngestion.Conversion;

namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>csv-spectrum: each CSV file is exactly its JSON twin, every cell as text.</summary>
internal sealed class CsvSpectrumSuite : IConformanceSuite
{
    public string Name => "csv-spectrum";

    public string Folder => "csv/csv_spectrum";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(folder, "csvs")).Order(StringComparer.Ordinal))
        {
            var twin = Path.Combine(folder, "json", Path.ChangeExtension(Path.GetFileName(path), ".json"));
            yield return await ConformanceCase.ReadingAsync(Path.GetFileName(path), () => CompareAsync(path, twin, cancellationToken));
        }
    }

    /// <summary>How a CSV file differs from an array of objects; null where it does not.</summary>
    public static async Task<string?> CompareAsync(string path, string twin, CancellationToken cancellationToken)
    {
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(twin, cancellationToken));
        var expected = json.RootElement.EnumerateArray().Select(o => o.EnumerateObject().Select(p => (p.Name, Value: p.Value.GetString())).ToList()).ToList();
        var read = await ReadTable.OfAsync(path, new() { Types = TypesMode.Text }, cancellationToken);
        if (read.Rows.Count != expected.Count || read.Rejected.Count > 0)
            return $"{read.Rows.Count} rows and {read.Rejected.Count} rejected, not {expected.Count}";
        for (var row = 0; row < expected.Count; row++)
        {
            foreach (var (name, value) in expected[row])
            {
                if (read.Schema.IndexOf(name) < 0)
                    return $"there is no column '{name}'";
                if (!Equals(read[row, name] ?? "", value))
                    return $"row {row + 1}, '{name}': {JsonSerializer.Serialize(read[row, name])}, not {JsonSerializer.Serialize(value)}";
            }
        }

        return read.Schema.Count == expected[0].Count ? null : $"{read.Schema.Count} columns, not {expected[0].Count}";
    }
}
