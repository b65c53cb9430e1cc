using DataIngestion.Contracts;
using DataIngestion.Samples;
using DataIngestion.TestKit;

namespace DataIngestion.Collect.Tests;

public sealed class FaultTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Rate_limits_and_a_passing_outage_cost_time_and_no_records()
    {
        var options = Bars.Vendor(20) with { RateLimitEvery = 4, RetryAfterSeconds = 0, UnavailableAt = 2 };
        await using var vendor = await VendorSimulator.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken);
        await using var bench = await Workbench.OpenAsync(azurite);

        var (result, manifest) = await bench.CollectAsync(bench.Source(vendor.BaseAddress, Bars.Paged(5)), 1);

        Assert.Equal(options.Bars.Count, manifest.Artefacts.Sum(a => a.Records));
        var counters = vendor.Counters["/v1/bars"];
        Assert.Equal(1, counters.Unavailable);
        Assert.Equal(counters.RateLimited + 1, result.Retries);
        Assert.Equal(counters.Requests, result.Requests);
        Assert.True(counters.RateLimited >= 3);
    }

    [Theory]
    [InlineData(VendorFault.HtmlBody, "is an HTML page", "It begins: <!DOCTYPE html><html><body>We will be back soon.")]
    [InlineData(VendorFault.ErrorBody, "has nothing at the record path 'bars[*]'", """It begins: {"error":"please slow down"}""")]
    public async Task What_is_not_data_is_said_and_not_landed(VendorFault fault, string problem, string quote)
    {
        await using var vendor = await VendorSimulator.StartAsync(Bars.Vendor(10), cancellationToken: TestContext.Current.CancellationToken);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(vendor.BaseAddress, Bars.Paged(50));
        vendor.Inject(fault);

        var failure = await FailureAsync(bench, source);
        Assert.Equal(("unexpected-body", true), (failure.Code, failure.IsTransient));
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.Contains(quote, failure.Message, StringComparison.Ordinal);
        Assert.Equal(["plan.json"], (await bench.LandingAsync("bars", 1)).Keys);

        vendor.Inject(VendorFault.None);
        Assert.Equal(1, (await bench.CollectAsync(source, 1)).Result.Artefacts); // the same run goes on
    }

    [Theory]
    [InlineData(VendorFault.Unauthorized, "unauthorized", false), InlineData(VendorFault.ServerError, "source-unavailable", true)]
    [InlineData(VendorFault.NeverAnswers, "timeout", true), InlineData(VendorFault.TruncatedBody, "source-unavailable", true)]
    public async Task A_broken_source_says_whether_it_is_worth_another_try(VendorFault fault, string code, bool isTransient)
    {
        await using var vendor = await VendorSimulator.StartAsync(Bars.Vendor(10), cancellationToken: TestContext.Current.CancellationToken);
        await using var bench = await Workbench.OpenAsync(azurite);
        var limits = new LimitsDefinition { RequestsPerSecond = 1000, Attempts = 2, Backoff = TimeSpan.FromMilliseconds(1), AttemptTimeout = TimeSpan.FromSeconds(fault is VendorFault.NeverAnswers ? 0.5 : 30) };
        vendor.Inject(fault);

        var failure = await FailureAsync(bench, bench.Source(vendor.BaseAddress, Bars.Paged(50), limits: limits));

        Assert.Equal((code, isTransient), (failure.Code, failure.IsTransient));
        Assert.DoesNotContain(Workbench.Secret, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_truncated_page_is_fetched_again_within_the_collection()
    {
        await using var vendor = await VendorSimulator.StartAsync(Bars.Vendor(10), cancellationToken: TestContext.Current.CancellationToken);
        await using var bench = await Workbench.OpenAsync(azurite);
        vendor.Inject(VendorFault.TruncatedBody, times: 1);

        var (result, manifest) = await bench.CollectAsync(bench.Source(vendor.BaseAddress, Bars.Paged(50)), 1);

        Assert.Equal((24, 1), (manifest.Artefacts.Sum(a => a.Records), result.Retries));
    }

    [Fact]
    public async Task A_dataset_that_the_source_does_not_offer_is_named()
    {
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(new("http://127.0.0.1:9"), Bars.All);

        var failure = (await Assert.ThrowsAsync<StepFailedException>(() => bench.Collector.CollectAsync(
            new() { Source = source, Dataset = "rates" }, bench.Run(1), cancellationToken: TestContext.Current.CancellationToken))).Failure;

        Assert.Equal("configuration-invalid", failure.Code);
        Assert.Contains("'rates'", failure.Message, StringComparison.Ordinal);
    }

    static async Task<Failure> FailureAsync(Workbench bench, SourceDefinition source) =>
        (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 1))).Failure;
}
