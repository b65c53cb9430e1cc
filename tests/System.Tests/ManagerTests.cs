using DataIngestion.Contracts;
using DataIngestion.SystemTests.Platform;

namespace DataIngestion.SystemTests;

/// <summary>The two managers that the demo does not show.</summary>
[Trait("Category", "server")]
public sealed class ManagerTests
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_is_taken_in_windows_without_losing_or_repeating_a_record()
    {
        using var folder = Configurations.With(
            ("configs/sources/vendor-trades.yaml", "maxWindows: 0", "maxWindows: 3"),
            ("configs/sources/vendor-trades.yaml", "windowRecords: 10000", "windowRecords: 400"));
        await using var world = await World.CreateAsync(new() { Trades = 1000 }, folder.Path, Stop);
        await world.StartAsync(Stop);

        var status = Assert.Single(await world.EndOfAsync([await world.OrderAsync("vendor-trades", "stream", Stop)], Limit, Stop));

        Assert.True(status.Status is RunState.Completed, status.Report?.Failure?.Message);
        var report = Assert.Single(status.Report!.Datasets);
        Assert.Equal((1000L, 1000L), (report.RowsIn, report.RowsOut));
        var trades = (await world.RowsAsync("trades", Stop)).Select(r => r[(r.IndexOf("trade_id=", StringComparison.Ordinal) + 9)..].Split('|')[0]);
        Assert.Equal(Enumerable.Range(1, 1000), trades.Select(int.Parse).Order());
    }

    [Fact]
    public async Task A_batch_runs_its_members_as_runs_of_their_own()
    {
        await using var world = await World.CreateAsync(new(), configs: null, Stop);
        await world.StartAsync(Stop);

        var status = Assert.Single(await world.EndOfAsync([await world.OrderAsync("end-of-day", "batch", Stop)], Limit, Stop));

        Assert.True(status.Status is RunState.Completed, status.Report?.Failure?.Message);
        var report = Assert.Single(status.Report!.Datasets);
        Assert.Equal("vendor-api", report.Source);
        var runs = (await world.GetAsync("ingestions?source=vendor-api", Stop))!["runs"]!.AsArray();
        Assert.Equal("completed", Assert.Single(runs)!["status"]!.GetValue<string>());
        Assert.NotEmpty(await world.RowsAsync("daily-bars", Stop));
    }

    [Fact]
    public async Task Every_service_answers_for_its_health_and_metrics()
    {
        await using var world = await World.CreateAsync(new(), configs: null, Stop);
        await world.StartAsync(Stop);

        foreach (var service in Services.OfAgents.Concat(Services.OfOrchestrators))
        {
            foreach (var question in new[] { "live", "ready", "startup" })
                Assert.Equal("pass", (await world.GetAsync($"{service}/health/{question}", Stop))!["status"]!.GetValue<string>());
            Assert.Contains("# TYPE", await world.GetTextAsync($"{service}/metrics", Stop), StringComparison.Ordinal);
        }

        Assert.Null(await world.GetAsync("no-such-service/health/live", Stop));
        Assert.Equal("3.1.0", (await world.GetAsync("docs/openapi.json", Stop))!["openapi"]!.GetValue<string>());
    }
}
