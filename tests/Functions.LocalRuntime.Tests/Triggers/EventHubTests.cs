using System.Text;
using DataIngestion.LocalRuntime.Tests.Hosting;
using DataIngestion.LocalRuntime.Triggers.EventHubs;
using DataIngestion.TestKit;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.LocalRuntime.Tests.Triggers;

public sealed class EventHubTests(AzuriteFixture azurite)
{
    public sealed class Batches(Recorder recorder)
    {
        [Function("TakeBatch")]
        public void Run([EventHubTrigger("%Hub%")] string[] events)
        {
            foreach (var each in events)
                recorder.Record("batch", each);
        }

        [Function("TakeOrders")]
        public void Orders([EventHubTrigger("%Second%", ConsumerGroup = "orders")] List<Order> events)
        {
            foreach (var each in events)
                recorder.Record("orders", each);
        }

        [Function("TakeOne")]
        public void One([EventHubTrigger("%Hub%", ConsumerGroup = "single", IsBatched = false)] string each, int partitionId) =>
            recorder.Record("one", (each, partitionId));
    }

    public sealed class Failing(Recorder recorder)
    {
        [Function("FailBatch")]
        public void Run([EventHubTrigger("%Hub%")] string[] events)
        {
            recorder.Record("failed", string.Join(',', events));
            throw new InvalidOperationException("no");
        }
    }

    public sealed class Sending
    {
        [Function("Forward")]
        [EventHubOutput("%Hub%")]
        public static string[] Run([QueueTrigger("%Queue%")] string message) => [message + "1", message + "2"];
    }

    [Fact]
    public async Task Groups_read_on_their_own_and_a_key_keeps_its_order()
    {
        await using var test = await TestHost.StartAsync(azurite.ConnectionString, typeof(Batches));
        var events = Enumerable.Range(0, 50).Select(i => new EventToAppend(Encoding.UTF8.GetBytes($"{i}"), $"key{i % 3}")).ToList();
        await test.Host.Events.AppendAsync($"{test.Prefix}-hub", events, TestContext.Current.CancellationToken);
        await test.Host.Events.AppendAsync($"{test.Prefix}-second", """{"Id":"a","Amount":1}""", cancellationToken: TestContext.Current.CancellationToken);

        var batch = (await test.Recorder.WaitAsync("batch", 50)).Select(e => int.Parse((string)e!)).ToList();
        var one = (await test.Recorder.WaitAsync("one", 50)).Cast<(string, int)>().ToList();

        for (var key = 0; key < 3; key++)
            Assert.Equal(Enumerable.Range(0, 50).Where(i => i % 3 == key), batch.Where(i => i % 3 == key));
        Assert.Equal(Enumerable.Range(0, 50), one.Select(e => int.Parse(e.Item1)).Order());
        Assert.Equal(new Order("a", 1), (await test.Recorder.WaitAsync("orders"))[0]);
    }

    [Fact]
    public async Task A_batch_that_fails_is_passed_over_and_a_restart_goes_on_behind_it()
    {
        var prefix = TestHost.NewPrefix();
        using var folder = new TemporaryFolder("host");
        await using (var first = await TestHost.StartAsync(azurite.ConnectionString, o => o, [typeof(Failing)], prefix, folder))
        {
            await first.Host.Events.AppendAsync($"{prefix}-hub", "a", "key", TestContext.Current.CancellationToken);
            await first.Recorder.WaitAsync("failed");
            await first.Host.Events.AppendAsync($"{prefix}-hub", "b", "key", TestContext.Current.CancellationToken);
            Assert.Equal(["a", "b"], await first.Recorder.WaitAsync("failed", 2));
        }

        await using var second = await TestHost.StartAsync(azurite.ConnectionString, o => o, [typeof(Failing)], prefix, folder);
        await second.Host.Events.AppendAsync($"{prefix}-hub", "c", "key", TestContext.Current.CancellationToken);
        Assert.Equal(["c"], await second.Recorder.WaitAsync("failed"));
    }

    [Fact]
    public async Task An_output_appends_an_event_an_element()
    {
        await using var test = await TestHost.StartAsync(azurite.ConnectionString, typeof(Sending));
        await test.Queue("queue").CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        await test.Queue("queue").SendMessageAsync("x", TestContext.Current.CancellationToken);

        var events = new List<string>();
        await foreach (var each in test.Host.Events.ReadAsync($"{test.Prefix}-hub", follow: true, cancellationToken: TestContext.Current.CancellationToken))
        {
            events.Add(Encoding.UTF8.GetString(each.Body.Span));
            if (events.Count == 2)
                break;
        }

        Assert.Equal(["x1", "x2"], events);
    }

    [Fact]
    public async Task Events_are_read_in_order_from_any_sequence_and_by_other_processes()
    {
        using var folder = new TemporaryFolder("log");
        await using var writer = new LocalEventLog(folder.File("log.db"));
        await using var reader = new LocalEventLog(folder.File("log.db"));
        var sequences = await writer.AppendAsync("hub", [.. Enumerable.Range(0, 1200).Select(i => new EventToAppend(BitConverter.GetBytes(i)))], TestContext.Current.CancellationToken);
        await writer.AppendAsync("other", "x", cancellationToken: TestContext.Current.CancellationToken);

        var all = await reader.ReadAsync("hub", cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        var tail = await reader.ReadAsync("hub", sequences[1000], cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 1200), all.Select(e => BitConverter.ToInt32(e.Body.Span)));
        Assert.Equal(sequences.Skip(1000), tail.Select(e => e.Sequence));
        Assert.Equal([0, 1, 2, 3], all.Select(e => e.Partition).Distinct().Order());
        Assert.Equal(["hub", "other"], reader.Hubs());
    }

    [Fact]
    public async Task Old_events_and_those_beyond_the_size_are_dropped()
    {
        using var folder = new TemporaryFolder("log");
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero));
        var options = new LocalEventLogOptions { MaxAge = TimeSpan.FromDays(1), MaxBytes = 10_000 };
        await using var log = new LocalEventLog(folder.File("log.db"), options, time);
        await log.AppendAsync("hub", Many(1, 10), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromDays(2));

        await log.AppendAsync("hub", Many(1000, 10), TestContext.Current.CancellationToken);
        var young = await log.ReadAsync("hub", cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        await log.AppendAsync("hub", Many(1000, 50), TestContext.Current.CancellationToken);
        var fitting = await log.ReadAsync("hub", cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1000, young.Count);
        Assert.InRange(fitting.Sum(e => e.Body.Length), 9_000, 10_000);
        Assert.Equal(50, fitting[^1].Body.Length);

        static List<EventToAppend> Many(int count, int size) => [.. Enumerable.Range(0, count).Select(_ => new EventToAppend(new byte[size]))];
    }

    [Theory]
    [InlineData(3), InlineData(17), InlineData(4242)]
    public async Task Every_key_stays_in_one_partition(int seed)
    {
        using var folder = new TemporaryFolder("log");
        await using var log = new LocalEventLog(folder.File("log.db"));
        var random = new Random(seed);
        var events = Enumerable.Range(0, 300).Select(_ => new EventToAppend(new byte[1], $"k{random.Next(20)}")).ToList();

        await log.AppendAsync("hub", events, TestContext.Current.CancellationToken);

        var read = await log.ReadAsync("hub", cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        Assert.All(read.GroupBy(e => e.PartitionKey), key => Assert.Single(key.Select(e => e.Partition).Distinct()));
    }
}
