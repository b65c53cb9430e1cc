using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.LocalRuntime.Tests.Hosting;
using DataIngestion.LocalRuntime.Triggers;
using DataIngestion.LocalRuntime.Triggers.Queues;
using DataIngestion.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace DataIngestion.LocalRuntime.Tests.Triggers;

public sealed class QueueMessageRunnerTests(AzuriteFixture azurite)
{
    static readonly TimeSpan ShortLease = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_message_stays_hidden_while_its_function_runs_longer_than_the_lease()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var parts = new Parts(azurite.ConnectionString);
        var queue = await parts.QueueAsync();
        await queue.SendMessageAsync("long", cancellationToken);
        var taken = (await queue.ReceiveMessageAsync(ShortLease, cancellationToken)).Value;
        var done = new TaskCompletionSource();

        var run = parts.Runner(queue, (_, _) => done.Task).RunAsync(taken);
        // Seen from outside: through three leases nobody else gets the message.
        var until = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(until) < ShortLease * 3)
            Assert.Null((await queue.ReceiveMessageAsync(ShortLease, cancellationToken)).Value);
        done.SetResult();
        await run;

        Assert.Equal(0, (await queue.GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task Deaths_of_the_process_are_not_failures_of_the_message()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var parts = new Parts(azurite.ConnectionString);
        var queue = await parts.QueueAsync();
        await queue.SendMessageAsync("good", cancellationToken);
        for (var death = 0; death < 8; death++)
            await Eventually.NotNullAsync(async () => (await queue.ReceiveMessageAsync(TimeSpan.FromSeconds(1), cancellationToken)).Value);
        var taken = await Eventually.NotNullAsync(async () => (await queue.ReceiveMessageAsync(ShortLease, cancellationToken)).Value);
        var ran = 0;

        await parts.Runner(queue, (_, _) => Task.FromResult(ran++)).RunAsync(taken);

        Assert.Equal((9, 1), (taken.DequeueCount, ran));
        Assert.False(await parts.Poison(queue).ExistsAsync(cancellationToken));
    }

    [Fact]
    public async Task A_message_that_no_process_survives_is_poisoned_in_the_end()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var parts = new Parts(azurite.ConnectionString);
        var queue = await parts.QueueAsync();
        await queue.SendMessageAsync("killer", cancellationToken);
        var taken = (await queue.ReceiveMessageAsync(ShortLease, cancellationToken)).Value;
        var often = QueuesModelFactory.QueueMessage(taken.MessageId, taken.PopReceipt, taken.Body, 26);

        await parts.Runner(queue, (_, _) => throw new InvalidOperationException("it must not run")).RunAsync(often);

        Assert.Equal("killer", (await parts.Poison(queue).PeekMessageAsync(cancellationToken)).Value.Body.ToString());
    }

    [Fact]
    public async Task A_message_that_fails_in_a_poison_queue_stays_there()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var parts = new Parts(azurite.ConnectionString);
        var queue = await parts.QueueAsync("-poison");
        await queue.SendMessageAsync("bad", cancellationToken);
        var taken = (await queue.ReceiveMessageAsync(ShortLease, cancellationToken)).Value;

        var runner = parts.Runner(queue, (_, _) => throw new InvalidOperationException("no"), new() { MaxDequeueCount = 1, Base64 = false }, withPoison: false);
        await runner.RunAsync(taken);

        Assert.Null((await queue.ReceiveMessageAsync(ShortLease, cancellationToken)).Value);
        Assert.Equal(1, (await queue.GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount);
    }

    sealed class Parts : IAsyncDisposable
    {
        readonly TemporaryFolder _folder = new("runner");
        readonly RuntimeServices _runtime;
        readonly string _storage;

        public Parts(string storage)
        {
            _storage = storage;
            _runtime = new()
            {
                Loggers = NullLoggerFactory.Instance,
                Time = TimeProvider.System,
                StorageTime = TimeProvider.System,
                Storage = new(),
                Events = new(_folder.File("log.db")),
                Wakeups = new(),
                Invocations = new(),
                Durable = () => throw new InvalidOperationException("there is no engine here"),
            };
        }

        public async Task<QueueClient> QueueAsync(string suffix = "")
        {
            var queue = _runtime.Storage.Queue(_storage, TestHost.NewPrefix() + suffix);
            await queue.CreateAsync(cancellationToken: TestContext.Current.CancellationToken);
            return queue;
        }

        public QueueClient Poison(QueueClient queue) => _runtime.Storage.Queue(_storage, queue.Name + "-poison");

        public QueueMessageRunner Runner(
            QueueClient queue, Func<QueueMessage, CancellationToken, Task> handle, QueueSettings? settings = null, bool withPoison = true) =>
            new(queue, withPoison ? Poison(queue) : null, settings ?? new() { Base64 = false }, handle, _runtime) { Lease = ShortLease };

        public async ValueTask DisposeAsync()
        {
            await _runtime.Events.DisposeAsync();
            _runtime.Wakeups.Dispose();
            _runtime.Invocations.Dispose();
            _folder.Dispose();
        }
    }
}
