using DataIngestion.Contracts;
using DataIngestion.TestKit;
using StackExchange.Redis;

namespace DataIngestion.Connect.Tests;

[Trait("Category", "server")]
public sealed class RedisStreamTests(SharedServers servers)
{
    [Theory]
    [InlineData(SourceKind.Database, 0, 0), InlineData(SourceKind.Database, 1, 1), InlineData(SourceKind.Database, 1, 2)]
    [InlineData(SourceKind.Stream, 0, 0), InlineData(SourceKind.Stream, 0, 1), InlineData(SourceKind.Stream, 0, 2)]
    public async Task A_stream_is_read_exactly_once(SourceKind kind, int part, int point)
    {
        var (server, database, key) = await StreamAsync();
        await AddAsync(database, key, 0, 3000);
        await using var harness = new ReaderHarness(Brokers.Source("redis", server, kind, Brokers.Window(key, ("mode", "stream")) with { ArtefactBytes = 64 << 10 }));

        await harness.CrashAsync((CrashPoint)point, part);
        await harness.RunAsync();
        await AddAsync(database, key, 3000, 100);
        while ((await harness.RunAsync()).Count > 0)
        {
        }

        harness.AssertExactly(Enumerable.Range(0, 3100), r => int.Parse(r.GetProperty("n").GetString()!));
        Assert.Equal(harness.Records[0].GetProperty("_id").GetString(), (string?)(await database.StreamRangeAsync(key, count: 1))[0].Id);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2)]
    public async Task A_group_reads_exactly_once_and_leaves_nothing_pending(int point)
    {
        var (server, database, key) = await StreamAsync();
        await AddAsync(database, key, 0, 1500);
        await using var harness = new ReaderHarness(Brokers.Source("redis", server, SourceKind.Stream, Brokers.Window(key, ("mode", "stream"), ("group", "ingest")) with { WindowRecords = 1000 }));

        await harness.CrashAsync((CrashPoint)point);
        await harness.RunAsync();
        await harness.RunAsync();

        harness.AssertExactly(Enumerable.Range(0, 1500), r => int.Parse(r.GetProperty("n").GetString()!));
        Assert.Equal(0, (await database.StreamPendingAsync(key, "ingest")).PendingMessageCount);
    }

    [Fact]
    public async Task An_acknowledgement_that_the_server_lost_is_given_again_by_the_next_run()
    {
        var (server, database, key) = await StreamAsync();
        await AddAsync(database, key, 0, 700);
        await using var harness = new ReaderHarness(Brokers.Source("redis", server, SourceKind.Stream, Brokers.Window(key, ("mode", "stream"), ("group", "ingest"))));
        await harness.CrashAsync(CrashPoint.BeforeAcknowledgement);
        harness.Cursor = harness.Landed[0].Part.Position; // the run ended and was published; what it acknowledged was lost with the server
        harness.Abandon();
        await AddAsync(database, key, 700, 10);

        await harness.RunAsync();

        harness.AssertExactly(Enumerable.Range(0, 710), r => int.Parse(r.GetProperty("n").GetString()!));
        Assert.Equal(0, (await database.StreamPendingAsync(key, "ingest")).PendingMessageCount);
    }

    [Fact]
    public async Task Entries_of_a_consumer_that_does_not_come_back_are_taken_over()
    {
        var (server, database, key) = await StreamAsync();
        await AddAsync(database, key, 0, 5);
        await database.StreamCreateConsumerGroupAsync(key, "ingest", StreamPosition.Beginning);
        await database.StreamReadGroupAsync(key, "ingest", "gone", StreamPosition.NewMessages, 3);
        await database.ExecuteAsync("XCLAIM", key, "ingest", "gone", "0", (await database.StreamRangeAsync(key, count: 1))[0].Id, "IDLE", "60000", "JUSTID");
        await using var harness = new ReaderHarness(Brokers.Source("redis", server, SourceKind.Stream, Brokers.Window(key, ("mode", "stream"), ("group", "ingest"), ("claimAfter", "30s"))));

        await harness.RunAsync();

        harness.AssertExactly([0, 3, 4], r => int.Parse(r.GetProperty("n").GetString()!)); // 1 and 2 have not been idle for long
    }

    [Theory, InlineData("report"), InlineData("fail")]
    public async Task Entries_that_were_trimmed_unread_are_reported(string onGap)
    {
        var (server, database, key) = await StreamAsync();
        await AddAsync(database, key, 0, 20);
        await using var harness = new ReaderHarness(Brokers.Source("redis", server, SourceKind.Stream, Brokers.Window(key, ("mode", "stream"), ("onGap", onGap))));
        await harness.RunAsync();
        await AddAsync(database, key, 20, 20);
        await database.StreamTrimAsync(key, 7, useApproximateMaxLength: false);

        if (onGap == "fail")
        {
            var failure = await harness.FailureAsync();
            Assert.Equal(("source-changed", false), (failure.Code, failure.IsTransient));
            Assert.Contains("13 entries", failure.Message, StringComparison.Ordinal);
            return;
        }

        var part = Assert.Single(await harness.RunAsync()).Part;
        Assert.StartsWith("13 entries behind", part.Headers["gap"], StringComparison.Ordinal);
        Assert.Equal(7, part.Records);
    }

    [Fact]
    public async Task A_stream_that_was_made_anew_is_not_silently_waited_for()
    {
        var (server, database, key) = await StreamAsync();
        await AddAsync(database, key, 0, 3);
        await using var harness = new ReaderHarness(Brokers.Source("redis", server, SourceKind.Stream, Brokers.Window(key, ("mode", "stream"))));
        await harness.RunAsync();
        await database.KeyDeleteAsync(key);
        await database.StreamAddAsync(key, [new("n", "0")], messageId: "1-1");

        var failure = await harness.FailureAsync();

        Assert.Equal(("source-changed", false), (failure.Code, failure.IsTransient));
    }

    [Fact]
    public async Task A_stream_can_begin_now()
    {
        var (server, database, key) = await StreamAsync();
        await AddAsync(database, key, 0, 3);
        await using var harness = new ReaderHarness(Brokers.Source("redis", server, SourceKind.Stream, Brokers.Window(key, ("mode", "stream"), ("from", "now"))));

        Assert.Empty(await harness.RunAsync());
    }

    static Task AddAsync(IDatabase database, string key, int from, int count) =>
        Task.WhenAll(Enumerable.Range(from, count).Select(i => database.StreamAddAsync(key, [new("n", i), new("filler", new string('x', 50))])));

    async Task<(string Address, IDatabase Database, string Key)> StreamAsync()
    {
        var server = await servers.GetAsync("redis");
        var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port}");
        return ($"redis://127.0.0.1:{server.Port}/14", redis.GetDatabase(14), $"ticks:{Guid.NewGuid():N}");
    }
}
