using System.Text;
using System.Text.Json.Nodes;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests;

[Trait("Category", "server")]
public sealed class KinesisTests(SharedServers servers)
{
    [Fact]
    public async Task A_window_takes_what_is_there_and_the_next_one_what_came_since()
    {
        using var stage = await StartAsync(shards: 3);
        await using var harness = stage.Reader();
        await stage.SendAsync(500);

        await harness.RunAsync();
        Assert.Empty(await harness.RunAsync());
        await stage.SendAsync(200);
        await harness.RunAsync();

        harness.AssertExactly(stage.Numbers, KinesisStage.NumberOf, ordered: false);
        Assert.Equal("0", harness.Landed[0].Part.Headers["millis-behind-latest"]);
    }

    [Fact]
    public async Task Windows_are_as_large_as_they_may_be_and_keep_the_order()
    {
        using var stage = await StartAsync();
        await using var harness = stage.Reader(stage.Source(windowRecords: 90));
        await stage.SendAsync(200);

        for (var i = 0; i < 3; i++)
            await harness.RunAsync();

        harness.AssertExactly(stage.Numbers, KinesisStage.NumberOf);
        Assert.Equal([90, 90, 20], harness.Landed.Select(p => p.Part.Records!.Value));
    }

    [Fact]
    public async Task A_line_tells_all_of_a_record()
    {
        using var stage = await StartAsync();
        await using var harness = stage.Reader();
        await stage.PutAsync("AAPL", Encoding.UTF8.GetBytes("""{"price":1.50}"""));

        await harness.RunAsync();

        var line = JsonNode.Parse(Assert.Single(harness.Lines))!.AsObject();
        Assert.Equal(["_stream", "_shard", "_sequence", "_time", "_key", "price"], line.Select(m => m.Key));
        Assert.Equal((stage.Stream, "shardId-000000000000", "AAPL"), ((string)line["_stream"]!, (string)line["_shard"]!, (string)line["_key"]!));
    }

    [Fact]
    public async Task Records_of_a_producer_library_are_taken_apart_and_may_be_cut_between()
    {
        using var stage = await StartAsync();
        await using var harness = stage.Reader(stage.Source(windowRecords: 2));
        await stage.PutAsync("outer", KinesisStage.Aggregate(("a", """{"n":0}"""), ("b", """{"n":1}"""), ("a", """{"n":2}""")));
        await stage.PutAsync("outer", Encoding.UTF8.GetBytes("""{"n":3}"""));

        await harness.RunAsync();
        Assert.EndsWith(".2", harness.Cursor);
        await harness.RunAsync();

        harness.AssertExactly(Enumerable.Range(0, 4), KinesisStage.NumberOf);
        Assert.Equal(["a", "b", "a", "outer"], harness.Records.Select(r => r.GetProperty("_key").GetString()));
        Assert.Equal([0, 1, 2], harness.Records.Take(3).Select(r => r.GetProperty("_sub_sequence").GetInt32()));
    }

    [Theory, InlineData(20), InlineData(5), InlineData(30)]
    public async Task What_only_looks_like_an_aggregate_is_one_record(int at)
    {
        using var stage = await StartAsync();
        await using var harness = stage.Reader();
        var bytes = KinesisStage.Aggregate(("a", "one"), ("b", "two"));
        bytes[at] ^= 0xff;
        await stage.PutAsync("outer", bytes);

        await harness.RunAsync();

        Assert.Equal(bytes, Convert.FromBase64String(Assert.Single(harness.Records).GetProperty("value_base64").GetString()!));
    }

    [Fact]
    public async Task A_split_and_a_merge_between_windows_lose_nothing_and_keep_the_order_of_each_key()
    {
        using var stage = await StartAsync();
        await using var harness = stage.Reader(stage.Source(windowRecords: 70));
        await stage.SendAsync(100);
        await harness.RunAsync();

        await stage.SplitAsync("shardId-000000000000");
        await stage.SendAsync(100);
        await harness.RunAsync();
        await stage.MergeAsync("shardId-000000000001", "shardId-000000000002");
        await stage.SendAsync(100);
        for (var i = 0; i < 4; i++)
            await harness.RunAsync();

        harness.AssertExactly(stage.Numbers, KinesisStage.NumberOf, ordered: false);
        foreach (var key in harness.Records.GroupBy(r => r.GetProperty("_key").GetString()))
            Assert.Equal(key.Select(KinesisStage.NumberOf).Order(), key.Select(KinesisStage.NumberOf));
        Assert.StartsWith("0:end,1:end,2:end,3:", harness.Cursor);
    }

