using System.Text.Json;
using Azure.Storage.Queues.Models;
using DataIngestion.LocalRuntime.Tests.Hosting;
using DataIngestion.TestKit;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.LocalRuntime.Tests.Triggers;

public sealed record Order(string Id, int Amount);

public sealed class QueueTriggerTests(AzuriteFixture azurite)
{
    public sealed class Strings(Recorder recorder)
    {
        [Function("TakeString")]
        public void Run([QueueTrigger("%Queue%")] string message, FunctionContext context, string id, long dequeueCount) =>
            recorder.Record("string", (message, context.FunctionDefinition.Name, id, dequeueCount));
    }

    public sealed class Messages(Recorder recorder)
    {
        [Function("TakeMessage")]
        public void Run([QueueTrigger("%Queue%")] QueueMessage message) => recorder.Record("message", message);
    }

    public sealed class Bytes(Recorder recorder)
    {
        [Function("TakeBytes")]
        public void Run([QueueTrigger("%Queue%")] byte[] message) => recorder.Record("bytes", message);

        [Function("TakeData")]
        public void Run([QueueTrigger("%Second%")] BinaryData message) => recorder.Record("data", message.ToArray());
    }

    public sealed class Orders(Recorder recorder)
    {
        [Function("TakeOrder")]
        public Task RunAsync([QueueTrigger("%Queue%")] Order order)
        {
            recorder.Record("order", order);
            return Task.CompletedTask;
        }
    }

    public sealed class Failing(Recorder recorder)
    {
        [Function("Fail")]
        public Task RunAsync([QueueTrigger("%Queue%")] string message, long dequeueCount)
        {
            recorder.Record("attempt", dequeueCount);
            throw new InvalidOperationException("not today: " + message);
        }
    }

    public sealed record Outcome
    {
        [QueueOutput("%Output%")]
        public string[] Replies { get; init; } = [];

        [QueueOutput("%Second%")]
        public Order? Order { get; init; }
    }

    public static class Outputs
    {
        [Function("Reply")]
        public static Outcome Run([QueueTrigger("%Queue%")] string message) => new() { Replies = [message + "1", message + "2"], Order = new(message, 7) };
    }

    public sealed class Waiting(Recorder recorder)
    {
        [Function("Wait")]
        public async Task RunAsync([QueueTrigger("%Queue%")] string message, CancellationToken cancellationToken)
        {
            recorder.Record("started", message);
            await recorder.Gate("go").Task.WaitAsync(cancellationToken);
            recorder.Record("ended", message);
        }
    }

    [Fact]
    public async Task A_message_sent_before_the_queue_was_seen_arrives_as_text_with_its_binding_data()
    {
        await using var test = await TestHost.StartAsync(azurite.ConnectionString, typeof(Strings));
        var queue = test.Queue("queue");
        await queue.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        var sent = await queue.SendMessageAsync("hello", TestContext.Current.CancellationToken);

        var (message, function, id, count) = ((string, string, string, long))(await test.Recorder.WaitAsync("string"))[0]!;

        Assert.Equal(("hello", "TakeString", sent.Value.MessageId, 1), (message, function, id, count));
        await Empty(test, "queue");
    }

    [Fact]
    public async Task A_message_arrives_with_its_decoded_body_and_properties()
    {
        await using var test = await TestHost.StartAsync(azurite.ConnectionString, typeof(Messages));
        await Send(test, "queue", "hello");

        var message = (QueueMessage)(await test.Recorder.WaitAsync("message"))[0]!;

        Assert.Equal("hello", message.Body.ToString());
        Assert.Equal(1, message.DequeueCount);
    }

    [Fact]
    public async Task Bytes_and_binary_data_arrive_unchanged()
    {
        await using var test = await TestHost.StartAsync(azurite.ConnectionString, typeof(Bytes));
        byte[] body = [0, 255, 128, 10];
        foreach (var name in new[] { "queue", "second" })
        {
            await test.Queue(name).CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
            await test.Queue(name).SendMessageAsync(BinaryData.FromBytes(body), cancellationToken: TestContext.Current.CancellationToken);
        }

        Assert.Equal(body, (byte[])(await test.Recorder.WaitAsync("bytes"))[0]!);
        Assert.Equal(body, (byte[])(await test.Recorder.WaitAsync("data"))[0]!);
    }

    [Fact]
    public async Task JSON_binds_to_a_class_whatever_the_case_of_its_names()
    {
        await using var test = await TestHost.StartAsync(azurite.ConnectionString, typeof(Orders));
        await Send(test, "queue", """{"id":"a","AMOUNT":3}""");

        Assert.Equal(new Order("a", 3), (await test.Recorder.WaitAsync("order"))[0]);
    }

