namespace DataIngestion.Cli.Tests.Deployment;

public sealed class StampCommandTests
{
    const string Busy = """{"stamp":"blue","version":"1","share":"0-0","running":2,"waiting":{"data-merger":1},"drained":false}""";
    const string Drained = """{"stamp":"blue","version":"1","share":"0-0","running":0,"waiting":{},"drained":true}""";

    [Fact]
    public async Task Drain_waits_until_nothing_is_left_twice_in_a_row()
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.Answers("GET /api/stamp", Busy).Answers("GET /api/stamp", Drained).Answers("GET /api/stamp", Busy).Answers("GET /api/stamp", Drained);
        using var run = new CommandRun();

        Assert.Equal(ExitCodes.Ok, await run.RunAsync("azure", "drain", "--url", platform.Url, "--every", "1ms"));

        Assert.Equal(5, platform.Requests.Count);
        Assert.Equal("blue 1: drained", run.Text.Trim());
        Assert.Contains("blue: 2 orchestrations run, 1 in data-merger", run.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drain_says_what_is_left_when_its_time_is_over()
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.Answers("GET /api/stamp", Busy.Replace("0-0", "0-10", StringComparison.Ordinal));
        using var run = new CommandRun();

        Assert.Equal(ExitCodes.Failed, await run.RunAsync("azure", "drain", "--url", platform.Url, "--every", "1ms", "--timeout", "50ms"));

        Assert.Contains("'blue' still starts sources by itself (share 0-10)", run.Fault, StringComparison.Ordinal);
        Assert.EndsWith("ingest: blue: 2 orchestrations run, 1 in data-merger; it was given 50ms.", run.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drain_takes_a_time_that_is_one()
    {
        using var run = new CommandRun();

        Assert.Equal(ExitCodes.Usage, await run.RunAsync("azure", "drain", "--timeout", "soon"));

        Assert.Contains("'soon' does not fit --timeout: expected a length of time", run.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adopt_names_the_runs_that_were_asked_for_again()
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.Answers("POST /api/stamp/adopt?from=blue", """{"stamp":"green","from":"blue","adopted":["vendor-20260302T120000Z-aaaaaa"]}""");
        using var run = new CommandRun();

        Assert.Equal(ExitCodes.Ok, await run.RunAsync("azure", "adopt", "--url", platform.Url, "--from", "blue"));

        Assert.Equal("vendor-20260302T120000Z-aaaaaa", run.Text.Trim());
        Assert.Equal("green was asked for 1 runs that 'blue' did not end.", run.Fault);
    }
}