    [Fact]
    public async Task A_split_while_reading_is_followed_within_the_window()
    {
        using var stage = await StartAsync();
        await using var harness = stage.Reader();
        await stage.SendAsync(50);
        await stage.SplitAsync("shardId-000000000000");
        await stage.SendAsync(50);

        await harness.RunAsync();

        harness.AssertExactly(stage.Numbers, KinesisStage.NumberOf, ordered: false);
        Assert.StartsWith("0:end,1:", harness.Cursor);
    }

    [Fact]
    public async Task Reading_begins_where_it_is_told()
    {
        using var stage = await StartAsync();
        await stage.SendAsync(10);
        await using var latest = new ReaderHarness(stage.Source([("startAt", "latest")]), Sources.Services(new AheadTime(TimeSpan.FromHours(1)), settings: KinesisStage.Settings));
        await using var early = stage.Reader(stage.Source([("startAt", "timestamp"), ("startTime", "2020-01-01T00:00:00Z")]));
        await using var late = stage.Reader(stage.Source([("startAt", "timestamp"), ("startTime", "2100-01-01T00:00:00Z")]));

        Assert.Empty(await latest.RunAsync());
        await early.RunAsync();
        var failure = await late.FailureAsync();

        early.AssertExactly(stage.Numbers, KinesisStage.NumberOf);
        Assert.Equal(("configuration-invalid", false), (failure.Code, failure.IsTransient));
    }

    [Fact]
    public async Task A_window_in_the_past_takes_what_arrived_in_it()
    {
        using var stage = await StartAsync();
        await stage.SendAsync(10);
        await using var harness = stage.Reader(stage.Source(windowRecords: 1));

        await harness.RunAsync(new(new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)));

        harness.AssertExactly(stage.Numbers, KinesisStage.NumberOf);
        Assert.Null(harness.Cursor);
    }

    [Fact]
    public async Task Streams_are_listed()
    {
        using var stage = await StartAsync(shards: 2);
        await using var harness = stage.Reader();

        Assert.Equal((stage.Stream, "stream, open shards: 2"), Assert.Single((await harness.DiscoverAsync(stage.Stream[..20] + "*")).Select(o => (o.Name, o.Kind))));
        Assert.Equal("Kinesis Data Streams", await harness.ProbeAsync());
    }

    [Theory]
    [InlineData("0:end,1:4957,2:4957.3,3:-,4:@1767225600000"), InlineData(""), InlineData("other:12")]
    public void A_position_is_read_as_it_was_written(string text) => Assert.Equal(text, KinesisPosition.Write(KinesisPosition.Read(text)!));

    [Fact]
    public void The_position_of_a_hundred_shards_fits()
    {
        var random = new Random(1);
        var marks = Enumerable.Range(0, 100).ToDictionary(
            n => $"shardId-{n:D12}", n => new KinesisMark { Sequence = $"4965{string.Concat(Enumerable.Range(0, 52).Select(_ => (char)('0' + random.Next(10))))}" });

        var text = KinesisPosition.Write(marks);

        Assert.Equal(marks, KinesisPosition.Read(text!)!);
    }

    [Theory, InlineData("0"), InlineData("0:"), InlineData("0:x"), InlineData("0:1.0"), InlineData("0:1.x"), InlineData("0:@x"), InlineData("z:x")]
    public void What_is_no_position_is_refused(string text) => Assert.Null(KinesisPosition.Read(text));

    async Task<KinesisStage> StartAsync(int shards = 1) => await KinesisStage.StartAsync((await servers.GetAsync("kinesalite")).Port, shards);

    sealed class AheadTime(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }
}
