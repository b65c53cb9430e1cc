using System.Runtime.CompilerServices;
using DataIngestion.Conversion;

namespace DataIngestion.Benchmarks.ConformanceBoard.Workbooks;

/// <summary>
/// ExcelDataReader's test files. Files of one stem are one workbook in several formats and have to agree in sheets, rows, cells and types; encrypted and
/// damaged ones have to be refused with a sentence that says so.
/// </summary>
internal sealed class ExcelSuite : IConformanceSuite
{
    /// <summary>Encrypted without their names saying so; their strict twins were saved without a password.</summary>
    static readonly string[] Encrypted = ["TestExcel_2040.xls", "TestExcel_2040.xlsx", "Test_git_issue289.xlsx", "Test_git_issue_477_crypto_keylength40.xls"];

    /// <summary>No workbooks, and compound files that are cut off: ExcelDataReader's own tests expect its exception for damage.</summary>
    static readonly string[] Damaged = ["EmptyZipFile", "Test_Issue_12556_corrupt", "Test_git_issue_5"];

    /// <summary>
    /// Not the same workbook as its namesakes, which other readers show too: the first two have another date and other sheets, the third one formula instead of seven.
    /// </summary>
    static readonly string[] Unlike = ["roo_1900_base.xls", "roo_1904_base.xls", "Test_Issue_BoolFormula.xls"];

    public string Name => "excel";

    public string Folder => "excel/exceldatareader";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var files = Directory.EnumerateFiles(folder, "*.xls*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        foreach (var stem in files.GroupBy(f => Path.GetFileNameWithoutExtension(f)).OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            (string File, IReadOnlyList<BookTable> Sheets)? first = null;
            foreach (var file in stem)
            {
                var name = Path.GetRelativePath(folder, file).Replace('\\', '/');
                if (Encrypted.Contains(name) || stem.Key.Contains("_pwd_", StringComparison.Ordinal))
                {
                    yield return await EncryptedAsync(name, file, cancellationToken);
                    continue;
                }

                if (Damaged.Contains(stem.Key))
                {
                    yield return await ConformanceCase.RefusalAsync(name, () => ReadTable.OfAsync(file, new() { Hint = new() { Format = Path.GetExtension(file)[1..] } }, cancellationToken));
                    continue;
                }

                yield return await ConformanceCase.ReadingAsync(name, async () =>
                {
                    var sheets = await BookSheets.ReadAsync(file, cancellationToken);
                    if (Unlike.Contains(name))
                        return null;
                    first ??= (name, sheets);
                    return await TwinAsync(file, sheets, cancellationToken) ?? (Difference(sheets, first.Value.Sheets) is { } difference ? $"{difference} as in {first.Value.File}" : null);
                });
            }
        }
    }

    static string? Difference(IReadOnlyList<BookTable> left, IReadOnlyList<BookTable> right)
    {
        var (names, others) = (string.Join(", ", left.Select(s => s.Name)), string.Join(", ", right.Select(s => s.Name)));
        return names != others ? $"the sheets are {names}, not {others}" : left.Zip(right, (l, r) => l.Difference(r)).FirstOrDefault(d => d is not null);
    }

    static async Task<ConformanceCase> EncryptedAsync(string name, string file, CancellationToken cancellationToken)
    {
        var judged = await ConformanceCase.RefusalAsync(name, () => ReadTable.OfAsync(file, null, cancellationToken));
        return judged.Verdict == Verdict.Refused && judged.Reason?.Contains("encrypt", StringComparison.OrdinalIgnoreCase) != true
            ? ConformanceCase.Wrong(name, $"is refused, but not as encrypted: {judged.Reason}")
            : judged;
    }

    /// <summary>The same table as delimited text, where there is one.</summary>
    static async Task<string?> TwinAsync(string file, IReadOnlyList<BookTable> sheets, CancellationToken cancellationToken)
    {
        if (SharedFolder.Find("csv/exceldatareader_csv") is not { } folder || Path.Combine(folder, Path.GetFileNameWithoutExtension(file) + ".csv") is var twin && !File.Exists(twin))
            return null;
        var expected = await ReadTable.OfAsync(twin, new() { Types = TypesMode.Text, Hint = new() { Format = "csv", Header = false } }, cancellationToken);
        var (left, right) = (Text(sheets[0].Rows), Text(expected.Rows));
        return left == right ? null : $"its csv twin is {right}, not {left}";
    }

    static string Text(IReadOnlyList<object?[]> rows) => string.Join('\n', rows.Select(r => string.Join('|', r)));
}
