using System.Runtime.CompilerServices;
using System.Text;
using DataIngestion.Conversion;

namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>CSV files that have to agree with each other: one table plain and compressed, and in several encodings, which the names state.</summary>
internal sealed class CsvTwinsSuite : IConformanceSuite
{
    static readonly (string Name, int CodePage, int Rows, int Columns)[] Encodings =
    [
        ("utf8.csv", 65001, 2, 3), ("utf8_bom.csv", 65001, 2, 3), ("utf16le_bom.csv", 1200, 2, 3), ("utf16be_bom.csv", 1201, 2, 3), ("cp1252.csv", 1252, 2, 3),
    ];

    public string Name => "csv-twins";

    public string Folder => "csv";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var arrow = Path.Combine(folder, "arrow_csv", "aggregate_test_100.csv");
        if (File.Exists(arrow))
            yield return await ConformanceCase.ReadingAsync("arrow_csv/aggregate_test_100.csv.gz", () => SameAsync(arrow, arrow + ".gz", cancellationToken));
        if (File.Exists(arrow))
            yield return await ConformanceCase.ReadingAsync("arrow_csv/aggregate_test_100_with_dates.csv", () => CountAsync(arrow.Replace("100.csv", "100_with_dates.csv", StringComparison.Ordinal), 100, 15, cancellationToken));
        var excel = Path.Combine(folder, "exceldatareader_csv");
        if (!Directory.Exists(excel))
            yield break;
        foreach (var (name, page, rows, columns) in Encodings)
            yield return await ConformanceCase.ReadingAsync("exceldatareader_csv/" + name, () => EncodedAsync(Path.Combine(excel, name), page, rows, columns, cancellationToken));
        foreach (var name in (string[])["comma_in_quotes", "escaped_quotes"])
        {
            var twin = Path.Combine(folder, "csv_spectrum", "json", name + ".json");
            if (File.Exists(twin))
                yield return await ConformanceCase.ReadingAsync($"exceldatareader_csv/{name}.csv", () => CsvSpectrumSuite.CompareAsync(Path.Combine(excel, name + ".csv"), twin, cancellationToken));
        }

        yield return await ConformanceCase.ReadingAsync("exceldatareader_csv/MOCK_DATA.csv", () => CountAsync(Path.Combine(excel, "MOCK_DATA.csv"), 1000, 6, cancellationToken));
    }

    static async Task<string?> SameAsync(string one, string other, CancellationToken cancellationToken)
    {
        var (left, right) = (await ReadTable.OfAsync(one, null, cancellationToken), await ReadTable.OfAsync(other, null, cancellationToken));
        if (!left.Schema.SequenceEqual(right.Schema) || left.Rows.Count != right.Rows.Count)
            return $"{left.Rows.Count} rows of {left.Schema.Count} columns, and {right.Rows.Count} of {right.Schema.Count}";
        var differs = Enumerable.Range(0, left.Rows.Count).FirstOrDefault(r => !left.Rows[r].SequenceEqual(right.Rows[r]), -1);
        return differs < 0 ? null : $"row {differs + 1} differs";
    }

    static async Task<string?> EncodedAsync(string path, int codePage, int rows, int columns, CancellationToken cancellationToken)
    {
        var read = await ReadTable.OfAsync(path, new() { Types = TypesMode.Text }, cancellationToken);
        var name = read.Result.Format.Encoding ?? "unknown";
        var found = (CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name)).CodePage;
        return found == codePage ? Shape(read, rows, columns) : $"the encoding is {name}, not code page {codePage}";
    }

    static async Task<string?> CountAsync(string path, int rows, int columns, CancellationToken cancellationToken) =>
        Shape(await ReadTable.OfAsync(path, null, cancellationToken), rows, columns);

    static string? Shape(ReadTable read, int rows, int columns) => (read.Rows.Count, read.Schema.Count, read.Rejected.Count) == (rows, columns, 0)
        ? null
        : $"{read.Rows.Count} rows of {read.Schema.Count} columns and {read.Rejected.Count} rejected, not {rows} of {columns}";
}
