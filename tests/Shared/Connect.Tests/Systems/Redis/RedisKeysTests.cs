using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using StackExchange.Redis;

namespace DataIngestion.Connect.Tests;

[Trait("Category", "server")]
public sealed class RedisKeysTests(SharedServers servers)
{
    [Fact]
    public async Task Every_type_of_value_has_its_shape()
    {
        var (server, database) = await DatabaseAsync();
        await database.StringSetAsync("t:json", """{"bid":1.25,"ask":1.26}""", TimeSpan.FromHours(1));
        await database.StringSetAsync("t:text", "EUR");
        await database.StringSetAsync("t:bytes", new byte[] { 0xff, 0x00 });
        await database.HashSetAsync("t:hash", [new("isin", "DE0007164600"), new("raw", new byte[] { 0xfe })]);
        await database.ListRightPushAsync("t:list", ["b", "a", "b"]);
        await database.SetAddAsync("t:set", ["z", "y"]);
        await database.SortedSetAddAsync("t:zset", [new("low", 0.5), new("high", double.PositiveInfinity)]);
        await database.StreamAddAsync("t:stream", "f", "v");
        await using var harness = new ReaderHarness(Brokers.Source("redis", server, SourceKind.Database, new() { Object = "t:*" }));

        await harness.RunAsync();

        var records = harness.Records.ToDictionary(r => r.GetProperty("_key").GetString()!);
        Assert.Equal(8, records.Count);
        Assert.InRange(records["t:json"].GetProperty("_ttl").GetInt64(), 3_000_000, 3_600_000);
        Assert.Equal(1.25m, records["t:json"].GetProperty("bid").GetDecimal());
        Assert.Equal("""{"_key":"t:text","_type":"string","_ttl":null,"value":"EUR"}""", records["t:text"].GetRawText());
        Assert.Equal("/wA=", records["t:bytes"].GetProperty("value_base64").GetString());
        Assert.Equal("""{"isin":"DE0007164600","raw_base64":"/g=="}""", records["t:hash"].GetProperty("value").GetRawText());
        Assert.Equal("""["b","a","b"]""", records["t:list"].GetProperty("value").GetRawText());
        Assert.Equal("""["y","z"]""", records["t:set"].GetProperty("value").GetRawText());
        Assert.Equal("""[{"member":"low","score":0.5},{"member":"high","score":"inf"}]""", records["t:zset"].GetProperty("value").GetRawText());
        Assert.Equal(JsonValueKind.Null, records["t:stream"].GetProperty("value").ValueKind);
    }

    [Fact]
    public async Task Hashes_are_rows()
    {
        var (server, database) = await DatabaseAsync();
        await database.HashSetAsync("h:1", [new("isin", "DE0007164600"), new("price", "101.5")]);
        await database.StringSetAsync("h:2", "not a hash");
        await using var harness = new ReaderHarness(Brokers.Source("redis", server, SourceKind.Database, new() { Object = "h:*", Options = Brokers.Options(("mode", "hashes")) }));

        await harness.RunAsync();

        Assert.Equal("""{"_key":"h:1","_type":"hash","_ttl":null,"isin":"DE0007164600","price":"101.5"}""", Assert.Single(harness.Lines));
    }

    [Theory]
    [InlineData(0, 0), InlineData(0, 1), InlineData(0, 2), InlineData(2, 0), InlineData(2, 1), InlineData(2, 2)]
    public async Task A_scan_that_is_killed_continues_at_its_cursor(int part, int point)
    {
        var (server, database) = await DatabaseAsync();
        var filler = new string('x', 100);
        await Task.WhenAll(Enumerable.Range(0, 3000).Select(i => database.StringSetAsync($"k:{i}", $"{i}{filler}")));
        await using var harness = new ReaderHarness(Brokers.Source("redis", server, SourceKind.Database, new() { Object = "k:*", ArtefactBytes = 64 << 10, Options = Brokers.Options(("pageSize", "100")) }));

        await harness.CrashAsync((CrashPoint)point, part);
        await harness.RunAsync();

        harness.AssertExactly(Enumerable.Range(0, 3000).Select(i => $"k:{i}"), r => r.GetProperty("_key").GetString()!, ordered: false);
        Assert.Null(harness.Cursor);
        Assert.True(harness.Landed.Count > 3);
    }

