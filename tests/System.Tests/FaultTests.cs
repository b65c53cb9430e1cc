using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Samples;
using DataIngestion.Storage;
using DataIngestion.SystemTests.Platform;
using DataIngestion.TestKit;

namespace DataIngestion.SystemTests;

[Trait("Category", "server")]
public sealed class FaultTests
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Storage_that_restarts_in_the_middle_of_a_run_delays_it_and_no_more()
    {
        await using var world = await World.CreateAsync(new() { RateLimitEvery = 4 }, configs: null, Stop);
        await world.StartAsync(Stop);
        var run = await world.OrderAsync("vendor-api", "restart", Stop);
        await World.UntilAsync(async () => world.Vendor.Requests > 2 || await Ended(world, run), Limit, () => "The vendor was never asked.", Stop);

        await world.RestartStorageAsync(Stop);

        var status = Assert.Single(await world.EndOfAsync([run], Limit, Stop));
        Assert.True(status.Status is RunState.Completed, status.Report?.Failure?.Message);
        Assert.True(Assert.Single(status.Report!.Datasets).IsBalanced);
    }

    [Fact]
    public async Task A_source_that_never_answers_ends_in_a_dead_letter_that_can_be_replayed()
    {
        using var folder = ImpatientConfiguration();
        await using var world = await World.CreateAsync(new(), folder.Path, Stop);
        await world.StartAsync(Stop);
        world.Vendor.Inject(VendorFault.NeverAnswers);

        var run = await world.OrderAsync("vendor-api", "silence", Stop);
        var status = Assert.Single(await world.EndOfAsync([run], Limit, Stop));
        Assert.Equal(RunState.Failed, status.Status);
        var letter = Assert.Single((await world.GetAsync("dead-letters?status=open", Stop))!["deadLetters"]!.AsArray())!;
        Assert.Equal(run, letter["run"]!.GetValue<string>());

        world.Vendor.Inject(VendorFault.None);
        var replayed = await world.PostAsync($"dead-letters/{letter["id"]}/replay", Stop);
        var again = Assert.Single(await world.EndOfAsync([replayed!["replayRun"]!.GetValue<string>()], Limit, Stop));
        Assert.True(again.Status is RunState.Completed, again.Report?.Failure?.Message);
    }

    [Theory]
    [InlineData(Queues.IngestionRequests, "not json", "is not a IngestionRequest")]
    [InlineData(Queues.IngestionRequests, """{"schemaVersion":99,"run":"a","source":"b"}""", "has schemaVersion 99")]
    [InlineData(Queues.DataConverter, "{{{", "is not a AgentCommand")]
    public async Task A_message_that_cannot_be_read_becomes_visible_with_the_reason(string queue, string message, string reason)
    {
        await using var world = await World.CreateAsync(new(), configs: null, Stop);
        await world.StartAsync(Stop);

        await world.Storage.Queues.GetQueueClient(queue).SendMessageAsync(message, Stop);

        JsonElement letter = default;
        await World.UntilAsync(
            async () =>
            {
                var letters = (await world.GetAsync("dead-letters", Stop)).Deserialize<JsonElement>().GetProperty("deadLetters");
                letter = letters.EnumerateArray().FirstOrDefault();
                return letters.GetArrayLength() == 1;
            },
            Limit, () => "The message did not become a dead letter.", Stop);
        Assert.Contains(reason, letter.GetProperty("reason").GetString(), StringComparison.Ordinal);
        var whole = await world.GetAsync($"dead-letters/{letter.GetProperty("id").GetString()}", Stop);
        Assert.Equal(message, whole!["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task Requests_commands_and_replies_that_come_twice_change_nothing()
    {
        await using var world = await World.CreateAsync(new(), configs: null, Stop);
        await world.StartAsync(Stop);
        var run = await world.OrderAsync("vendor-api", "twice", Stop);
        Assert.Equal(run, await world.OrderAsync("vendor-api", "twice", Stop));
        var first = Assert.Single(await world.EndOfAsync([run], Limit, Stop));
        var rows = await world.RowsAsync("daily-bars", Stop);

        // The merge command of a run that has ended: answered from the ledger, to nobody.
        var queues = new MessageQueues(world.Storage);
        var merge = new AgentCommand
        {
            Id = AgentCommand.IdOf(run, "daily-bars-merge", 1),
            Run = run,
            Kind = CommandKinds.Merge,
            ReplyTo = $"{run}.movement",
            Deadline = first.StartedAt.AddHours(1),
        };
        await queues.SendAsync(Queues.DataMerger, merge, cancellationToken: Stop);
        await World.UntilAsync(async () => await world.MessagesAsync(Stop) == 0, Limit, () => "The copy was not taken off its queue.", Stop);

        Assert.Empty((await world.GetAsync("dead-letters", Stop))!["deadLetters"]!.AsArray());
        Assert.Equal(rows, await world.RowsAsync("daily-bars", Stop));
        Assert.Equivalent(first, Assert.Single(await world.EndOfAsync([run], Limit, Stop)));
    }

    [Fact]
    public async Task An_agent_killed_in_the_middle_of_a_command_is_replaced_within_a_heartbeat()
    {
        using var folder = ImpatientConfiguration();
        await using var world = await World.CreateAsync(new(), folder.Path, Stop);
        await world.StartAsync(Stop);
        world.Vendor.Inject(VendorFault.NeverAnswers, times: 1);
        var run = await world.OrderAsync("vendor-api", "killed", Stop);
        await World.UntilAsync(() => Task.FromResult(world.Vendor.Requests > 0), Limit, () => "The vendor was never asked.", Stop);

        await world.KillAsync();
        await world.StartAsync(Stop);

        var status = Assert.Single(await world.EndOfAsync([run], Limit, Stop));
        Assert.True(status.Status is RunState.Completed, status.Report?.Failure?.Message);
    }

    [Fact]
    public async Task A_platform_that_is_told_to_stop_ends_by_itself()
    {
        await using var world = await World.CreateAsync(new(), configs: null, Stop);
        await world.StartAsync(Stop);

        Assert.Equal(0, await world.Platform.StopAsync(Stop));
    }

    static async Task<bool> Ended(World world, string run) =>
        (await world.GetAsync($"ingestions/{run}", Stop)).Deserialize<IngestionStatus>(ContractJson.Options)?.Status is RunState.Completed or RunState.Failed;

    // A source that gives up quickly.
    static TemporaryFolder ImpatientConfiguration() => Configurations.With(
        ("configs/sources/vendor-api.yaml", "attemptTimeout: 10s", "attemptTimeout: 500ms"),
        ("configs/sources/vendor-api.yaml", "totalTimeout: 2m", "totalTimeout: 5s"),
        ("configs/sources/vendor-api.yaml", "attempts: 6", "attempts: 2"),
        ("workflows/api.yaml", "heartbeat: 15s", "heartbeat: 5s"),
        ("workflows/api.yaml", "retry: { attempts: 5, delay: 1s, factor: 2, maxDelay: 1m, within: 30m }", "retry: { attempts: 2, delay: 1s, factor: 2, maxDelay: 1m, within: 30m }"));
}
