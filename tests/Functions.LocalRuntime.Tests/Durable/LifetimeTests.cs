using System.Collections.Concurrent;
using DataIngestion.LocalRuntime.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DataIngestion.LocalRuntime.Tests.Durable;

public sealed class LifetimeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    public async Task Replay_safe_loggers_say_everything_once(int warm)
    {
        using var log = new RecordingLoggers();
        await using var host = new EngineHost { Loggers = log, Configure = options => options with { MaxWarmInstances = warm } };
        await host
            .Activity<int, int>("echo", i => i)
            .Orchestrator("talks", async context =>
            {
                var logger = context.CreateReplaySafeLogger("Talk");
                for (var i = 0; i < 3; i++)
                {
                    logger.LogInformation("before {Step}", i);
                    await context.CallActivityAsync<int>("echo", i);
                }

                logger.LogInformation("done");
            })
            .StartAsync();

        await host.RunAsync("talks");

        Assert.Equal(["before 0", "before 1", "before 2", "done"], log.Messages);
    }

    [Fact]
    public async Task Stopping_lets_a_running_activity_finish_and_keeps_its_result()
    {
        var begun = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var calls = 0;
        await using var host = await new EngineHost()
            .Activity<int, int>("slow", async (i, _) =>
            {
                Interlocked.Increment(ref calls);
                begun.TrySetResult();
                await release.Task;
                return i;
            })
            .Orchestrator("one", context => context.CallActivityAsync<int>("slow", 8))
            .StartAsync();
        var id = await host.StartInstanceAsync("one");
        await begun.Task.WaitAsync(EngineHost.Token);

        var stop = host.Engine.StopAsync(EngineHost.Token);
        Assert.False(stop.IsCompleted);
        release.SetResult();
        await stop;
        await host.StartAsync();

        Assert.Equal(8, (await host.EndAsync(id)).ReadOutputAs<int>());
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task An_activity_that_outlasts_the_drain_is_cancelled_and_runs_again_at_the_next_start()
    {
        var calls = 0;
        var begun = new TaskCompletionSource();
        await using var host = new EngineHost { Configure = options => options with { DrainTimeout = TimeSpan.FromMilliseconds(20) } };
        await host
            .Activity<int, int>("slow", async (i, cancellationToken) =>
            {
                if (Interlocked.Increment(ref calls) > 1)
                    return i;
                begun.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                return -1;
            })
            .Orchestrator("one", context => context.CallActivityAsync<int>("slow", 8))
            .StartAsync();
        var id = await host.StartInstanceAsync("one");
        await begun.Task.WaitAsync(EngineHost.Token);

        await host.RestartAsync();

        Assert.Equal(8, (await host.EndAsync(id)).ReadOutputAs<int>());
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task More_calls_than_fit_in_memory_all_run_once_and_survive_a_kill()
    {
        var seen = new ConcurrentDictionary<int, int>();
        await using var host = await new EngineHost()
            .Activity<int, int>("count", i => seen.AddOrUpdate(i, 1, (_, times) => times + 1) > 0 ? i : 0)
            .Orchestrator("fan", async context => (await Task.WhenAll(Enumerable.Range(0, 5000).Select(i => context.CallActivityAsync<int>("count", i)))).Sum())
            .StartAsync();
        var id = await host.StartInstanceAsync("fan");
        await host.Client.WaitForInstanceStartAsync(id, EngineHost.Token);

        await host.CrashAndRestartAsync();

        Assert.Equal(Enumerable.Range(0, 5000).Sum(), (await host.EndAsync(id)).ReadOutputAs<int>());
        Assert.Equal(5000, seen.Count);
    }

    [Fact]
    public async Task Only_as_many_activities_run_at_once_as_allowed()
    {
        var running = 0;
        var most = 0;
        var three = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = new EngineHost { Configure = options => options with { MaxConcurrentActivities = 3 } };
        await host
            .Activity<int, int>("busy", async (i, cancellationToken) =>
            {
                var now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                if (now == 3)
                    three.TrySetResult();
                await three.Task.WaitAsync(cancellationToken);
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return i;
            })
            .Orchestrator("fan", context => Task.WhenAll(Enumerable.Range(0, 40).Select(i => context.CallActivityAsync<int>("busy", i))))
            .StartAsync();

        await host.RunAsync("fan");

        Assert.Equal(3, most);
    }

    [Fact]
    public async Task A_client_waits_for_an_instance_that_does_not_exist_yet_and_can_give_up()
    {
        await using var host = await new EngineHost().Orchestrator("quick", _ => Task.FromResult(1)).StartAsync();
        using var patience = new CancellationTokenSource();
        var gaveUp = host.Client.WaitForInstanceCompletionAsync("x", patience.Token);
        var waited = host.EndAsync("x");

        await patience.CancelAsync();
        await host.StartInstanceAsync("quick", instanceId: "x");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gaveUp);
        Assert.Equal(1, (await waited).ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_client_hears_that_the_engine_has_stopped()
    {
        var host = await new EngineHost().Orchestrator("waits", context => context.WaitForExternalEvent<int>("x")).StartAsync();
        await host.StartInstanceAsync("waits", instanceId: "x");
        var waiting = host.EndAsync("x");
        var client = host.Client;

        await host.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.RaiseEventAsync("x", "x", 1, EngineHost.Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetInstanceAsync("x", EngineHost.Token));
    }

    [Fact]
    public void Two_orchestrators_of_one_name_are_refused() => Assert.Throws<ArgumentException>(() => new DurableEngine(
        new() { DatabasePath = "unused" }, [new("Same", _ => Task.FromResult<object?>(null)), new("same", _ => Task.FromResult<object?>(null))], [], NullLoggerFactory.Instance, TimeProvider.System));

    [Fact]
    public async Task Before_its_start_the_engine_says_so()
    {
        var engine = new DurableEngine(new() { DatabasePath = "unused" }, [], [], NullLoggerFactory.Instance, TimeProvider.System);

        var early = await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Client.RaiseEventAsync("x", "x", 1, EngineHost.Token));

        Assert.Contains("not been started", early.Message, StringComparison.Ordinal);
        Assert.Null(engine.StoreFault);
    }

    static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    sealed class RecordingLoggers : ILoggerFactory, ILogger
    {
        readonly ConcurrentQueue<string> _messages = new();

        public IEnumerable<string> Messages => _messages;

        public ILogger CreateLogger(string categoryName) => categoryName == "Talk" ? this : NullLogger.Instance;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _messages.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
