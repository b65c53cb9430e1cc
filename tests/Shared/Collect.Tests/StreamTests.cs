using System.Text;
using DataIngestion.Contracts;
using DataIngestion.Samples;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Collect.Tests;

public sealed class StreamTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Windows_by_count_join_without_loss_or_repetition()
    {
        await using var vendor = await VendorSimulator.StartAsync(Bars.Vendor() with { Trades = 37 * 4 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(vendor.BaseAddress, Bars.Trades, SourceKind.Stream);
        List<string> records = [];

        for (var run = 1; run <= 4; run++)
        {
            var (result, manifest) = await bench.CollectAsync(source, run);
            Assert.Equal((1, (37 * run).ToString()), (result.Artefacts, result.NextCursor));
            records.AddRange(await bench.RecordsAsync(manifest));
        }

        Assert.Equal(Enumerable.Range(1, 37 * 4), records.Select(SequenceOf));
    }

    [Fact]
    public async Task Windows_by_time_join_without_loss_or_repetition()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var vendor = await VendorSimulator.StartAsync(Bars.Vendor() with { Trades = 100 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var bench = await Workbench.OpenAsync(azurite, time);
        var dataset = Bars.Trades;
        var source = bench.Source(
            vendor.BaseAddress,
            dataset with { Request = dataset.Request! with { WindowRecords = 1_000_000, Window = TimeSpan.FromSeconds(10) } },
            SourceKind.Stream,
            new() { AttemptTimeout = TimeSpan.FromHours(1), TotalTimeout = TimeSpan.FromHours(20) }); // the clock runs fast below
        List<string> records = [];

        for (var run = 1; records.Count < 400; run++)
        {
            var collecting = bench.CollectAsync(source, run);
            for (var deadline = DateTime.UtcNow.AddSeconds(30); !collecting.IsCompleted; await Task.Delay(20, TestContext.Current.CancellationToken))
            {
                Assert.True(DateTime.UtcNow < deadline, "the window did not close");
                time.Advance(TimeSpan.FromSeconds(1));
            }

            var (result, manifest) = await collecting;
            records.AddRange(await bench.RecordsAsync(manifest));
            Assert.Equal(result.Artefacts == 0, result.NextCursor is null);
            vendor.Trades = Math.Min(400, vendor.Trades + 60);
        }

        Assert.Equal(Enumerable.Range(1, 400), records.Select(SequenceOf));
    }

    [Fact]
    public async Task A_stream_that_breaks_in_a_line_leaves_the_whole_lines()
    {
        await using var server = await LoopbackServer.StartAsync(async (context, n) =>
        {
            var after = int.Parse(context.Request.Query["after"].FirstOrDefault() ?? "0");
            await context.Response.WriteAsync($"{{\"seq\":{after + 1}}}\n\n{{\"seq\":{after + 2}}}\n{{\"se");
            await context.Response.Body.FlushAsync();
            if (n % 2 == 1)
                context.Abort();
        });
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(server.Address, Bars.Trades, SourceKind.Stream);

        var (_, first) = await bench.CollectAsync(source, 1);
        var (_, second) = await bench.CollectAsync(source, 2);

        Assert.Equal("{\"seq\":1}\n\n{\"seq\":2}\n", Encoding.UTF8.GetString(await bench.BytesAsync(first.Artefacts[0].Path)));
        Assert.Equal(["2", "4"], [first.NextCursor, second.NextCursor]);
    }

    [Fact]
    public async Task A_stream_that_breaks_before_its_first_line_is_a_transient_failure()
    {
        await using var server = await LoopbackServer.StartAsync(async (context, _) =>
        {
            await context.Response.WriteAsync("{\"se");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        await using var bench = await Workbench.OpenAsync(azurite);

        var failure = (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(bench.Source(server.Address, Bars.Trades, SourceKind.Stream), 1))).Failure;

        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
    }

    static int SequenceOf(string record) => System.Text.Json.JsonDocument.Parse(record).RootElement.GetProperty("seq").GetInt32();
}
