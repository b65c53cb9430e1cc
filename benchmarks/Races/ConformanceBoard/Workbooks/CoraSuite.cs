using System.Runtime.CompilerServices;
using System.Text.Json;
using DataIngestion.Conversion;

namespace DataIngestion.Benchmarks.ConformanceBoard.Workbooks;

/// <summary>A table of citations and its ground truth that pandas wrote as xlsx, csv and json: every cell has to be the same.</summary>
internal sealed class CoraSuite : IConformanceSuite
{
    public string Name => "excel-cora";

    public string Folder => "excel/cora_same_table_xlsx_csv_json";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (stem, hasHeader) in new[] { ("cora", true), ("cora_gt", false) })
        {
            var book = Path.Combine(folder, stem + ".xlsx");
            yield return await ConformanceCase.ReadingAsync($"{stem}.xlsx == {stem}.csv", async () =>
            {
                var csv = await ReadTable.OfAsync(Path.Combine(folder, stem + ".csv"), new() { Types = TypesMode.Text, Hint = new() { Format = "csv", Header = hasHeader } }, cancellationToken);
                return Difference(await BookAsync(book, cancellationToken), [.. csv.Rows.Select(r => r.Select(c => (string?)c ?? "").ToArray())]);
            });
            yield return await ConformanceCase.ReadingAsync($"{stem}.xlsx == {stem}.json", async () =>
            {
                await using var json = File.OpenRead(Path.Combine(folder, stem + ".json"));
                return Difference(await BookAsync(book, cancellationToken), Columns(await JsonSerializer.DeserializeAsync<Dictionary<string, Dictionary<string, JsonElement>>>(json, cancellationToken: cancellationToken)));
            });
        }
    }

    /// <summary>The rows without the first column, which is pandas' own numbering.</summary>
    static async Task<IReadOnlyList<string[]>> BookAsync(string path, CancellationToken cancellationToken)
    {
        var table = await ReadTable.OfAsync(path, new() { Types = TypesMode.Text, Hint = new() { Header = true } }, cancellationToken);
        return [.. table.Rows.Select(r => r.Skip(1).Select(c => (string?)c ?? "").ToArray())];
    }

    /// <summary>Rows of the columns that a JSON object holds by name and row.</summary>
    static List<string[]> Columns(Dictionary<string, Dictionary<string, JsonElement>>? columns) =>
    [
        .. Enumerable.Range(0, columns!.Values.Max(c => c.Count)).Select(row => columns.Values.Select(c => c.TryGetValue(row.ToString(), out var cell) ? cell.ToString() : "").ToArray()),
    ];

    static string? Difference(IReadOnlyList<string[]> found, IReadOnlyList<string[]> expected)
    {
        if (found.Count != expected.Count)
            return $"{found.Count} rows, not {expected.Count}";
        for (var row = 0; row < found.Count; row++)
        {
            for (var i = 0; i < Math.Max(found[row].Length, expected[row].Length); i++)
            {
                var (left, right) = (i < found[row].Length ? found[row][i] : "", i < expected[row].Length ? expected[row][i] : "");
                if (left != right)
                    return $"row {row + 1}, column {i + 1} is '{left}', not '{right}'";
            }
        }

        return null;
    }
}
