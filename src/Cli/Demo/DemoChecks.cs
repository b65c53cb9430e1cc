namespace DataIngestion.Cli.Demo;

/// <summary>What must hold after the demo. Each broken one is a sentence.</summary>
internal static class DemoChecks
{
    /// <summary>Everything that does not hold.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<SourceSummary> first, IReadOnlyList<SourceSummary> second, IReadOnlyList<DatasetSummary> datasets) =>
        OfRounds(first, second).Concat(OfDatasets(datasets));

    /// <summary>What does not hold of two rounds of the same sources, the second a while after the first.</summary>
    public static IEnumerable<string> OfRounds(IReadOnlyList<SourceSummary> first, IReadOnlyList<SourceSummary> second)
    {
        foreach (var source in first.Concat(second))
        {
            foreach (var failure in source.Failures)
                yield return $"run {source.Round}: {failure}";
            if (source.Failures.Count == 0 && !source.IsRight)
            {
                yield return $"run {source.Round}, {source.Source}: {source.RowsIn} rows in, but {source.RowsOut} out + {source.RowsQuarantined} quarantined + {source.RowsMergedAway} merged away "
                    + $"= {source.RowsOut + source.RowsQuarantined + source.RowsMergedAway}";
            }
        }

        if (first.All(s => s.RowsIn == 0))
            yield return "the first run ingested nothing";

        // What both runs asked for may only come once.
        foreach (var again in second)
        {
            var before = first.FirstOrDefault(s => s.Source == again.Source && s.Dataset == again.Dataset);
            if (before is not null && again.RowsIn >= before.RowsIn && before.RowsIn > 0)
                yield return $"run 2, {again.Source}: {again.RowsIn} rows came after {before.RowsIn} in the first run; only what is new should";
        }
    }

    static IEnumerable<string> OfDatasets(IReadOnlyList<DatasetSummary> datasets)
    {
        if (datasets.Count > 0 && !datasets.Any(d => d.Sources.Count > 1))
            yield return "no dataset was merged from two sources";
        if (datasets.Count == 0)
            yield return "no dataset was published";
    }
}
