using DataIngestion.Contracts;
using DataIngestion.Samples;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;

namespace DataIngestion.Collect.Tests;

public sealed class IncrementalTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public async Task Later_runs_land_only_what_is_new(int way)
    {
        await using var vendor = await VendorSimulator.StartAsync(Bars.Vendor(30) with { Through = Bars.FirstDay.AddDays(10) }, cancellationToken: TestContext.Current.CancellationToken);
        await using var bench = await Workbench.OpenAsync(azurite);
        var dataset = (way switch { 0 => Bars.Paged(7), 1 => Bars.ByCursor(7), 2 => Bars.ByLink(7), _ => Bars.All }) with { Cursor = Bars.ByDate };
        var source = bench.Source(vendor.BaseAddress, dataset);

        var (_, first) = await bench.CollectAsync(source, 1);
        vendor.Through = Bars.FirstDay.AddDays(15);
        var (_, second) = await bench.CollectAsync(source, 2);
        var (nothing, third) = await bench.CollectAsync(source, 3);
        vendor.Through = null;
        var (_, fourth) = await bench.CollectAsync(source, 4);

        await using var all = await Workbench.OpenAsync(azurite);
        var expected = await all.RecordsAsync((await all.CollectAsync(all.Source(vendor.BaseAddress, Bars.All), 1)).Manifest);
        Assert.Equal(expected, [.. await bench.RecordsAsync(first), .. await bench.RecordsAsync(second), .. await bench.RecordsAsync(fourth)]);
        Assert.Equal(["2026-01-15", "2026-01-20", null, "2026-02-03"], [first.NextCursor, second.NextCursor, third.NextCursor, fourth.NextCursor]);
        Assert.Equal((0, null), (nothing.Artefacts, nothing.NextCursor));
        Assert.Contains("from=2026-01-12", second.Artefacts.Concat(second.Passed).First().Name, StringComparison.Ordinal);
        Assert.True(second.Artefacts.Concat(second.Passed).Sum(a => a.SkipRecords.Count) > 0);
    }

    [Fact]
    public async Task A_record_that_comes_late_is_landed_once_and_does_not_move_the_cursor()
    {
        var records = new List<string> { """{"date":"2026-03-05","v":1}""" };
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync($"[{string.Join(',', records)}]"));
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(server.Address, new() { Dataset = "bars", Request = new() { Path = "/x" }, Cursor = Bars.ByDate });

        await bench.CollectAsync(source, 1);
        records.Add("""{"date":"2026-03-03","v":2}""");
        var (late, manifest) = await bench.CollectAsync(source, 2);
        var (again, _) = await bench.CollectAsync(source, 3);

        Assert.Equal((1, "2026-03-05"), (late.Artefacts, late.NextCursor));
        Assert.Equal([0], manifest.Artefacts[0].SkipRecords);
        Assert.Equal((0, null), (again.Artefacts, again.NextCursor));
    }

    [Fact]
    public async Task An_answer_that_has_not_changed_is_not_fetched_again()
    {
        await using var vendor = await VendorSimulator.StartAsync(Bars.Vendor(30) with { Through = Bars.FirstDay.AddDays(10) }, cancellationToken: TestContext.Current.CancellationToken);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(vendor.BaseAddress, Bars.All);

        var (first, manifest) = await bench.CollectAsync(source, 1);
        var (second, _) = await bench.CollectAsync(source, 2);
        vendor.Through = null;
        var (third, _) = await bench.CollectAsync(source, 3);

        Assert.StartsWith("etag:\"", first.NextCursor, StringComparison.Ordinal);
        Assert.Contains("Last-Modified", manifest.Artefacts[0].Headers.Keys);
        Assert.Equal((0, null, 1, 0L), (second.Artefacts, second.NextCursor, second.Requests, second.Bytes));
        Assert.Equal(1, third.Artefacts);
        Assert.NotEqual(first.NextCursor, third.NextCursor);
        Assert.Equal(1, vendor.Counters["/v1/bars/all"].NotModified);
    }

    [Fact]
    public async Task A_changed_request_is_not_answered_from_the_old_ones_validator()
    {
        await using var vendor = await VendorSimulator.StartAsync(Bars.Vendor(10), cancellationToken: TestContext.Current.CancellationToken);
        await using var bench = await Workbench.OpenAsync(azurite);
        var dataset = Bars.All;

        await bench.CollectAsync(bench.Source(vendor.BaseAddress, dataset), 1);
        var changed = dataset with { Request = dataset.Request! with { Query = new Dictionary<string, string> { ["symbols"] = "AAPL,MSFT,SPY" } } };
        var (result, _) = await bench.CollectAsync(bench.Source(vendor.BaseAddress, changed), 2);

        Assert.Equal(1, result.Artefacts);
        Assert.Equal(0, vendor.Counters["/v1/bars/all"].NotModified);
    }

    [Fact]
    public async Task A_window_is_fetched_without_touching_the_cursor()
    {
        await using var vendor = await VendorSimulator.StartAsync(Bars.Vendor(30), cancellationToken: TestContext.Current.CancellationToken);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(vendor.BaseAddress, Bars.Paged(20) with { Cursor = Bars.ByDate });
        await bench.CollectAsync(source, 1);

        var window = new TimeWindow(new(2026, 1, 12, 0, 0, 0, TimeSpan.Zero), new(2026, 1, 14, 0, 0, 0, TimeSpan.Zero));
        var (result, manifest) = await bench.CollectAsync(source, 2, window);

        var records = await bench.RecordsAsync(manifest);
        Assert.Equal((6, true), (records.Count, records.TrueForAll(r => r.Contains("2026-01-12", StringComparison.Ordinal) || r.Contains("2026-01-13", StringComparison.Ordinal))));
        Assert.Null(result.NextCursor);
        Assert.Contains("from=2026-01-12", manifest.Artefacts[0].Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_window_of_a_dataset_without_a_cursor_leaves_no_validator()
    {
        await using var vendor = await VendorSimulator.StartAsync(Bars.Vendor(10), cancellationToken: TestContext.Current.CancellationToken);
        await using var bench = await Workbench.OpenAsync(azurite);
        var dataset = Bars.All;
        dataset = dataset with { Request = dataset.Request! with { Query = new Dictionary<string, string> { ["from"] = "2026-01-12", ["asof"] = "{to}" } } };

        var window = new TimeWindow(new(2026, 1, 12, 0, 0, 0, TimeSpan.Zero), new(2026, 1, 14, 0, 0, 0, TimeSpan.Zero));
        var (result, manifest) = await bench.CollectAsync(bench.Source(vendor.BaseAddress, dataset), 1, window);

        Assert.Null(result.NextCursor);
        Assert.Equal("/v1/bars/all?from=2026-01-12&asof=2026-01-14T00%3A00%3A00Z", manifest.Artefacts[0].Name);
    }

    [Fact]
    public async Task A_cursor_field_that_no_record_has_is_said()
    {
        await using var vendor = await VendorSimulator.StartAsync(Bars.Vendor(10), cancellationToken: TestContext.Current.CancellationToken);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(vendor.BaseAddress, Bars.Paged(20) with { Cursor = Bars.ByDate with { Field = "day" } });

        var failure = (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 1))).Failure;

        Assert.Equal(("cursor-missing", false), (failure.Code, failure.IsTransient));
        Assert.Contains("'day'", failure.Message, StringComparison.Ordinal);
    }
}
