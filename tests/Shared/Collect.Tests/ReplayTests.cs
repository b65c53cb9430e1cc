using System.Text;
using DataIngestion.Contracts;
using DataIngestion.Samples;
using DataIngestion.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Collect.Tests;

/// <summary>An earlier run is done again from what it landed.</summary>
public sealed class ReplayTests(AzuriteFixture azurite)
{
    static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("page"), InlineData("cursor"), InlineData("link"), InlineData("stream"), InlineData("one")]
    public async Task A_run_is_replayed_byte_for_byte_without_its_source(string way)
    {
        var time = new FakeTimeProvider(Noon);
        var vendor = await VendorSimulator.StartAsync(Bars.Vendor(30) with { Through = Bars.FirstDay.AddDays(10) }, cancellationToken: Cancel);
        await using var bench = await Workbench.OpenAsync(azurite, time);
        var dataset = way switch
        {
            "page" => Bars.Paged(7) with { Cursor = Bars.ByDate },
            "cursor" => Bars.ByCursor(7) with { Cursor = Bars.ByDate },
            "link" => Bars.ByLink(7) with { Cursor = Bars.ByDate },
            "one" => Bars.All,
            _ => Bars.Trades,
        };
        var source = bench.Source(vendor.BaseAddress, dataset, way == "stream" ? SourceKind.Stream : SourceKind.Api);
        await bench.CollectAsync(source, 0);
        vendor.Through = null;
        var (_, original) = await bench.CollectAsync(source, 1);
        var cursor = await bench.Cursors.FindAsync(bench.SourceId, dataset.Dataset, Cancel);
        await vendor.DisposeAsync();
        time.Advance(TimeSpan.FromDays(1));

        var result = await bench.Collector.ReplayAsync(new(source, dataset.Dataset, bench.Run(1)), bench.Run(7), cancellationToken: Cancel);
        var replayed = await bench.ManifestAsync(result);

        Assert.Equal(bench.Run(1), replayed.ReplayOf);
        Assert.Equal(0, replayed.Requests);
        Assert.Equal(original.Artefacts.Select(Facts), replayed.Artefacts.Select(Facts));
        Assert.Equal(original.Passed.Select(Facts), replayed.Passed.Select(Facts));
        Assert.Equal(await BodiesAsync(bench, dataset, 1), await BodiesAsync(bench, dataset, 7));
        Assert.Equal(await bench.RecordsAsync(original), await bench.RecordsAsync(replayed));
        Assert.Equal(cursor, await bench.Cursors.FindAsync(bench.SourceId, dataset.Dataset, Cancel));
        Assert.Equal(result, await bench.Collector.ReplayAsync(new(source, dataset.Dataset, bench.Run(1)), bench.Run(7), cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_run_that_found_nothing_new_is_replayed_to_nothing()
    {
        var vendor = await VendorSimulator.StartAsync(Bars.Vendor(5), cancellationToken: Cancel);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(vendor.BaseAddress, Bars.All);
        await bench.CollectAsync(source, 0);
        var (nothing, _) = await bench.CollectAsync(source, 1);
        await vendor.DisposeAsync();

        var result = await bench.Collector.ReplayAsync(new(source, "bars", bench.Run(1)), bench.Run(7), cancellationToken: Cancel);

        Assert.Equal((0, 0, 0), (nothing.Artefacts, result.Artefacts, result.Requests));
    }

    [Fact]
    public async Task Records_are_found_as_the_definition_says_today()
    {
        var vendor = await VendorSimulator.StartAsync(Bars.Vendor(5), cancellationToken: Cancel);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(vendor.BaseAddress, Bars.Paged(50) with { Format = new() { Format = "json", RecordPath = "$" } });
        var (_, wrong) = await bench.CollectAsync(source, 0, commit: false);
        await vendor.DisposeAsync();

        var mended = source with { Datasets = [source.Datasets[0] with { Format = new() { Format = "json", RecordPath = "bars[*]" } }] };
        var result = await bench.Collector.ReplayAsync(new(mended, "bars", bench.Run(0)), bench.Run(7), cancellationToken: Cancel);

        Assert.Equal((1, 15), (wrong.Artefacts[0].Records, (await bench.ManifestAsync(result)).Artefacts[0].Records));
    }

    [Fact]
    public async Task What_was_never_asked_cannot_be_replayed()
    {
        var vendor = await VendorSimulator.StartAsync(Bars.Vendor(5), cancellationToken: Cancel);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(vendor.BaseAddress, Bars.Paged(4));
        await bench.CollectAsync(source, 0);
        await vendor.DisposeAsync();
        var changed = source with { Datasets = [Bars.Paged(5)] };

        var asked = await FailureAsync(() => bench.Collector.ReplayAsync(new(changed, "bars", bench.Run(0)), bench.Run(7), cancellationToken: Cancel));
        var unfinished = await FailureAsync(() => bench.Collector.ReplayAsync(new(source, "bars", bench.Run(3)), bench.Run(8), cancellationToken: Cancel));

        Assert.Equal("replay-missing", asked.Code);
        Assert.Contains("GET /v1/bars?size=5&page=1", asked.Message, StringComparison.Ordinal);
        Assert.Equal("replay-missing", unfinished.Code);
        Assert.Contains("manifest.json", unfinished.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_were_written_over_are_noticed()
    {
        var vendor = await VendorSimulator.StartAsync(Bars.Vendor(5), cancellationToken: Cancel);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(vendor.BaseAddress, Bars.All);
        var (_, manifest) = await bench.CollectAsync(source, 0);
        await vendor.DisposeAsync();
        var path = manifest.Artefacts[0].Path;
        await bench.Blobs.DeleteAsync(path, Cancel);
        await bench.Blobs.WriteOnceAsync(path, new MemoryStream(Encoding.UTF8.GetBytes("""{"bars":[]}""")), cancellationToken: Cancel);

        var failure = await FailureAsync(() => bench.Collector.ReplayAsync(new(source, "bars", bench.Run(0)), bench.Run(7), cancellationToken: Cancel));

        Assert.Equal("landing-damaged", failure.Code);
        Assert.Contains(manifest.Artefacts[0].Sha256, failure.Message, StringComparison.Ordinal);
    }

    static (string Name, string Sha256, DateTimeOffset KnownAt, long? Records, string Skipped, string? Type) Facts(LandedArtefact artefact) =>
        (artefact.Name, artefact.Sha256, artefact.KnownAt, artefact.Records, string.Join(',', artefact.SkipRecords), artefact.ContentType);

    static async Task<Failure> FailureAsync(Func<Task> work) => (await Assert.ThrowsAsync<StepFailedException>(work)).Failure;

    static async Task<List<(string, string)>> BodiesAsync(Workbench bench, SourceDatasetDefinition dataset, int run) =>
        [.. (await bench.LandingAsync(dataset.Dataset, run)).Where(l => l.Key.Contains('-', StringComparison.Ordinal)).Select(l => (l.Key, l.Value))];
}
