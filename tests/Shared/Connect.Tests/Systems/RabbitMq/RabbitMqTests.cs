using System.Text;
using System.Text.RegularExpressions;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using RabbitMQ.Client;

namespace DataIngestion.Connect.Tests;

[Trait("Category", "server")]
public sealed partial class RabbitMqTests(SharedServers servers)
{
    [Theory]
    [InlineData("classic", 100, 0), InlineData("classic", 100, 1), InlineData("classic", 100, 2)]
    [InlineData("quorum", 100, 0), InlineData("quorum", 100, 1), InlineData("quorum", 100, 2)]
    [InlineData("classic", 3000, 0), InlineData("classic", 3000, 1), InlineData("classic", 3000, 2)]
    public async Task A_queue_is_read_exactly_once_wherever_a_run_is_killed(string type, int count, int point)
    {
        var (address, queue) = await QueueAsync(type);
        await queue.PublishAsync(0, count);
        await using var harness = new ReaderHarness(Brokers.Source("rabbitmq", address, SourceKind.Stream, Brokers.Window(queue.Name) with { WindowRecords = (count / 2) + 7 }));

        await harness.CrashAsync((CrashPoint)point);
        await queue.PublishAsync(count, 10);
        await harness.RunAsync();
        await harness.CrashAsync((CrashPoint)point);
        await harness.RunAsync();
        await harness.RunAsync();

        harness.AssertExactly(Enumerable.Range(0, count + 10), r => r.GetProperty("n").GetInt32());
        Assert.Equal(0u, await queue.ReadyAsync());
    }

    [Theory, InlineData(100), InlineData(3000)]
    public async Task A_window_whose_acknowledgement_was_lost_is_recognised_by_the_next_run(int count)
    {
        var (address, queue) = await QueueAsync("classic");
        await queue.PublishAsync(0, count);
        await using var harness = new ReaderHarness(Brokers.Source("rabbitmq", address, SourceKind.Stream, Brokers.Window(queue.Name) with { Window = TimeSpan.FromSeconds(8), WindowRecords = count }));
        await harness.CrashAsync(CrashPoint.BeforeAcknowledgement);
        harness.Cursor = harness.Landed[0].Part.Position; // published; then the broker lost what was acknowledged
        harness.Abandon();
        await queue.PublishAsync(count, 10);

        var part = Assert.Single(await harness.RunAsync()).Part;

        Assert.Equal($"{count}", part.Headers["recognised"]);
        harness.AssertExactly(Enumerable.Range(0, count + 10), r => r.GetProperty("n").GetInt32());
        Assert.Equal(0u, await queue.ReadyAsync());
    }

    [Fact]
    public async Task Without_names_of_their_own_messages_are_landed_again_rather_than_lost_when_the_broker_forgot()
    {
        var (address, queue) = await QueueAsync("classic");
        await queue.PublishAsync(0, 5, named: false);
        await using var harness = new ReaderHarness(Brokers.Source("rabbitmq", address, SourceKind.Stream, Brokers.Window(queue.Name)));
        await harness.CrashAsync(CrashPoint.BeforeAcknowledgement);
        harness.Cursor = harness.Landed[0].Part.Position;
        harness.Abandon();

        await harness.RunAsync();

        Assert.Equal([0, 1, 2, 3, 4, 0, 1, 2, 3, 4], harness.Records.Select(r => r.GetProperty("n").GetInt32()));
    }

    [Theory]
    [InlineData(0, 0), InlineData(0, 1), InlineData(0, 2), InlineData(1, 0), InlineData(1, 1), InlineData(1, 2), InlineData(2, 0), InlineData(2, 1), InlineData(2, 2)]
    public async Task Equal_messages_without_names_are_all_landed_once(int first, int second)
    {
        var (address, queue) = await QueueAsync("classic");
        await queue.PublishTextAsync("same", 5);
        await using var harness = new ReaderHarness(Brokers.Source("rabbitmq", address, SourceKind.Stream, Brokers.Window(queue.Name)));

        await harness.CrashAsync((CrashPoint)first);
        await queue.PublishTextAsync("same", 3);
        await harness.RunAsync();
        await queue.PublishTextAsync("same", 5);
        await harness.CrashAsync((CrashPoint)second);
        await harness.RunAsync();
        await queue.PublishTextAsync("same", 1);
        await harness.RunAsync();
        await harness.RunAsync();

        Assert.Equal(14, harness.Lines.Count);
        Assert.Equal(0u, await queue.ReadyAsync());
    }

