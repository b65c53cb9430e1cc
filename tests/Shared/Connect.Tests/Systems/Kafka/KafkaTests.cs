using System.Text;
using Confluent.Kafka;

namespace DataIngestion.Connect.Tests;

public sealed class KafkaTests
{
    [Fact]
    public async Task A_window_takes_what_is_there_and_the_next_one_what_came_since()
    {
        using var stage = new KafkaStage();
        await using var harness = new ReaderHarness(stage.Source());
        await stage.SendAsync(1000);

        await harness.RunAsync();
        Assert.Empty(await harness.RunAsync());
        await stage.SendAsync(500);
        await harness.RunAsync();

        harness.AssertExactly(stage.Numbers, KafkaStage.NumberOf, ordered: false);
        Assert.Equal("0:500,1:500,2:500", KafkaPositionWithoutEpochs(harness.Cursor));
        Assert.Equal((1000, "application/x-ndjson", "prices.ndjson"), (harness.Landed[0].Part.Records, harness.Landed[0].Part.ContentType, harness.Landed[0].Part.Name));
        Assert.Equal("0:334-499,1:333-499,2:333-499", harness.Landed[1].Part.Headers["offsets"]);
    }

    [Fact]
    public async Task Messages_of_a_partition_keep_their_order()
    {
        using var stage = new KafkaStage(partitions: 1);
        await using var harness = new ReaderHarness(stage.Source(windowRecords: 70));
        await stage.SendAsync(200);

        for (var i = 0; i < 3; i++)
            await harness.RunAsync();

        harness.AssertExactly(stage.Numbers, KafkaStage.NumberOf);
        Assert.Equal([70, 70, 60], harness.Landed.Select(p => p.Part.Records!.Value));
    }

    [Fact]
    public async Task A_window_ends_with_its_bytes()
    {
        using var stage = new KafkaStage(partitions: 1);
        var source = stage.Source();
        var dataset = source.Datasets[0];
        await using var harness = new ReaderHarness(source with { Datasets = [dataset with { Read = dataset.Read! with { ArtefactBytes = 64 << 10 } }] });
        await stage.SendAsync(2000);

        await harness.RunAsync();
        await harness.RunAsync();

        Assert.InRange(harness.Landed[0].Bytes.Length, 64 << 10, (64 << 10) + 200);
        Assert.Equal(Enumerable.Range(0, harness.Records.Count), harness.Records.Select(KafkaStage.NumberOf));
    }

    [Fact]
    public async Task A_window_ends_with_its_time()
    {
        using var stage = new KafkaStage();
        await using var harness = new ReaderHarness(stage.Source([("stopAtEnd", "false")], window: TimeSpan.FromSeconds(3)));
        await stage.SendAsync(10);

        await harness.RunAsync();

        harness.AssertExactly(stage.Numbers, KafkaStage.NumberOf, ordered: false);
    }

    [Theory, InlineData(CompressionType.Gzip), InlineData(CompressionType.Snappy), InlineData(CompressionType.Lz4), InlineData(CompressionType.Zstd)]
    public async Task Every_compression_is_read(CompressionType compression)
    {
        using var stage = new KafkaStage();
        await using var harness = new ReaderHarness(stage.Source());
        await stage.SendAsync(300, compression);

        await harness.RunAsync();

        harness.AssertExactly(stage.Numbers, KafkaStage.NumberOf, ordered: false);
    }

    [Fact]
    public async Task A_line_tells_all_of_a_message()
    {
        using var stage = new KafkaStage(partitions: 1);
        await using var harness = new ReaderHarness(stage.Source());
        var time = new Timestamp(new DateTime(2026, 3, 2, 12, 0, 0, 250, DateTimeKind.Utc));
        await stage.Cluster.ProduceAsync(KafkaStage.Topic,
        [
            (0, new() { Key = "AAPL"u8.ToArray(), Value = "{\"p\":1.50}"u8.ToArray(), Timestamp = time, Headers = [new Header("trace", "x"u8.ToArray()), new Header("bin", [0xff]), new Header("none", null)] }),
            (0, new() { Key = [0xff, 0xfe], Value = null, Timestamp = time }),
            (0, new() { Key = null, Value = "plain"u8.ToArray(), Timestamp = time, Headers = [new Header("a", "1"u8.ToArray()), new Header("a", "2"u8.ToArray())] }),
            (0, new() { Value = [0, 0, 0, 0, 42, .. "{\"p\":2}"u8], Timestamp = time }),
            (0, new() { Value = [0, 0, 0, 0, 43, 2, 0x80], Timestamp = time }),
        ]);

        await harness.RunAsync();

        const string Common = "\"_topic\":\"prices\",\"_partition\":0,\"_offset\":";
        Assert.Equal(
            [
                $$"""{{{Common}}0,"_time":"2026-03-02T12:00:00.25Z","_key":"AAPL","_headers":{"trace":"x","bin_base64":"/w==","none":null},"p":1.50}""",
                $$"""{{{Common}}1,"_time":"2026-03-02T12:00:00.25Z","_key_base64":"//4=","value":null}""",
                $$"""{{{Common}}2,"_time":"2026-03-02T12:00:00.25Z","_key":null,"_headers":{"a":[{"value":"1"},{"value":"2"}]},"value":"plain"}""",
                $$"""{{{Common}}3,"_time":"2026-03-02T12:00:00.25Z","_key":null,"_schema_id":42,"p":2}""",
                $$"""{{{Common}}4,"_time":"2026-03-02T12:00:00.25Z","_key":null,"_schema_id":43,"value_base64":"AAAAACsCgA=="}""",
            ],
            harness.Lines);
    }

