using DataIngestion.Contracts;
using DataIngestion.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Collect.Tests.Slices;

public sealed class SliceRepeatTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task Killed_at_any_write_and_repeated_it_ends_in_the_same_bytes(bool afterTheWrite)
    {
        var time = new FakeTimeProvider(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var vendor = (await TickerVendor.StartAsync()).Add("A", "2026-02-10").Add("B", "2026-02-11").Add("C", "2026-02-12").Add("C", "2026-02-14");
        await using var bench = await Workbench.OpenAsync(azurite, time);
        var source = bench.Source(
            vendor.Address, PartitionTests.Bars(PartitionTests.Symbols("A", "B", "C")) with { Cursor = PartitionTests.ByDate },
            limits: new() { RequestsPerSecond = 10_000, Burst = 1000, MaxConcurrent = 1 }); // one after the other, so that the n-th write is the same one each time
        await bench.CollectAsync(source, 0);
        vendor.Add("A", "2026-02-15").Add("C", "2026-02-16");
        var cursor = (await bench.Cursors.FindAsync(bench.SourceId, "bars", TestContext.Current.CancellationToken))!.Value;
        var arguments = new CollectArguments { Source = source, Dataset = "bars", Cursor = cursor };

        var before = bench.Kills.Writes;
        var undisturbed = await bench.Collector.CollectAsync(arguments, bench.Run(1), cancellationToken: TestContext.Current.CancellationToken);
        var writes = bench.Kills.Writes - before;
        var expected = await LandedAsync(bench, 1);
        Assert.Equal(1 + (2 * 3) + 2, writes); // the plan; a body and a note a slice; where the slices stand, and the manifest

        for (var k = 1; k <= writes; k++)
        {
            var run = 100 + k;
            (bench.Kills.KillAt, bench.Kills.AfterSending) = (bench.Kills.Writes + k, afterTheWrite);
            await Assert.ThrowsAsync<KilledException>(() => bench.Collector.CollectAsync(arguments, bench.Run(run), cancellationToken: TestContext.Current.CancellationToken));
            bench.Kills.KillAt = -1;
            var repeated = await bench.Collector.CollectAsync(arguments, bench.Run(run), cancellationToken: TestContext.Current.CancellationToken);

            Assert.Equal(expected, await LandedAsync(bench, run));
            Assert.Equal((undisturbed.Artefacts, undisturbed.Bytes), (repeated.Artefacts, repeated.Bytes));
            Assert.Equal(undisturbed.NextCursor!.Replace(bench.Run(1), "", StringComparison.Ordinal), repeated.NextCursor!.Replace(bench.Run(run), "", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Attempts_at_once_with_slices_at_once_answer_the_same()
    {
        await using var vendor = await TickerVendor.StartAsync();
        var symbols = Enumerable.Range(0, 40).Select(n => $"S{n:D2}").ToArray();
        foreach (var symbol in symbols)
            vendor.Add(symbol, "2026-02-10");
        await using var bench = await Workbench.OpenAsync(azurite);
        var arguments = new CollectArguments { Source = bench.Source(vendor.Address, PartitionTests.Bars(PartitionTests.Symbols(symbols)) with { Cursor = PartitionTests.ByDate }), Dataset = "bars" };

        var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => bench.Collector.CollectAsync(arguments, bench.Run(1), cancellationToken: TestContext.Current.CancellationToken)));

        Assert.All(results, r => Assert.Equal(results[0], r));
        Assert.Equal(40, (await bench.RecordsAsync(await bench.ManifestAsync(results[0]))).Count);
    }

    static async Task<SortedDictionary<string, string>> LandedAsync(Workbench bench, int run)
    {
        var same = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, content) in await bench.LandingAsync("bars", run))
        {
            var text = content.Replace(bench.Run(run), "RUN", StringComparison.Ordinal);
            text = System.Text.RegularExpressions.Regex.Replace(text, "\"Date\": ?\"[^\"]*\"", "DATE", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
            text = System.Text.RegularExpressions.Regex.Replace(text, "\"elapsed\": ?\"[^\"]*\"", "ELAPSED", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
            same[name] = System.Text.RegularExpressions.Regex.Replace(text, "/2026/0[0-9]/[0-9]{2}/", "/DAY/", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
        }

        return same;
    }
}
