using DataIngestion.Cli.Platform;
using DataIngestion.Cli.Sampling;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Cli.Tests.Sampling;

/// <summary>Every source that has samples, run against them as it is defined, from the first request to the rows in Parquet.</summary>
[Collection(SampleStore.Name)]
public sealed class SourceSampleTests(SampleStore store)
{
    /// <summary>One case a sample, and one that is skipped for every dataset of an API that has none, so that it is seen.</summary>
    public static TheoryData<string, string> Datasets()
    {
        var cases = new TheoryData<string, string>();
        var found = SampleFile.In(Repository.Root).Select(s => (s.Source, s.Dataset)).ToList();
        foreach (var (source, dataset) in found)
            cases.Add(source, dataset);
        foreach (var source in SampleStore.Configuration.Sources.Values.Where(s => s.Kind is SourceKind.Api).OrderBy(s => s.Source, StringComparer.Ordinal))
        {
            foreach (var dataset in source.Datasets.Where(d => !found.Contains((source.Source, d.Dataset))))
                cases.Add(new TheoryDataRow<string, string>(source.Source, dataset.Dataset) { Skip = $"There is no samples/sources/{source.Source}/{dataset.Dataset}.yaml." });
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Datasets))]
    public async Task Rows_are_what_the_sample_says(string source, string dataset)
    {
        var outcome = await store.Host.RunAsync(Assert.Single(SampleFile.In(Repository.Root, source, dataset)), TestContext.Current.CancellationToken);
        Assert.True(outcome.IsOk, string.Join(Environment.NewLine, outcome.Problems));
    }
}