    [Fact]
    public async Task Reading_begins_where_it_is_told()
    {
        using var stage = new KafkaStage(partitions: 1);
        var early = new DateTime(2026, 3, 2, 12, 0, 0, DateTimeKind.Utc);
        await stage.Cluster.ProduceAsync(KafkaStage.Topic, Enumerable.Range(0, 10).Select(n =>
            (0, new Message<byte[]?, byte[]?> { Value = Encoding.UTF8.GetBytes($$"""{"n":{{n}}}"""), Timestamp = new(early.AddMinutes(n)) })));
        await using var latest = new ReaderHarness(stage.Source([("startAt", "latest")]));
        await using var late = new ReaderHarness(stage.Source([("startAt", "timestamp"), ("startTime", "2026-03-02T13:00:00Z")]));
        Assert.Empty(await latest.RunAsync());
        Assert.Empty(await late.RunAsync());
    }

    [Fact]
    public async Task A_partition_that_is_new_is_read_from_its_beginning()
    {
        using var stage = new KafkaStage(partitions: 2);
        await stage.SendAsync(10);
        await using var harness = new ReaderHarness(stage.Source([("startAt", "latest")])) { Cursor = "0:5" };

        await harness.RunAsync();

        Assert.Equal([1, 3, 5, 7, 9], harness.Records.Select(KafkaStage.NumberOf));
        Assert.Equal("0:5,1:5", KafkaPositionWithoutEpochs(harness.Cursor));
    }

    [Fact]
    public async Task Partitions_can_be_chosen()
    {
        using var stage = new KafkaStage(partitions: 4);
        await stage.SendAsync(8);
        await using var harness = new ReaderHarness(stage.Source([("partitions", "0,2-3")]));

        await harness.RunAsync();

        Assert.Equal([0, 2, 3, 4, 6, 7], harness.Records.Select(KafkaStage.NumberOf).Order());
    }

    [Fact]
    public async Task Topics_are_listed_with_the_messages_they_hold()
    {
        using var stage = new KafkaStage();
        stage.Cluster.CreateTopic("empty", 1);
        stage.Cluster.CreateTopic("__internal", 1);
        await stage.SendAsync(30);
        await using var harness = new ReaderHarness(stage.Source());

        Assert.Equal([("empty", 0), ("prices", 30)], (await harness.DiscoverAsync()).Select(o => (o.Name, o.Size!.Value)));
        Assert.Equal("topic, partitions: 3", Assert.Single(await harness.DiscoverAsync("pri*")).Kind);
        Assert.StartsWith("Kafka cluster ", await harness.ProbeAsync());
    }

    [Fact]
    public async Task Offsets_are_committed_for_those_who_watch_lag()
    {
        using var stage = new KafkaStage();
        await stage.SendAsync(30);
        await using var harness = new ReaderHarness(stage.Source([("group", "watched")]));

        await harness.CrashAsync(CrashPoint.BeforeAcknowledgement);
        Assert.Equal([-1001, -1001, -1001], stage.Committed("watched"));
        await harness.RunAsync();

        Assert.Equal([10, 10, 10], stage.Committed("watched"));
    }

    [Theory]
    [InlineData("0:1500@3,1:1622"), InlineData(""), InlineData("7:0")]
    public void A_position_is_read_as_it_was_written(string text) => Assert.Equal(text, KafkaPosition.Write(KafkaPosition.Read(text)!));

    [Theory]
    [InlineData("x"), InlineData("1"), InlineData("1:"), InlineData("-1:5"), InlineData("1:-5"), InlineData("1:5@x"), InlineData("z:!"), InlineData("z:AAAA")]
    public void What_is_no_position_is_refused(string text) => Assert.Null(KafkaPosition.Read(text));

    [Fact]
    public void The_position_of_many_partitions_is_compressed()
    {
        var marks = Enumerable.Range(0, 600).ToDictionary(p => p, p => new KafkaMark(1_000_000 + (p * 7919 % 1000), 4));

        var text = KafkaPosition.Write(marks)!;

        Assert.StartsWith("z:", text);
        Assert.True(text.Length <= PositionText.Longest);
        Assert.Equal(marks, KafkaPosition.Read(text)!);
    }

    static string? KafkaPositionWithoutEpochs(string? position) =>
        position is null ? null : KafkaPosition.Write(KafkaPosition.Read(position)!.ToDictionary(m => m.Key, m => m.Value with { Epoch = null }));
}
