using System.Runtime.CompilerServices;
using DataIngestion.Tabular.Tests.Conformance;
using Found = DataIngestion.Tabular.Tests.Conformance.Verdict;

namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>
/// Parquet files of others against the answers beside them, else DuckDB's, else the manifest's counts. Malformed ones of a fuzzer may be read or
/// refused, without a crash; those of <c>bad_data</c> have to be refused. Encrypted ones are declined.
/// </summary>
internal sealed class ParquetSuite(string folder, string name) : IConformanceSuite
{
    public string Name => name;

    public string Folder => "parquet/" + folder;

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string root, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var path in ParquetConformance.Files(root))
        {
            var found = await ParquetConformance.CheckAsync(Path.GetDirectoryName(root)!, path, cancellationToken);
            var file = Path.GetRelativePath(root, path);
            yield return found.Verdict switch
            {
                Found.Refused when file.EndsWith(".encrypted", StringComparison.Ordinal) => new(file, Verdict.Declined, found.Detail),
                Found.Refused => new(file, Verdict.Refused, found.Detail),
                Found.Wrong => new(file, Verdict.Wrong, found.Detail),
                Found.Counted when file.StartsWith("bad_data", StringComparison.Ordinal) => new(file, Verdict.Wrong, $"is invalid, and was read: {found.Detail}"),
                _ => new(file, Verdict.Right, found.Detail),
            };
        }
    }
}
