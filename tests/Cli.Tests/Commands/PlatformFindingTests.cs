using DataIngestion.Cli.Platform;

namespace DataIngestion.Cli.Tests.Commands;

public sealed class PlatformFindingTests
{
    [Fact]
    public async Task A_platform_that_is_away_is_named_with_its_address_and_what_to_do()
    {
        using var cli = new CommandRun();
        Assert.Equal(ExitCodes.NotReachable, await cli.RunAsync("status", "--url", "http://127.0.0.1:1"));
        Assert.StartsWith("ingest: The platform does not answer at http://127.0.0.1:1/", cli.Fault, StringComparison.Ordinal);
        Assert.Contains("ingest up", cli.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_platform_that_runs_here_is_found_with_its_key()
    {
        await using var platform = (await FakePlatform.StartAsync()).Answers("GET /api/sources", """{"sources":[]}""");
        using var cli = new CommandRun();
        new PlatformFile { Url = platform.Url, HostKey = "host-key", Storage = "", Data = cli.Root }.Write(cli.Environment.LocalFolder);

        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("sources"));
        Assert.Equal("host-key", Assert.Single(platform.Requests).Key);
    }

    [Fact]
    public async Task The_key_of_the_platform_here_is_not_sent_elsewhere()
    {
        await using var platform = (await FakePlatform.StartAsync()).Answers("GET /api/sources", """{"sources":[]}""");
        using var cli = new CommandRun();
        new PlatformFile { Url = "http://127.0.0.1:1", HostKey = "host-key", Storage = "", Data = cli.Root }.Write(cli.Environment.LocalFolder);

        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("sources", "--url", platform.Url));
        Assert.Null(Assert.Single(platform.Requests).Key);
    }

    [Fact]
    public void The_file_with_the_key_is_readable_by_its_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "files have no modes on Windows");
        using var cli = new CommandRun();
        new PlatformFile { Url = "http://127.0.0.1:1", HostKey = "host-key", Storage = "secret", Data = cli.Root }.Write(cli.Environment.LocalFolder);
#pragma warning disable CA1416 // skipped above
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PlatformFile.PathIn(cli.Environment.LocalFolder)));
#pragma warning restore CA1416
    }

    [Fact]
    public async Task A_refused_key_says_where_to_put_one()
    {
        await using var platform = (await FakePlatform.StartAsync()).Answers("GET /api/sources", "", 401);
        using var cli = new CommandRun();
        Assert.Equal(ExitCodes.Failed, await cli.RunAsync("sources", "--url", platform.Url));
        Assert.Contains("INGEST_HOST_KEY", cli.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_not_what_was_expected_is_one_sentence()
    {
        await using var platform = (await FakePlatform.StartAsync()).Answers("GET /api/sources", "<html>");
        using var cli = new CommandRun();
        Assert.Equal(ExitCodes.Failed, await cli.RunAsync("sources", "--url", platform.Url));
        Assert.Single(cli.Fault.Split('\n'));
    }

    [Theory]
    [InlineData("status", "--limit", "0")]
    [InlineData("read", "daily-bars", "--limit", "many")]
    [InlineData("run")]
    [InlineData("nonsense")]
    [InlineData("up", "--port", "70000")]
    [InlineData("why", "daily-bars", "AAPL")]
    [InlineData("sources", "--url", "127.0.0.1:7071")]
    public async Task What_cannot_be_understood_is_a_usage_error_in_one_sentence(params string[] args)
    {
        using var cli = new CommandRun();
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync(args));
        Assert.StartsWith("ingest: ", cli.Fault, StringComparison.Ordinal);
        Assert.Single(cli.Fault.Split('\n'));
        Assert.Empty(cli.Text);
    }

    [Fact]
    public async Task Help_names_every_command()
    {
        using var cli = new CommandRun();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("--help"));
        foreach (var command in new[] { "demo", "up", "run", "status", "sources", "convert", "detect", "schema", "read", "why", "dead-letters" })
            Assert.Matches($@"(?m)^\s+{command}\b", cli.Text);
    }
}
