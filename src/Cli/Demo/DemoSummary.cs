using DataIngestion.Contracts;

namespace DataIngestion.Cli.Demo;

/// <summary>What one source's runs of a round came to, for one dataset.</summary>
internal sealed record SourceSummary
{
    /// <summary>Which round: 1 or 2.</summary>
    public int Round { get; init; }

    /// <summary>Source id.</summary>
    public required string Source { get; init; }

    /// <summary>Dataset id.</summary>
    public required string Dataset { get; init; }

    /// <summary>Runs it took: one a file.</summary>
    public int Runs { get; init; }

    /// <summary>Records found.</summary>
    public long RowsIn { get; init; }

    /// <summary>Rows that stood in the dataset when they were merged.</summary>
    public long RowsOut { get; init; }

    /// <summary>Rows set aside.</summary>
    public long RowsQuarantined { get; init; }

    /// <summary>Rows that the merge did not need.</summary>
    public long RowsMergedAway { get; init; }

    /// <summary>Requests to the source that had to be repeated.</summary>
    public int Retries { get; init; }

    /// <summary>From the begin of the first run to the end of the last.</summary>
    public double Seconds { get; init; }

    /// <summary>The snapshot that was published last.</summary>
    public LakePath? Snapshot { get; init; }

    /// <summary>Why runs failed; empty when none did.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    /// <summary>Whether every row that came in is accounted for and nothing failed.</summary>
    public bool IsRight => Failures.Count == 0 && RowsIn == RowsOut + RowsQuarantined + RowsMergedAway;

    /// <summary>Sums runs up by source and dataset.</summary>
    public static IReadOnlyList<SourceSummary> Of(int round, IEnumerable<IngestionStatus> runs) =>
    [
        .. runs.SelectMany(r => DatasetsOf(r).Select(d => (Run: r, Dataset: d)))
            .GroupBy(x => (x.Run.Source, x.Dataset.Dataset))
            .OrderBy(g => g.Key.Dataset, StringComparer.Ordinal).ThenBy(g => g.Key.Source, StringComparer.Ordinal)
            .Select(g => new SourceSummary
            {
                Round = round,
                Source = g.Key.Source,
                Dataset = g.Key.Dataset,
                Runs = g.Count(),
                RowsIn = g.Sum(x => x.Dataset.RowsIn),
                RowsOut = g.Sum(x => x.Dataset.RowsOut),
                RowsQuarantined = g.Sum(x => x.Dataset.RowsQuarantined),
                RowsMergedAway = g.Sum(x => x.Dataset.RowsMergedAway),
                Retries = g.Sum(x => x.Dataset.Retries),
                Seconds = Math.Round((g.Max(x => EndOf(x.Run)) - g.Min(x => x.Run.StartedAt)).TotalSeconds, 1),
                Snapshot = g.OrderBy(x => EndOf(x.Run)).Select(x => x.Dataset.Snapshot).LastOrDefault(s => s is not null),
                Failures = [.. g.Where(x => x.Run.Status is not RunState.Completed || x.Dataset.Failure is not null).Select(x => $"{x.Run.Run}: {Why(x.Run, x.Dataset)}")],
            }),
    ];

    // A run that broke before it knew its datasets still has to show up.
    static IEnumerable<DatasetReport> DatasetsOf(IngestionStatus run) => run.Report is { Datasets.Count: > 0 } report
        ? report.Datasets
        : [new() { Dataset = "", Source = run.Source, Outcome = RunOutcome.Failed, Failure = run.Report?.Failure }];

    static string Why(IngestionStatus run, DatasetReport dataset) =>
        (dataset.Failure ?? run.Report?.Failure)?.Message ?? run.Status.ToString().ToLowerInvariant();

    static DateTimeOffset EndOf(IngestionStatus run) => run.Report?.FinishedAt ?? run.UpdatedAt ?? run.StartedAt;
}

/// <summary>What a dataset holds after the demo.</summary>
/// <param name="Dataset">Dataset id.</param>
/// <param name="Rows">Rows that stand.</param>
/// <param name="Sources">Sources that have a say in it.</param>
/// <param name="Disagreements">Rows about which they disagree.</param>
/// <param name="Snapshot">The current snapshot.</param>
internal sealed record DatasetSummary(string Dataset, long Rows, IReadOnlyList<string> Sources, long Disagreements, LakePath Snapshot);
