using System.Text.Json;

namespace DataIngestion.Cli.Tests.Commands;

public sealed class RunCommandTests
{
    const string Run = "vendor-api-20260102T030405Z-abc123";

    const string Started = $$"""{"run":"{{Run}}","statusUrl":"http://x/api/ingestions/{{Run}}"}""";

    [Fact]
    public async Task A_run_is_asked_for_and_named()
    {
        await using var platform = (await FakePlatform.StartAsync()).Answers("POST /api/ingestions", Started, 202);
        using var cli = new CommandRun();

        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("run", "vendor-api", "--full", "--url", platform.Url));

        var order = JsonDocument.Parse(Assert.Single(platform.Requests).Body).RootElement;
        Assert.Equal("vendor-api", order.GetProperty("source").GetString());
        Assert.True(order.GetProperty("fullRefresh").GetBoolean());
        Assert.Contains(Run, cli.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_window_is_sent_as_it_was_given()
    {
        await using var platform = (await FakePlatform.StartAsync()).Answers("POST /api/ingestions", Started, 202);
        using var cli = new CommandRun();

        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("run", "vendor-api", "--from", "2019-11-01T00:00:00Z", "--to", "2019-12-01T00:00:00Z", "--url", platform.Url));

        var window = JsonDocument.Parse(Assert.Single(platform.Requests).Body).RootElement.GetProperty("window");
        Assert.Equal(new DateTimeOffset(2019, 11, 1, 0, 0, 0, TimeSpan.Zero), window.GetProperty("from").GetDateTimeOffset());
        Assert.Equal(new DateTimeOffset(2019, 12, 1, 0, 0, 0, TimeSpan.Zero), window.GetProperty("to").GetDateTimeOffset());
    }

    [Fact]
    public async Task Half_a_window_is_a_usage_error()
    {
        using var cli = new CommandRun();
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("run", "vendor-api", "--from", "2019-11-01T00:00:00Z"));
        Assert.Contains("--from and --to belong together", cli.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, 7, 2, 1, ExitCodes.Ok)]
    [InlineData(10, 7, 2, 0, ExitCodes.Failed)]
    public async Task Waiting_ends_with_the_rows_and_fails_when_they_do_not_add_up(int rowsIn, int rowsOut, int quarantined, int mergedAway, int expected)
    {
        await using var platform = (await FakePlatform.StartAsync())
            .Answers("POST /api/ingestions", Started, 202)
            .Answers($"GET /api/ingestions/{Run}", $$"""{"run":"{{Run}}","source":"vendor-api","status":"running","progress":{"dataset":"daily-bars","step":"collect","attempt":1} }""")
            .Answers($"GET /api/ingestions/{Run}", $$"""
                {"run":"{{Run}}","source":"vendor-api","status":"completed","report":{"run":"{{Run}}","source":"vendor-api","outcome":"completed","datasets":[
                {"dataset":"daily-bars","source":"vendor-api","outcome":"completed","rowsIn":{{rowsIn}},"rowsOut":{{rowsOut}},"rowsQuarantined":{{quarantined}},"rowsMergedAway":{{mergedAway}},"snapshot":"datasets/daily-bars/snapshots/x"}] } }
                """);
        using var cli = new CommandRun();

        Assert.Equal(expected, await cli.RunAsync("run", "vendor-api", "--wait", "--url", platform.Url));

        Assert.Contains("datasets/daily-bars/snapshots/x", cli.Text, StringComparison.Ordinal);
        Assert.Equal(expected == ExitCodes.Failed, cli.Text.Contains("rows are missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_run_says_why_and_how_to_try_again()
    {
        await using var platform = (await FakePlatform.StartAsync())
            .Answers("POST /api/ingestions", Started, 202)
            .Answers($"GET /api/ingestions/{Run}", $$"""
                {"run":"{{Run}}","source":"vendor-api","status":"failed","report":{"run":"{{Run}}","source":"vendor-api","outcome":"failed","datasets":[
                {"dataset":"daily-bars","source":"vendor-api","outcome":"failed","deadLetter":"0123","failure":{"code":"source-unavailable","message":"The vendor is away."} }] } }
                """);
        using var cli = new CommandRun();

        Assert.Equal(ExitCodes.Failed, await cli.RunAsync("run", "vendor-api", "--wait", "--url", platform.Url));

        Assert.Contains("failed (source-unavailable): The vendor is away.", cli.Text, StringComparison.Ordinal);
        Assert.Contains("ingest dead-letters replay 0123", cli.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_source_is_not_found_in_the_platforms_words()
    {
        await using var platform = (await FakePlatform.StartAsync())
            .Answers("POST /api/ingestions", """{"title":"There is no such source","status":404,"detail":"'vendor' is not configured: did you mean 'vendor-api'?"}""", 404);
        using var cli = new CommandRun();

        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("run", "vendor", "--url", platform.Url));
        Assert.Equal("ingest: 'vendor' is not configured: did you mean 'vendor-api'?", cli.Fault);
    }
}
