using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Collect.Tests.Slices;

public sealed class SliceStateTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Each_slice_has_its_own_cursor_one_added_later_begins_at_the_start_and_one_removed_goes_on_when_it_is_back()
    {
        await using var vendor = (await TickerVendor.StartAsync()).Add("A", "2026-02-10").Add("B", "2026-01-05").Add("C", "2026-01-20");
        await using var bench = await Workbench.OpenAsync(azurite);
        SourceDefinition Of(params string[] symbols) => bench.Source(vendor.Address, PartitionTests.Bars(PartitionTests.Symbols(symbols)) with { Cursor = PartitionTests.ByDate });

        await bench.CollectAsync(Of("A", "B"), 1);
        Assert.Equal(["bars?from=2026-01-01&symbol=A", "bars?from=2026-01-01&symbol=B"], vendor.TakeAsked());

        vendor.Add("A", "2026-02-11").Add("B", "2026-01-06");
        var (_, second) = await bench.CollectAsync(Of("A", "C"), 2);
        Assert.Equal(["bars?from=2026-01-01&symbol=C", "bars?from=2026-02-08&symbol=A"], vendor.TakeAsked());
        Assert.Equal(["2026-02-11", "2026-01-20"], await DatesAsync(bench, second));

        var (_, third) = await bench.CollectAsync(Of("A", "B", "C"), 3);
        Assert.Equal(["bars?from=2026-01-03&symbol=B", "bars?from=2026-01-18&symbol=C", "bars?from=2026-02-09&symbol=A"], vendor.TakeAsked());
        Assert.Equal(["2026-01-06"], await DatesAsync(bench, third));

        var (_, fourth) = await bench.CollectAsync(Of("A", "B", "C"), 4);
        Assert.Empty(fourth.Artefacts);
        Assert.Null(fourth.NextCursor); // nothing has moved
    }

    [Fact]
    public async Task State_moves_only_when_it_is_committed()
    {
        await using var vendor = (await TickerVendor.StartAsync()).Add("A", "2026-02-10");
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(vendor.Address, PartitionTests.Bars(PartitionTests.Symbols("A")) with { Cursor = PartitionTests.ByDate });

        await bench.CollectAsync(source, 1, commit: false);
        var (_, again) = await bench.CollectAsync(source, 2);

        Assert.Equal(["bars?from=2026-01-01&symbol=A", "bars?from=2026-01-01&symbol=A"], vendor.TakeAsked());
        Assert.Single(again.Artefacts);
    }

    [Fact]
    public async Task The_validators_of_slices_that_have_not_changed_are_carried_over_from_run_to_run()
    {
        await using var vendor = (await TickerVendor.StartAsync()).Add("A", "2026-02-10").Add("B", "2026-02-10");
        vendor.HasTags = true;
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(vendor.Address, PartitionTests.Bars(PartitionTests.Symbols("A", "B")), limits: new() { RequestsPerSecond = 10_000, Burst = 1000, MaxConcurrent = 1 });

        await bench.CollectAsync(source, 1);
        vendor.Add("B", "2026-02-11");
        var (_, second) = await bench.CollectAsync(source, 2);
        vendor.Add("B", "2026-02-12");
        var (_, third) = await bench.CollectAsync(source, 3);
        var (nothing, _) = await bench.CollectAsync(source, 4);

        Assert.Equal(["-", "-", "same", "other", "same", "other", "same", "same"], vendor.Conditions);
        Assert.Equal(["B", "B"], [.. second.Artefacts.Select(a => a.Partition["symbol"]), .. third.Artefacts.Select(a => a.Partition["symbol"])]);
        Assert.Equal((0, null), (nothing.Artefacts, nothing.NextCursor));
    }

    [Fact]
    public async Task Batches_hold_only_values_that_stand_at_the_same_place()
    {
        await using var vendor = await TickerVendor.StartAsync();
        await using var bench = await Workbench.OpenAsync(azurite);
        var symbols = Enumerable.Range(0, 5).Select(n => $"S{n}").ToList();
        symbols.ForEach(s => vendor.Add(s, "2026-02-10"));
        SourceDefinition Of(IEnumerable<string> values) => bench.Source(
            vendor.Address, PartitionTests.Bars(PartitionTests.Symbols([.. values]) with { Batch = 3 }) with { Cursor = PartitionTests.ByDate });

        await bench.CollectAsync(Of(symbols), 1);
        Assert.Equal(["bars?from=2026-01-01&symbol=S0%2CS1%2CS2", "bars?from=2026-01-01&symbol=S3%2CS4"], vendor.TakeAsked());

        vendor.Add("new", "2026-01-15").Add("new", "2026-02-10").Add("S3", "2026-02-10", value: 2);
        var (_, second) = await bench.CollectAsync(Of(["new", .. symbols]), 2);
        Assert.Equal(["bars?from=2026-01-01&symbol=new", "bars?from=2026-02-08&symbol=S0%2CS1%2CS2", "bars?from=2026-02-08&symbol=S3%2CS4"], vendor.TakeAsked());
        Assert.Equal(["2026-01-15", "2026-02-10", "2026-02-10"], await DatesAsync(bench, second));

        await bench.CollectAsync(Of(["new", .. symbols]), 3); // it has caught up: nothing is asked for alone any more
        Assert.Equal(["bars?from=2026-02-08&symbol=S2%2CS3%2CS4", "bars?from=2026-02-08&symbol=new%2CS0%2CS1"], vendor.TakeAsked());
        var (_, fourth) = await bench.CollectAsync(Of(["new", .. symbols]), 4);
        Assert.Empty(fourth.Artefacts);
    }

    [Fact]
    public async Task A_dataset_that_gets_partitions_or_loses_them_begins_anew()
    {
        await using var vendor = (await TickerVendor.StartAsync()).Add("A", "2026-02-10");
        await using var bench = await Workbench.OpenAsync(azurite);
        var whole = PartitionTests.Bars() with { Cursor = PartitionTests.ByDate, Request = new() { Path = "/bars", Query = new Dictionary<string, string> { ["symbol"] = "A" } } };
        var sliced = PartitionTests.Bars(PartitionTests.Symbols("A")) with { Cursor = PartitionTests.ByDate };

        await bench.CollectAsync(bench.Source(vendor.Address, whole), 1);
        await bench.CollectAsync(bench.Source(vendor.Address, sliced), 2);
        await bench.CollectAsync(bench.Source(vendor.Address, whole), 3);

        Assert.Equal(["bars?from=2026-01-01&symbol=A", "bars?symbol=A&from=2026-01-01", "bars?symbol=A&from=2026-01-01"], vendor.TakeAsked());
        Assert.Equal("2026-02-10", (await bench.Cursors.FindAsync(bench.SourceId, "bars", TestContext.Current.CancellationToken))!.Value);
    }

    static async Task<IEnumerable<string>> DatesAsync(Workbench bench, LandingManifest manifest) =>
        (await bench.RecordsAsync(manifest)).Select(r => System.Text.Json.JsonDocument.Parse(r).RootElement.GetProperty("date").GetString()!);
}