    [Fact]
    public async Task The_next_run_reads_everything_again()
    {
        var (server, database) = await DatabaseAsync();
        await database.StringSetAsync("n:1", "1");
        await using var harness = new ReaderHarness(Brokers.Source("redis", server, SourceKind.Database, new() { Object = "n:*" }));

        await harness.RunAsync();
        await database.StringSetAsync("n:1", "2");
        await harness.RunAsync();

        Assert.Equal(["1", "2"], harness.Records.Select(r => r.GetProperty("value").GetRawText()));
    }

    [Fact]
    public async Task A_server_that_was_restarted_in_the_middle_of_a_scan_ends_the_run()
    {
        using var folder = new TemporaryFolder("redis");
        var first = await TestServer.StartAsync("redis", folder: folder.Path, cancellationToken: TestContext.Current.CancellationToken);
        var address = $"redis://127.0.0.1:{first.Port}/0";
        await FillAsync(first.Port);
        await using var harness = new ReaderHarness(Brokers.Source("redis", address, SourceKind.Database, new() { ArtefactBytes = 64 << 10, Options = Brokers.Options(("pageSize", "100")) }));
        await harness.CrashAsync(CrashPoint.AfterAcknowledgement, 0);
        await first.DisposeAsync();
        await using var second = await TestServer.StartAsync("redis", first.Port, folder.Path, cancellationToken: TestContext.Current.CancellationToken);
        await FillAsync(second.Port);

        var failure = await harness.FailureAsync();

        Assert.Equal(("source-changed", false), (failure.Code, failure.IsTransient));
        Assert.Contains("Start another run", failure.Message, StringComparison.Ordinal);

        static async Task FillAsync(int port)
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port}");
            await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => redis.GetDatabase().StringSetAsync($"k:{i}", new string('x', 100))));
        }
    }

    [Fact]
    public async Task A_value_that_would_not_fit_into_memory_is_refused_by_name()
    {
        var (server, database) = await DatabaseAsync();
        await database.ListRightPushAsync("big", [.. Enumerable.Range(0, 50).Select(i => (RedisValue)i)]);
        await using var harness = new ReaderHarness(Brokers.Source("redis", server, SourceKind.Database, new() { Object = "big", Options = Brokers.Options(("maxElements", "49")) }));

        var failure = await harness.FailureAsync();

        Assert.Equal(("record-too-large", false), (failure.Code, failure.IsTransient));
        Assert.Contains("'big' has 50 elements", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_discovered_with_the_kind_of_their_value_and_the_server_says_who_it_is()
    {
        var (server, database) = await DatabaseAsync();
        await database.StringSetAsync("d:1", "1");
        await database.StreamAddAsync("d:2", "f", "v");
        await using var harness = new ReaderHarness(Brokers.Source("redis", server, SourceKind.Database, new()));

        var found = await harness.DiscoverAsync("d:*");

        Assert.Equal([("d:1", "string", (long?)null), ("d:2", "stream", 1)], found.Select(o => (o.Name, o.Kind, o.Size)).Order());
        Assert.StartsWith("Redis 7.", await harness.ProbeAsync(), StringComparison.Ordinal);
    }

    // Tests keep apart by databases; there are 16, so one a test by its order of asking would not do: flush what another left.
    static int Next;

    async Task<(string Address, IDatabase Database)> DatabaseAsync()
    {
        var server = await servers.GetAsync("redis");
        var number = (Interlocked.Increment(ref Next) % 12) + 1;
        var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port},allowAdmin=true");
        await redis.GetServers()[0].FlushDatabaseAsync(number);
        return ($"redis://127.0.0.1:{server.Port}/{number}", redis.GetDatabase(number));
    }
}
