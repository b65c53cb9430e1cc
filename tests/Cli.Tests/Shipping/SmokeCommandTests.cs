using System.Text.Json;
using DataIngestion.Cli.Hosting;
using DataIngestion.Cli.Shipping;
using DataIngestion.TestKit;

namespace DataIngestion.Cli.Tests.Shipping;

public sealed class SmokeCommandTests
{
    [Fact]
    public async Task A_platform_that_runs_passes_and_the_samples_are_merged()
    {
        using var data = new TemporaryFolder("smoke");
        using var cli = new CommandRun();
        var environment = cli.Environment with { Root = Repository.Root, Setting = name => name == "INGEST_LOCAL" ? data.Path : null };
        await using var platform = await LocalPlatform.StartAsync(environment, new() { Data = data.File("up") }, TestContext.Current.CancellationToken);

        var code = await CommandLine.RunAsync(["azure", "smoke", "--samples", "--json"], environment, TestContext.Current.CancellationToken);

        var outcomes = cli.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(["health", "keys", "api", "rows", "samples"], outcomes.Select(o => o.GetProperty("check").GetString()));
        Assert.All(outcomes, o => Assert.Equal("[]", o.GetProperty("faults").GetRawText()));
        Assert.Equal(ExitCodes.Ok, code);
    }

    [Fact]
    public async Task A_platform_whose_services_are_not_ready_is_asked_nothing_else()
    {
        await using var platform = await FakePlatform.StartAsync();
        using var cli = new CommandRun();
        Assert.Equal(ExitCodes.Failed, await cli.RunAsync("azure", "smoke", "--url", platform.Url, "--timeout", "0"));
        Assert.StartsWith("FAILED health", cli.Text, StringComparison.Ordinal);
        Assert.Contains("data-collector is not ready", cli.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(platform.Requests, r => r.Path == "/api/sources");
    }

    [Fact]
    public async Task Doors_that_are_open_and_rows_that_are_lost_are_faults()
    {
        await using var platform = await FakePlatform.StartAsync();
        foreach (var service in FunctionApp.All.SelectMany(a => a.Services))
        {
            foreach (var question in new[] { "live", "startup", "ready" })
                platform.Answers($"GET /api/{service}/health/{question}", "{}");
        }

        platform.Answers("GET /api/sources", """{"sources":[{"source":"a"}]}""").Answers("GET /api/datasets", """{"datasets":[]}""").Answers("GET /api/dead-letters", """{"deadLetters":[]}""")
            .Answers("GET /api/docs/openapi.json", "{}").Answers("GET /api/ingestions", "{}")
            .Answers(
                "GET /api/ingestions?limit=50",
                """{"runs":[{"run":"a-20260101T000000Z-abc123","source":"a","status":"completed","report":{"run":"a-20260101T000000Z-abc123","source":"a","outcome":"completed","datasets":[{"dataset":"bars","source":"a","outcome":"completed","rowsIn":5,"rowsOut":4}]}}]}""");
        using var tools = new FakeTools().Install("az").Answer("az account get-access-token", """{"accessToken":"of-entra"}""");
        using var cli = new CommandRun { Settings = { ["PATH"] = tools.Path } };

        Assert.Equal(ExitCodes.Failed, await cli.RunAsync("azure", "smoke", "--url", platform.Url, "--audience", "api://ingest"));

        Assert.Contains("answers 200 to somebody without a key", cli.Text, StringComparison.Ordinal);
        Assert.Contains("a-20260101T000000Z-abc123, bars: 5 rows in, but 4 out + 0 quarantined + 0 merged away", cli.Text, StringComparison.Ordinal);
        Assert.Contains("account get-access-token --resource api://ingest --output json", tools.CallsOf("az"));
    }
}
