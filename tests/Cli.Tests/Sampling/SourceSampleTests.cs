using DataIngestion.Cli.Platform;
using DataIngestion.Cli.Sampling;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Cli.Tests.Sampling;

/// <summary>The repository's definitions, and one host that plays all their providers.</summary>
public sealed class RepositorySamples : IAsyncLifetime
{
    readonly AzuriteFixture _azurite = new();
    SampleHost? _host;

    internal static PlatformConfiguration Configuration { get; } = ConfigurationLoader.Load(Path.Combine(Repository.Root, "configs"), Path.Combine(Repository.Root, "workflows"));

    internal SampleHost Host => _host!;

    public async ValueTask InitializeAsync()
    {
        await _azurite.InitializeAsync();
        _host = await SampleHost.StartAsync(_azurite.ConnectionString, Configuration, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        await _azurite.DisposeAsync();
    }
}

/// <summary>Every source that has samples, run against them as it is defined, from the first request to the rows in Parquet.</summary>
public sealed class SourceSampleTests(RepositorySamples samples) : IClassFixture<RepositorySamples>
{
    /// <summary>One case a sample, and one that is skipped for every dataset of an API that has none, so that it is seen.</summary>
    public static TheoryData<string, string> Datasets()
    {
        var cases = new TheoryData<string, string>();
        var found = SampleFile.In(Repository.Root).Select(s => (s.Source, s.Dataset)).ToList();
        foreach (var (source, dataset) in found)
            cases.Add(source, dataset);
        foreach (var source in RepositorySamples.Configuration.Sources.Values.Where(s => s.Kind is SourceKind.Api).OrderBy(s => s.Source, StringComparer.Ordinal))
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
        var outcome = await samples.Host.RunAsync(Assert.Single(SampleFile.In(Repository.Root, source, dataset)), TestContext.Current.CancellationToken);
        Assert.True(outcome.IsOk, string.Join(Environment.NewLine, outcome.Problems));
    }
}
