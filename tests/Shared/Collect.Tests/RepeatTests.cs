using DataIngestion.Contracts;
using DataIngestion.Samples;
using DataIngestion.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Collect.Tests;

public sealed class RepeatTests(AzuriteFixture azurite)
{
    static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("page", false), InlineData("page", true), InlineData("cursor", false), InlineData("cursor", true), InlineData("link", false), InlineData("link", true)]
    [InlineData("stream", false), InlineData("stream", true)]
    public async Task Killed_at_any_write_and_repeated_it_ends_in_the_same_bytes(string way, bool afterTheWrite)
    {
        var time = new FakeTimeProvider(Noon);
        await using var vendor = await VendorSimulator.StartAsync(Bars.Vendor(30) with { Through = Bars.FirstDay.AddDays(10) }, cancellationToken: TestContext.Current.CancellationToken);
        await using var bench = await Workbench.OpenAsync(azurite, time);
        var dataset = way switch
        {
            "page" => Bars.Paged(7) with { Cursor = Bars.ByDate },
            "cursor" => Bars.ByCursor(7) with { Cursor = Bars.ByDate },
            "link" => Bars.ByLink(7) with { Cursor = Bars.ByDate },
            _ => Bars.Trades,
        };
        var source = bench.Source(vendor.BaseAddress, dataset, way == "stream" ? SourceKind.Stream : SourceKind.Api);
        await bench.CollectAsync(source, 0);
        vendor.Through = null;
        var cursor = (await bench.Cursors.FindAsync(bench.SourceId, dataset.Dataset, TestContext.Current.CancellationToken))!.Value;
        var arguments = new CollectArguments { Source = source, Dataset = dataset.Dataset, Cursor = cursor };

        var before = bench.Kills.Writes;
        var undisturbed = await bench.Collector.CollectAsync(arguments, bench.Run(1), cancellationToken: TestContext.Current.CancellationToken);
        var writes = bench.Kills.Writes - before;
        var expected = Anonymous(await bench.LandingAsync(dataset.Dataset, 1), bench.Run(1));
        Assert.True(writes >= 3, "a plan, an artefact and a manifest at least");

        for (var k = 1; k <= writes; k++)
        {
            var run = 100 + k;
            (bench.Kills.KillAt, bench.Kills.AfterSending) = (bench.Kills.Writes + k, afterTheWrite);
            await Assert.ThrowsAsync<KilledException>(() => bench.Collector.CollectAsync(arguments, bench.Run(run), cancellationToken: TestContext.Current.CancellationToken));
            bench.Kills.KillAt = -1;
            var repeated = await bench.Collector.CollectAsync(arguments, bench.Run(run), cancellationToken: TestContext.Current.CancellationToken);

            Assert.Equal(expected, Anonymous(await bench.LandingAsync(dataset.Dataset, run), bench.Run(run)));
            Assert.Equal(undisturbed with { Manifest = repeated.Manifest }, repeated);
        }
    }

    [Fact]
    public async Task A_repeated_collection_asks_only_for_what_is_missing_and_keeps_when_it_was_known()
    {
        var time = new FakeTimeProvider(Noon);
        await using var vendor = await VendorSimulator.StartAsync(Bars.Vendor(14), cancellationToken: TestContext.Current.CancellationToken);
        await using var bench = await Workbench.OpenAsync(azurite, time);
        var source = bench.Source(vendor.BaseAddress, Bars.ByCursor(6));
        bench.Kills.KillAt = bench.Kills.Writes + 8; // plan, three pages with their notes, then the fourth

        await Assert.ThrowsAsync<KilledException>(() => bench.CollectAsync(source, 1));
        Assert.Equal(4, vendor.Counters["/v1/bars/cursor"].Requests);
        bench.Kills.KillAt = -1;
        time.Advance(TimeSpan.FromHours(1));
        var (_, manifest) = await bench.CollectAsync(source, 1);
        var asked = vendor.Counters["/v1/bars/cursor"].Requests;
        var (again, _) = await bench.CollectAsync(source, 1);

        Assert.Equal([Noon, Noon, Noon, Noon.AddHours(1), Noon.AddHours(1)], manifest.Artefacts.Select(a => a.KnownAt));
        Assert.Equal(4 + 2, asked);
        Assert.Equal((asked, 5), (vendor.Counters["/v1/bars/cursor"].Requests, again.Artefacts));
    }

    [Fact]
    public async Task Another_run_that_moves_the_cursor_in_between_changes_nothing()
    {
        await using var vendor = await VendorSimulator.StartAsync(Bars.Vendor(30) with { Through = Bars.FirstDay.AddDays(10) }, cancellationToken: TestContext.Current.CancellationToken);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(vendor.BaseAddress, Bars.Paged(9) with { Cursor = Bars.ByDate });
        await bench.CollectAsync(source, 1);
        vendor.Through = Bars.FirstDay.AddDays(12);
        var cursor = (await bench.Cursors.FindAsync(bench.SourceId, "bars", TestContext.Current.CancellationToken))!.Value;
        var arguments = new CollectArguments { Source = source, Dataset = "bars", Cursor = cursor };
        bench.Kills.KillAt = bench.Kills.Writes + 3;
        await Assert.ThrowsAsync<KilledException>(() => bench.Collector.CollectAsync(arguments, bench.Run(2), cancellationToken: TestContext.Current.CancellationToken));
        bench.Kills.KillAt = -1;

        await bench.CollectAsync(source, 3); // commits
        var repeated = await bench.ManifestAsync(await bench.Collector.CollectAsync(arguments, bench.Run(2), cancellationToken: TestContext.Current.CancellationToken));
        var other = await bench.ManifestAsync(await bench.Collector.CollectAsync(arguments, bench.Run(3), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(await bench.RecordsAsync(other), await bench.RecordsAsync(repeated));
    }

    [Fact]
    public async Task Two_attempts_at_once_answer_the_same()
    {
        var options = Bars.Vendor(20);
        await using var vendor = await VendorSimulator.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken);
        await using var bench = await Workbench.OpenAsync(azurite);
        var arguments = new CollectArguments { Source = bench.Source(vendor.BaseAddress, Bars.Paged(5) with { Cursor = Bars.ByDate }), Dataset = "bars" };

        var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => bench.Collector.CollectAsync(arguments, bench.Run(1), cancellationToken: TestContext.Current.CancellationToken)));

        Assert.All(results, r => Assert.Equal(results[0], r));
        var manifest = await bench.ManifestAsync(results[0]);
        Assert.Equal(options.Bars.Count, (await bench.RecordsAsync(manifest)).Distinct().Count());
        Assert.Equal(options.Bars.Count, manifest.Artefacts.Sum(a => a.Records));
    }

    // Runs differ in their id alone. The vendor's own Date header is real time.
    static SortedDictionary<string, string> Anonymous(SortedDictionary<string, string> landing, string run)
    {
        var same = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, content) in landing)
        {
            var text = content.Replace(run, "RUN", StringComparison.Ordinal);
            text = System.Text.RegularExpressions.Regex.Replace(text, "\"Date\": ?\"[^\"]*\"", "DATE", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
            same[name] = System.Text.RegularExpressions.Regex.Replace(text, "/2026/0[0-9]/[0-9]{2}/", "/DAY/", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
        }

        return same;
    }
}
