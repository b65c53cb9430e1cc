using System.Text;
using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Retry.Tests;

public sealed class DeadLetterTests(AzuriteFixture azurite)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failure_reported_twice_at_once_is_one_letter()
    {
        var world = await World.CreateAsync(azurite);
        var arguments = Samples.Arguments("twice");

        var added = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.Letters.AddAsync(arguments, "given up.", Cancel)));

        Assert.Single(added.Distinct());
        Assert.Single(await AllAsync(world), l => l.Source == "twice");
    }

    [Fact]
    public async Task Listing_goes_from_new_to_old_page_by_page_and_by_status()
    {
        var world = await World.CreateAsync(azurite);
        var added = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            world.Time.Advance(TimeSpan.FromTicks(1_234_567));
            added.Add((await world.Letters.AddAsync(Samples.Arguments($"listed-{i}"), "given up.", Cancel)).Id);
        }

        await world.Letters.MarkReplayedAsync(added[3], 1, world.Time.GetUtcNow(), "run", Cancel);
        added.Reverse();

        foreach (var size in (int[])[1, 2, 3, 500])
            Assert.Equal(added, (await AllAsync(world, size)).Where(l => l.Source?.StartsWith("listed-", StringComparison.Ordinal) is true).Select(l => l.Id));
        var open = (await AllAsync(world, 2, DeadLetterStatus.Open)).Where(l => l.Source?.StartsWith("listed-", StringComparison.Ordinal) is true).Select(l => l.Id);
        Assert.Equal(added.Where((_, i) => i != 3), open);
        Assert.Equal("listed-3", Assert.Single(await AllAsync(world, 2, DeadLetterStatus.Replayed), l => added.Contains(l.Id)).Source);
    }

    [Theory]
    [InlineData(""), InlineData("x"), InlineData("0000000000000000000-zzzzzzzzzzzzzzzzzzzzzzzz"), InlineData("' or PartitionKey ne '")]
    public async Task A_page_that_never_was_is_refused(string from)
    {
        var world = await World.CreateAsync(azurite);

        await Assert.ThrowsAsync<ArgumentException>(() => world.Letters.ListAsync(from: from, cancellationToken: Cancel));
    }

    [Theory]
    [InlineData(""), InlineData("nothing"), InlineData("00112233445566778899aabb"), InlineData("../../x")]
    public async Task What_is_not_there_is_not_found(string id)
    {
        var world = await World.CreateAsync(azurite);

        Assert.Null(await world.Letters.FindAsync(id, Cancel));
        Assert.Null(await world.Letters.FindBodyAsync(id, Cancel));
        Assert.Null(await world.Replayer.ReplayAsync(id, Cancel));
    }

    [Fact]
    public async Task A_message_that_is_not_JSON_is_kept_and_put_back_byte_for_byte()
    {
        var world = await World.CreateAsync(azurite);
        byte[] bytes = [0x7B, 0xFF, 0x00, 0x22, 0xC3];

        var letter = await world.Letters.AddAsync("odd-messages-poison", bytes, "not JSON.", Cancel);
        Assert.Equal(("odd-messages", DeadLetterKind.PoisonMessage, null), (letter.Queue, letter.Kind, letter.Run));

        await world.Replayer.ReplayAsync(letter.Id, Cancel);

        var received = await world.Clients.Queues.GetQueueClient("odd-messages").ReceiveMessageAsync(cancellationToken: Cancel);
        Assert.Equal(bytes, received.Value.Body.ToArray());
    }

    [Fact]
    public async Task A_message_that_names_a_run_is_listed_with_it()
    {
        var world = await World.CreateAsync(azurite);
        var run = RunId.From("named", Samples.Noon, "x");

        var letter = await world.Letters.AddAsync("commands", Encoding.UTF8.GetBytes($$"""{"schemaVersion":99,"run":"{{run}}"}"""), "unknown version 99.", Cancel);

        Assert.Equal((run, "named"), (letter.Run, letter.Source));
    }

    [Fact]
    public async Task A_replayed_run_is_a_new_run_the_same_however_often_it_is_sent()
    {
        var world = await World.CreateAsync(azurite);
        var letter = await world.Letters.AddAsync(Samples.Arguments("replayed"), "given up.", Cancel);
        world.Time.Advance(TimeSpan.FromMinutes(5));

        var replays = await Task.WhenAll(world.Replayer.ReplayAsync(letter.Id, Cancel), world.Replayer.ReplayAsync(letter.Id, Cancel));
        var afterwards = await world.Letters.FindAsync(letter.Id, Cancel);
        var again = await world.Replayer.ReplayAsync(letter.Id, Cancel);

        Assert.NotNull(afterwards!.ReplayRun);
        Assert.Equal(DeadLetterStatus.Replayed, afterwards.Status);
        Assert.All(replays, r => Assert.NotNull(r));
        Assert.Equal(afterwards.Replays + 1, again!.Replays);
        Assert.NotEqual(afterwards.ReplayRun, again.ReplayRun);

        var sent = await ReceiveAsync(world, "replayed");
        Assert.Equal(sent.Select(s => s.Run).Distinct().Order(), RunsOf(letter, again.Replays).Order());
        Assert.All(sent, s => Assert.Equal((IngestionCause.Replay, "replayed"), (s.Cause, s.Source)));
    }

    [Fact]
    public async Task A_message_that_fails_again_after_its_replay_opens_its_letter_again()
    {
        var world = await World.CreateAsync(azurite);
        var bytes = "again"u8.ToArray();
        var letter = await world.Letters.AddAsync("again", bytes, "first.", Cancel);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(DeadLetterStatus.Replayed, (await world.Replayer.ReplayAsync(letter.Id, Cancel))!.Status);
        world.Time.Advance(TimeSpan.FromSeconds(1));

        var reopened = await world.Letters.AddAsync("again-poison", bytes, "second.", Cancel);

        Assert.Equal((letter.Id, DeadLetterStatus.Open, "second.", 1), (reopened.Id, reopened.Status, reopened.Reason, reopened.Replays));
        Assert.Equal(reopened, await world.Letters.FindAsync(letter.Id, Cancel));
        Assert.Single(await AllAsync(world), l => l.Id == letter.Id);
    }

    [Fact]
    public async Task A_message_that_fails_before_its_replay_is_noted_stays_open()
    {
        var world = await World.CreateAsync(azurite);
        var letter = await world.Letters.AddAsync("quick", "quick"u8.ToArray(), "first.", Cancel);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        var sentAt = world.Time.GetUtcNow();
        world.Time.Advance(TimeSpan.FromMilliseconds(5));
        await world.Letters.AddAsync("quick", "quick"u8.ToArray(), "second.", Cancel);

        var marked = await world.Letters.MarkReplayedAsync(letter.Id, 1, sentAt, null, Cancel);

        Assert.Equal((DeadLetterStatus.Open, 1), (marked!.Status, marked.Replays));
    }

    [Fact]
    public async Task An_endless_reason_is_shortened_in_the_row()
    {
        var world = await World.CreateAsync(azurite);

        var letter = await world.Letters.AddAsync(Samples.Arguments("endless"), string.Concat(Enumerable.Repeat("\U0001F4C8", 40_000)), Cancel);

        Assert.Equal(letter, await world.Letters.FindAsync(letter.Id, Cancel));
        Assert.InRange(letter.Reason.Length, 3_000, 4_001);
    }

    static IEnumerable<string> RunsOf(DeadLetter letter, int replays) =>
        Enumerable.Range(1, replays).Select(i => RunId.From(letter.Source!, letter.CreatedAt, $"dead-letter\n{letter.Id}\n{i}"));

    static async Task<List<DeadLetter>> AllAsync(World world, int pageSize = 50, DeadLetterStatus? status = null)
    {
        var all = new List<DeadLetter>();
        for (string? from = null; ;)
        {
            var page = await world.Letters.ListAsync(status, pageSize, from, Cancel);
            Assert.True(page.Items.Count <= pageSize);
            all.AddRange(page.Items);
            if (page.Next is null)
                return all;
            from = page.Next;
        }
    }

    static async Task<List<IngestionRequest>> ReceiveAsync(World world, string source)
    {
        var queue = world.Clients.Queues.GetQueueClient(Queues.IngestionRequests);
        var requests = new List<IngestionRequest>();
        while (await queue.ReceiveMessagesAsync(32, TimeSpan.FromMinutes(1), Cancel) is { Value.Length: > 0 } messages)
            requests.AddRange(messages.Value.Select(m => JsonSerializer.Deserialize<IngestionRequest>(m.Body, ContractJson.Options)!));
        return requests.Where(r => r.Source == source).ToList();
    }
}
