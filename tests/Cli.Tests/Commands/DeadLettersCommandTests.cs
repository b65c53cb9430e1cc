namespace DataIngestion.Cli.Tests.Commands;

public sealed class DeadLettersCommandTests
{
    const string Letter = """{"id":"0123","kind":"failed-run","status":"open","lastFailedAt":"2026-01-01T00:00:00Z","reason":"the source was away for 6 h","source":"vendor-api","dataset":"daily-bars","step":"collect"}""";

    [Fact]
    public async Task Open_dead_letters_are_listed_with_their_reason()
    {
        await using var platform = (await FakePlatform.StartAsync()).Answers("GET /api/dead-letters?limit=500&status=open", $$"""{"deadLetters":[{{Letter}}]}""");
        using var cli = new CommandRun();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("dead-letters", "--url", platform.Url));
        Assert.Contains("the source was away for 6 h", cli.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_is_shown_with_its_failure()
    {
        await using var platform = (await FakePlatform.StartAsync()).Answers(
            "GET /api/dead-letters/0123", $$"""{"letter":{{Letter}},"failure":{"code":"source-unavailable","message":"no answer"},"attempts":8}""");
        using var cli = new CommandRun();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("dead-letters", "show", "0123", "--url", platform.Url));
        Assert.Contains("source-unavailable: no answer", cli.Text, StringComparison.Ordinal);
        Assert.Contains("attempts      8", cli.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_names_the_run_it_began()
    {
        await using var platform = (await FakePlatform.StartAsync()).Answers(
            "POST /api/dead-letters/0123/replay", Letter.Replace("\"open\"", "\"replayed\",\"replayRun\":\"vendor-api-20260101T000000Z-abc123\"", StringComparison.Ordinal), 202);
        using var cli = new CommandRun();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("dead-letters", "replay", "0123", "--url", platform.Url));
        Assert.Contains("ingest status vendor-api-20260101T000000Z-abc123", cli.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_does_not_exist_is_not_found()
    {
        await using var platform = (await FakePlatform.StartAsync()).Answers("GET /api/dead-letters/9", """{"title":"There is no such dead letter","detail":"'9' is not the id of a dead letter."}""", 404);
        using var cli = new CommandRun();
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("dead-letters", "show", "9", "--url", platform.Url));
    }
}
