using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Storage.Tests;

public sealed class MessageQueuesTests(AzuriteFixture azurite)
{
    readonly string _queue = $"q{Guid.NewGuid():n}";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_first_senders_create_the_queue_once_and_lose_nothing()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        var others = await Emulator.CreateAsync(azurite);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? emulator : others).Queues.SendAsync(_queue, i, cancellationToken: Cancel)));

        Assert.Equal(Enumerable.Range(0, 20), (await ReceiveAsync(emulator, _queue)).Select(b => b.ToObjectFromJson<int>()).Order());
    }

    [Fact]
    public async Task A_queue_that_was_deleted_is_made_again()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        await emulator.Queues.SendAsync(_queue, 1, cancellationToken: Cancel);
        await emulator.Clients.Queues.GetQueueClient(_queue).DeleteAsync(Cancel);

        await emulator.Queues.SendAsync(_queue, 2, cancellationToken: Cancel);

        Assert.Equal([2], (await ReceiveAsync(emulator, _queue)).Select(b => b.ToObjectFromJson<int>()));
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_spoil_the_queue_for_others()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => emulator.Queues.SendAsync(_queue, 1, cancellationToken: gone.Token));
        await emulator.Queues.SendAsync(_queue, 2, cancellationToken: Cancel);

        Assert.Contains(await ReceiveAsync(emulator, _queue), b => b.ToObjectFromJson<int>() == 2);
    }

    [Fact]
    public async Task The_largest_message_arrives_and_a_larger_one_is_refused()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        var largest = new byte[MessageQueues.MaxMessageBytes];
        new Random(1).NextBytes(largest);

        await emulator.Queues.SendRawAsync(_queue, largest, cancellationToken: Cancel);
        await Assert.ThrowsAsync<ArgumentException>(() => emulator.Queues.SendRawAsync(_queue, new byte[largest.Length + 1], cancellationToken: Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => emulator.Queues.SendAsync(_queue, new string('x', largest.Length), cancellationToken: Cancel));

        Assert.Equal(largest, Assert.Single(await ReceiveAsync(emulator, _queue)).ToArray());
    }

    [Fact]
    public async Task All_queues_of_the_platform_can_be_created_twice()
    {
        var emulator = await Emulator.CreateAsync(azurite);

        await emulator.Queues.CreateQueuesAsync(Cancel);
        await (await Emulator.CreateAsync(azurite)).Queues.CreateQueuesAsync(Cancel);

        foreach (var name in Queues.All)
            Assert.True(await emulator.Clients.Queues.GetQueueClient(name).ExistsAsync(Cancel));
    }

    [Fact]
    public async Task The_outbox_keeps_the_order_and_puts_large_data_aside()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        var run = $"alpha-{Guid.NewGuid():n}";
        var small = LifecycleEvent.Create(LifecycleEventTypes.RunStarted, Services.IngestionManager, run, "start", emulator.Time.GetUtcNow(), new { source = "alpha" });
        var large = LifecycleEvent.Create(LifecycleEventTypes.SchemaInferred, Services.DataConverter, run, "convert", emulator.Time.GetUtcNow(), new { schema = new string('s', 100_000) });

        await emulator.Outbox.AppendAsync([small, large], Cancel);
        await emulator.Outbox.AppendAsync([large], Cancel);

        var events = (await ReceiveAsync(emulator, Queues.LifecycleEvents))
            .Select(b => JsonSerializer.Deserialize<LifecycleEvent>(b, ContractJson.Options)!).Where(e => e.Subject == run).ToList();
        Assert.Equal([small.Id, large.Id, large.Id], events.Select(e => e.Id));
        Assert.Equal("alpha", events[0].Data!.Value.GetProperty("source").GetString());
        Assert.All(events.Skip(1), e => Assert.Null(e.Data));
        var aside = await emulator.Blobs.ReadJsonAsync<Dictionary<string, string>>(events[1].DataRef!.Value, Cancel);
        Assert.Equal(100_000, aside!.Value["schema"].Length);
    }

    static async Task<List<BinaryData>> ReceiveAsync(Emulator emulator, string queue)
    {
        var bodies = new List<BinaryData>();
        while (await emulator.Clients.Queues.GetQueueClient(queue).ReceiveMessagesAsync(32, TimeSpan.FromMinutes(5), Cancel) is { Value.Length: > 0 } messages)
            bodies.AddRange(messages.Value.Select(m => m.Body));
        return bodies;
    }
}
