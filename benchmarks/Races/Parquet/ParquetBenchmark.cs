using DataIngestion.Tabular.Tests.Conformance;

namespace DataIngestion.Benchmarks.Parquet;

/// <summary>Third-party Parquet files, each read and compared with what others say is in it; then reading speed beside Parquet.Net.</summary>
internal sealed class ParquetBenchmark : IBenchmark
{
    public string Name => "parquet";

    public string Description => "Parquet files of others, file by file, and reading beside Parquet.Net; argument: million rows (default 1)";

    public async Task RunAsync(IReport report, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (Data() is { } root)
            await ScoreAsync(report, root, cancellationToken);
        else
            report.Note("The folder of test data (../shared/data/parquet, or INGEST_SHARED_DATA) is not there; only speed is measured.");
        var millions = arguments.Count > 0 ? int.Parse(arguments[0], System.Globalization.CultureInfo.InvariantCulture) : 1;
        await ReadRace.RunAsync(report, millions, cancellationToken);
    }

    static async Task ScoreAsync(IReport report, string root, CancellationToken cancellationToken)
    {
        var all = new List<Conformance>();
        foreach (var file in ParquetConformance.Files(root))
        {
            var found = await ParquetConformance.CheckAsync(root, file, cancellationToken);
            all.Add(found);
            report.Add(new BoardResult("parquet", found.File, found.Verdict == Verdict.Wrong ? 0 : 1, 1, 1));
            report.Note($"           {found.Verdict}: {found.Detail}");
        }

        foreach (var folder in all.GroupBy(c => c.File.Split('/')[0]))
            report.Add(new BoardResult("parquet", $"{folder.Key}, all files", folder.Count(c => c.Verdict != Verdict.Wrong), folder.Count(), folder.Count()));
        foreach (var verdict in all.GroupBy(c => c.Verdict))
            report.Note($"{verdict.Key}: {verdict.Count()} of {all.Count}");
    }

    static string? Data()
    {
        if (Environment.GetEnvironmentVariable("INGEST_SHARED_DATA") is { } named)
            return Path.Combine(named, "parquet");
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data", "parquet");
            if (Directory.Exists(candidate))
                return candidate;
        }

        return null;
    }
}