    [Fact]
    public async Task A_message_that_fails_five_times_goes_to_the_poison_queue_as_it_was()
    {
        await using var test = await TestHost.StartAsync(azurite.ConnectionString, typeof(Failing));
        await Send(test, "queue", "bad");

        var poison = await Receive(test, "queue-poison");

        Assert.Equal("bad", poison.Body.ToString());
        Assert.Equal([1L, 2L, 3L, 4L, 5L], test.Recorder.Of("attempt"));
        await Empty(test, "queue");
    }

    [Fact]
    public async Task A_message_that_is_not_JSON_goes_to_the_poison_queue_without_running_the_function()
    {
        await using var test = await TestHost.StartAsync(azurite.ConnectionString, typeof(Orders));
        await Send(test, "queue", "{ not json");

        Assert.Equal("{ not json", (await Receive(test, "queue-poison")).Body.ToString());
        Assert.Empty(test.Recorder.Of("order"));
    }

    [Fact]
    public async Task A_message_that_is_not_Base64_goes_to_the_poison_queue_in_its_raw_text()
    {
        await using var test = await TestHost.StartAsync(azurite.ConnectionString, typeof(Strings));
        var raw = test.RawQueue(test.Queue("queue").Name);
        await raw.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        await raw.SendMessageAsync("***", TestContext.Current.CancellationToken);

        var poison = test.RawQueue(raw.Name + "-poison");
        var message = await Eventually.NotNullAsync(async () => await poison.ExistsAsync() ? (await poison.PeekMessageAsync()).Value : null);

        Assert.Equal("***", message.Body.ToString());
        Assert.Empty(test.Recorder.Of("string"));
    }

    [Fact]
    public async Task Outputs_on_properties_become_a_message_an_element_and_JSON()
    {
        await using var test = await TestHost.StartAsync(azurite.ConnectionString, typeof(Outputs));
        await Send(test, "queue", "x");

        var replies = new List<string>();
        while (replies.Count < 2)
            replies.Add((await Receive(test, "output")).Body.ToString());
        var order = JsonSerializer.Deserialize<Order>((await Receive(test, "second")).Body);

        Assert.Equal(["x1", "x2"], replies.Order());
        Assert.Equal(new("x", 7), order);
    }

    [Fact]
    public async Task A_message_whose_process_died_comes_back_when_its_lease_runs_out()
    {
        var prefix = TestHost.NewPrefix();
        var queue = new Azure.Storage.Queues.QueueClient(azurite.ConnectionString, $"{prefix}-queue", new() { MessageEncoding = Azure.Storage.Queues.QueueMessageEncoding.Base64 });
        await queue.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        await queue.SendMessageAsync("orphan", TestContext.Current.CancellationToken);
        // What a process holds that is killed: taken for a lease, never renewed, never deleted.
        await queue.ReceiveMessageAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        await using var test = await TestHost.StartAsync(azurite.ConnectionString, o => o, [typeof(Strings)], prefix);
        var (message, _, _, count) = ((string, string, string, long))(await test.Recorder.WaitAsync("string"))[0]!;

        Assert.Equal(("orphan", 2), (message, count));
    }

    [Fact]
    public async Task A_stop_waits_for_the_function_and_deletes_its_message()
    {
        var test = await TestHost.StartAsync(azurite.ConnectionString, typeof(Waiting));
        await Send(test, "queue", "slow");
        await test.Recorder.WaitAsync("started");

        var stop = test.Host.StopAsync(TestContext.Current.CancellationToken);
        Assert.False(stop.IsCompleted);
        test.Recorder.Gate("go").SetResult();
        await stop;

        Assert.Single(test.Recorder.Of("ended"));
        Assert.Null((await test.Queue("queue").PeekMessageAsync(TestContext.Current.CancellationToken)).Value);
        await test.DisposeAsync();
    }

    [Fact]
    public async Task A_stop_that_runs_out_of_time_gives_the_message_back_at_once()
    {
        var test = await TestHost.StartAsync(azurite.ConnectionString, o => o with { DrainTimeout = TimeSpan.FromMilliseconds(200) }, [typeof(Waiting)]);
        await Send(test, "queue", "endless");
        await test.Recorder.WaitAsync("started");

        await test.Host.StopAsync(TestContext.Current.CancellationToken);

        var message = (await test.Queue("queue").ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken)).Value;
        Assert.Equal("endless", message?.Body.ToString());
        await test.DisposeAsync();
    }

    static async Task Send(TestHost test, string queue, string text)
    {
        await test.Queue(queue).CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        await test.Queue(queue).SendMessageAsync(text, TestContext.Current.CancellationToken);
    }

    static Task<QueueMessage> Receive(TestHost test, string name)
    {
        var queue = test.Queue(name);
        return Eventually.NotNullAsync(async () => await queue.ExistsAsync() ? (await queue.ReceiveMessageAsync(TimeSpan.FromMinutes(5))).Value : null);
    }

    static Task Empty(TestHost test, string name) =>
        Eventually.TrueAsync(async () => (await test.Queue(name).GetPropertiesAsync()).Value.ApproximateMessagesCount == 0);
}