    [Fact]
    public async Task A_window_is_bounded_by_the_prefetch_and_ends_by_bytes_without_losing_what_was_delivered()
    {
        var (address, queue) = await QueueAsync("classic");
        await queue.PublishAsync(0, 1000, filler: 1000);
        await using var few = new ReaderHarness(Brokers.Source("rabbitmq", address, SourceKind.Stream, Brokers.Window(queue.Name, ("prefetch", "50"))));
        await using var small = new ReaderHarness(Brokers.Source("rabbitmq", address, SourceKind.Stream, Brokers.Window(queue.Name) with { ArtefactBytes = 64 << 10 }));

        var first = Assert.Single(await few.RunAsync()).Part;
        while ((await small.RunAsync()).Count > 0)
        {
        }

        Assert.Equal(50, first.Records);
        small.AssertExactly(Enumerable.Range(50, 950), r => r.GetProperty("n").GetInt32());
        Assert.All(small.Landed.SkipLast(1), part => Assert.True(part.Bytes.Length >= 64 << 10));
    }

    [Fact]
    public async Task What_the_publisher_says_is_kept()
    {
        var (address, queue) = await QueueAsync("classic");
        await queue.PublishAsync(
            "{\"isin\":\"DE0007164600\"}"u8.ToArray(),
            new()
            {
                MessageId = "m-1",
                Timestamp = new(1_700_000_000),
                CorrelationId = "c",
                Type = "quote",
                ContentType = "application/json",
                AppId = "feed",
                Headers = new Dictionary<string, object?> { ["venue"] = "XETR", ["depth"] = 5, ["tags"] = new List<object?> { "a", true }, ["raw"] = new byte[] { 0xff } },
            });
        await using var harness = new ReaderHarness(Brokers.Source("rabbitmq", address, SourceKind.Stream, Brokers.Window(queue.Name)));

        await harness.RunAsync();

        Assert.Equal(
            $$"""{"_exchange":"","_routing_key":"{{queue.Name}}","_message_id":"m-1","_time":"2023-11-14T22:13:20Z","_correlation_id":"c","_type":"quote","_content_type":"application/json","_app_id":"feed","_headers":{"venue":"XETR","depth":5,"tags":["a",true],"raw":"/w=="},"isin":"DE0007164600"}""",
            TraceHeader().Replace(Assert.Single(harness.Lines), ""));
    }

