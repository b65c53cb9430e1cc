using System.Runtime.CompilerServices;
using DataIngestion.Conversion;

namespace DataIngestion.Benchmarks.ConformanceBoard.Arrow;

/// <summary>
/// Arrow's own integration files: the file and the stream of each must hold what its JSON says. Files that fuzzers made must end in rows or in a sentence;
/// nobody says which.
/// </summary>
internal sealed class ArrowSuite : IConformanceSuite
{
    public string Name => "arrow";

    public string Folder => "arrow";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var integration = Path.Combine(folder, "integration");
        foreach (var json in Directory.EnumerateFiles(integration, "*.json*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var stem = json[..json.LastIndexOf(".json", StringComparison.Ordinal)];
            yield return await ConformanceCase.ReadingAsync(Path.GetRelativePath(folder, stem), async () =>
            {
                var expected = ArrowJson.Load(json);
                foreach (var path in new[] { stem + ".arrow_file", stem + ".stream" })
                {
                    var read = await ReadTable.OfAsync(path, Arrow, cancellationToken);
                    if (expected.Compare(read.Schema, read.Rows) is { } difference)
                        return $"{Path.GetExtension(path)}: {difference}";
                }

                return null;
            });
        }

        foreach (var path in Directory.EnumerateFiles(Path.Combine(folder, "fuzz_malformed")).Where(p => !p.EndsWith(".tsv", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            yield return await MalformedAsync(folder, path, cancellationToken);
    }

    static ConversionRequest Arrow => new() { Hint = new() { Format = "arrow" } };

    static async Task<ConformanceCase> MalformedAsync(string folder, string path, CancellationToken cancellationToken)
    {
        var name = Path.GetRelativePath(folder, path);
        try
        {
            await ReadTable.OfAsync(path, Arrow, cancellationToken);
            return ConformanceCase.Right(name);
        }
        catch (ConversionException sentence)
        {
            return new(name, Verdict.Refused, sentence.Message);
        }
        catch (Exception unclear) when (unclear is not OperationCanceledException)
        {
            return ConformanceCase.Wrong(name, $"{unclear.GetType().Name}: {unclear.Message}");
        }
    }
}
