using System.Text.Json;

namespace DataIngestion.Cli.Tests.Commands;

public sealed class StatusCommandTests
{
    static string Run(string source, int day) =>
        $$"""{"run":"{{source}}-202601{{day:00}}T000000Z-abc123","source":"{{source}}","status":"completed","startedAt":"2026-01-{{day:00}}T00:00:00Z"}""";

    [Fact]
    public async Task Runs_of_all_pages_are_listed_the_latest_first()
    {
        await using var platform = (await FakePlatform.StartAsync())
            .Answers("GET /api/ingestions?limit=500", $$"""{"runs":[{{Run("a", 1)}},{{Run("a", 3)}}],"continuation":"next page"}""")
            .Answers("GET /api/ingestions?limit=500&continuation=next%20page", $$"""{"runs":[{{Run("b", 2)}}]}""");
        using var cli = new CommandRun();

        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("status", "--json", "--limit", "2", "--url", platform.Url));

        var runs = cli.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("run").GetString());
        Assert.Equal(["a-20260103T000000Z-abc123", "b-20260102T000000Z-abc123"], runs);
    }

    [Fact]
    public async Task A_running_step_is_shown_with_its_attempt_and_what_it_waits_for()
    {
        const string id = "a-20260101T000000Z-abc123";
        await using var platform = (await FakePlatform.StartAsync()).Answers(
            $"GET /api/ingestions/{id}",
            $$"""{"run":"{{id}}","source":"a","status":"running","progress":{"dataset":"bars","step":"collect","attempt":3,"waitingUntil":"2026-01-01T00:01:00Z"} }""");
        using var cli = new CommandRun();

        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("status", id, "--url", platform.Url));
        Assert.Contains("running, collect bars, attempt 3, waiting until 2026-01-01 00:01:00Z", cli.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_of_a_failed_run_is_a_failure()
    {
        const string id = "a-20260101T000000Z-abc123";
        await using var platform = (await FakePlatform.StartAsync()).Answers($"GET /api/ingestions/{id}", $$"""{"run":"{{id}}","source":"a","status":"failed"}""");
        using var cli = new CommandRun();
        Assert.Equal(ExitCodes.Failed, await cli.RunAsync("status", id, "--url", platform.Url));
    }
}