    // Added by the publisher's library while another test of this process listens to traces.
    [GeneratedRegex(",\"traceparent\":\"[0-9a-f-]+\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TraceHeader();

    [Theory, InlineData(0), InlineData(1), InlineData(2)]
    public async Task A_stream_is_read_exactly_once_and_keeps_its_messages(int point)
    {
        var (address, queue) = await QueueAsync("stream");
        await queue.PublishAsync(0, 2000);
        var source = Brokers.Source("rabbitmq", address, SourceKind.Stream, Brokers.Window(queue.Name, ("mode", "stream"), ("prefetch", "100")) with { WindowRecords = 777, Window = TimeSpan.FromSeconds(3) });
        await using var harness = new ReaderHarness(source);
        await using var other = new ReaderHarness(source with { Source = "other" });

        await harness.CrashAsync((CrashPoint)point);
        await harness.RunAsync();
        while ((await harness.RunAsync()).Count > 0)
        {
        }

        await other.RunAsync();

        harness.AssertExactly(Enumerable.Range(0, 2000), r => r.GetProperty("n").GetInt32());
        Assert.Equal(Enumerable.Range(0, 2000), harness.Records.Select(r => r.GetProperty("_offset").GetInt32()));
        Assert.Equal("1999", harness.Cursor);
        Assert.Equal(777, other.Lines.Count);
    }

    [Theory, InlineData("stream", "queue", "is a stream"), InlineData("classic", "stream", "of another kind")]
    public async Task A_stream_and_a_queue_are_not_mistaken_for_one_another(string type, string mode, string said)
    {
        var (address, queue) = await QueueAsync(type);
        await using var harness = new ReaderHarness(Brokers.Source("rabbitmq", address, SourceKind.Stream, Brokers.Window(queue.Name, ("mode", mode)) with { Window = TimeSpan.FromMinutes(2) }));
        using var refused = new CancellationTokenSource();
        var publishing = PublishAsync();

        var failure = await harness.FailureAsync();

        await refused.CancelAsync();
        await publishing;
        Assert.Equal(("configuration-invalid", false), (failure.Code, failure.IsTransient));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);

        // A stream without an offset gives what comes once it is consumed.
        async Task PublishAsync()
        {
            for (var n = 0; !refused.IsCancellationRequested; n++)
                await queue.PublishAsync(n, 1);
        }
    }

    [Fact]
    public async Task A_consumer_that_is_the_single_active_one_takes_over_where_the_other_left()
    {
        var (address, queue) = await QueueAsync("quorum", ("x-single-active-consumer", true));
        await queue.PublishAsync(0, 20);
        await using var harness = new ReaderHarness(Brokers.Source("rabbitmq", address, SourceKind.Stream, Brokers.Window(queue.Name)));
        await using (var other = new ReaderHarness(Brokers.Source("rabbitmq", address, SourceKind.Stream, Brokers.Window(queue.Name) with { WindowRecords = 5 })))
            await other.RunAsync();

        await harness.RunAsync();

        harness.AssertExactly(Enumerable.Range(5, 15), r => r.GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task A_queue_is_found_by_its_name_and_the_broker_says_who_it_is()
    {
        var (address, queue) = await QueueAsync("classic");
        await queue.PublishAsync(0, 3);
        await using var harness = new ReaderHarness(Brokers.Source("rabbitmq", address, SourceKind.Stream, Brokers.Window(queue.Name)));

        var found = Assert.Single(await harness.DiscoverAsync(queue.Name));

        Assert.Equal((queue.Name, "queue", 3), (found.Name, found.Kind, found.Size));
        Assert.StartsWith("RabbitMQ 3.", await harness.ProbeAsync(), StringComparison.Ordinal);
    }

    async Task<(string Address, TestQueue Queue)> QueueAsync(string type, params (string Name, object? Value)[] arguments)
    {
        var server = await servers.GetAsync("rabbitmq");
        return ($"amqp://127.0.0.1:{server.Port}", await TestQueue.DeclareAsync(server.Port, $"q-{Guid.NewGuid():N}", type, arguments));
    }
}

/// <summary>A queue that a test publishes to.</summary>
internal sealed class TestQueue(int port, string name)
{
    public string Name => name;

    public static async Task<TestQueue> DeclareAsync(int port, string name, string type, params (string Name, object? Value)[] arguments)
    {
        var queue = new TestQueue(port, name);
        await queue.UseAsync(channel => channel.QueueDeclareAsync(
            name, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?>(arguments.Select(a => KeyValuePair.Create(a.Name, a.Value))) { ["x-queue-type"] = type }));
        return queue;
    }

    public Task PublishAsync(int from, int count, int filler = 20, bool named = true) => UseAsync(async channel =>
    {
        var text = new string('x', filler);
        await Task.WhenAll(Enumerable.Range(from, count).Select(i => channel.BasicPublishAsync(
            "", name, mandatory: true, new BasicProperties { Persistent = true, MessageId = named ? $"m-{i}" : null }, Encoding.UTF8.GetBytes($$"""{"n":{{i}},"filler":"{{text}}"}""")).AsTask()));
        return true;
    });

    public Task PublishTextAsync(string text, int count) => UseAsync(async channel =>
    {
        for (var i = 0; i < count; i++)
            await channel.BasicPublishAsync("", name, mandatory: true, new BasicProperties { Persistent = true }, Encoding.UTF8.GetBytes(text));
        return true;
    });

    public async Task PublishAsync(byte[] body, BasicProperties properties)
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(); // confirmations would add a header
        await channel.BasicPublishAsync("", name, mandatory: true, properties, body);
        await channel.QueueDeclarePassiveAsync(name);
    }

    public Task<uint> ReadyAsync() => UseAsync(channel => channel.MessageCountAsync(name));

    public async Task<T> UseAsync<T>(Func<IChannel, Task<T>> work)
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        return await work(channel);
    }

    Task<IConnection> ConnectAsync() => new ConnectionFactory { HostName = "127.0.0.1", Port = port }.CreateConnectionAsync();
}
