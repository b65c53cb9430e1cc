using DataIngestion.LocalRuntime.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.LocalRuntime.Tests.Durable;

public sealed class RetryTests
{
    static readonly TaskFailureDetails Some = new("System.Exception", "x", null, null, null);

    [Fact]
    public void Delays_grow_by_the_coefficient_up_to_the_longest()
    {
        var policy = new RetryPolicy(6, TimeSpan.FromSeconds(2), 3, TimeSpan.FromSeconds(20));

        var delays = Enumerable.Range(1, 6).Select(attempt => RetryDelay.Next(policy, attempt, TimeSpan.Zero, Some)?.TotalSeconds);

        Assert.Equal([2, 6, 18, 20, 20, null], delays);
    }

    [Fact]
    public void No_retry_begins_after_the_retry_timeout()
    {
        var policy = new RetryPolicy(9, TimeSpan.FromSeconds(1), retryTimeout: TimeSpan.FromSeconds(10));

        Assert.NotNull(RetryDelay.Next(policy, 1, TimeSpan.FromSeconds(9.9), Some));
        Assert.Null(RetryDelay.Next(policy, 1, TimeSpan.FromSeconds(10), Some));
    }

    [Theory]
    [InlineData(0, 1, 1.0)]
    [InlineData(1, 0, 1.0)]
    [InlineData(1, 1, 0.9)]
    public void A_policy_refuses_what_makes_no_sense(int attempts, int seconds, double coefficient) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(attempts, TimeSpan.FromSeconds(seconds), coefficient));

    [Fact]
    public async Task An_activity_is_tried_again_on_a_durable_timer_until_it_works()
    {
        var calls = 0;
        var time = new FakeTimeProvider();
        await using var host = new EngineHost { Time = time };
        await host
            .Activity<int, int>("flaky", i => Interlocked.Increment(ref calls) < 3 ? throw new IOException("not yet") : i)
            .Orchestrator("retries", async context =>
            {
                var began = context.CurrentUtcDateTime;
                var result = await context.CallActivityAsync<int>("flaky", 5, TaskOptions.FromRetryPolicy(new(5, TimeSpan.FromMinutes(1), 2)));
                return (result, (context.CurrentUtcDateTime - began).TotalMinutes >= 3).ToString();
            })
            .StartAsync();
        var id = await host.StartInstanceAsync("retries");

        var end = await AdvanceUntilEnd(host, time, id, TimeSpan.FromSeconds(20));

        Assert.Equal("(5, True)", end.ReadOutputAs<string>());
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task When_the_attempts_are_used_up_the_last_failure_is_thrown()
    {
        var calls = 0;
        await using var host = await new EngineHost()
            .Activity<int, int>("broken", _ => throw new IOException($"attempt {Interlocked.Increment(ref calls)}"))
            .Orchestrator("retries", context => context.CallActivityAsync<int>("broken", 1, TaskOptions.FromRetryPolicy(new(3, TimeSpan.FromMilliseconds(1)))))
            .StartAsync();

        var end = await host.RunAsync("retries");

        Assert.Equal("attempt 3", end.FailureDetails!.InnerFailure!.ErrorMessage);
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task A_policy_may_decline_a_failure()
    {
        var calls = 0;
        await using var host = await new EngineHost()
            .Activity<int, int>("broken", _ => throw new FormatException($"attempt {Interlocked.Increment(ref calls)}"))
            .Orchestrator("retries", context => context.CallActivityAsync<int>(
                "broken", 1, TaskOptions.FromRetryPolicy(new(9, TimeSpan.FromMilliseconds(1)) { HandleFailure = failure => failure.IsCausedBy<IOException>() })))
            .StartAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await host.RunAsync("retries")).RuntimeStatus);
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task A_handler_sees_each_failure_and_may_use_the_context()
    {
        var calls = 0;
        await using var host = await new EngineHost()
            .Activity<int, int>("flaky", i => Interlocked.Increment(ref calls) < 4 ? throw new IOException($"attempt {calls}") : i)
            .Orchestrator("retries", async context =>
            {
                var seen = new List<string>();
                AsyncRetryHandler handler = async retry =>
                {
                    seen.Add($"{retry.LastAttemptNumber}:{retry.LastFailure.ErrorMessage}");
                    await retry.OrchestrationContext.CreateTimer(TimeSpan.FromMilliseconds(1), retry.CancellationToken);
                    return true;
                };
                await context.CallActivityAsync<int>("flaky", 1, TaskOptions.FromRetryHandler(handler));
                return string.Join(' ', seen);
            })
            .StartAsync();

        Assert.Equal("1:attempt 1 2:attempt 2 3:attempt 3", (await host.RunAsync("retries")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_handler_that_gives_up_lets_the_failure_through()
    {
        await using var host = await new EngineHost()
            .Activity<int, int>("broken", _ => throw new IOException("always"))
            .Orchestrator("retries", context => context.CallActivityAsync<int>("broken", 1, TaskOptions.FromRetryHandler(retry => retry.LastAttemptNumber < 2)))
            .StartAsync();

        Assert.Equal("always", (await host.RunAsync("retries")).FailureDetails!.InnerFailure!.ErrorMessage);
    }

    [Fact]
    public async Task A_sub_orchestration_is_tried_again_under_the_same_id()
    {
        var calls = 0;
        await using var host = await new EngineHost()
            .Activity<int, int>("flaky", i => Interlocked.Increment(ref calls) < 3 ? throw new IOException("not yet") : i)
            .Orchestrator("child", context => context.CallActivityAsync<int>("flaky", 9))
            .Orchestrator("parent", context => context.CallSubOrchestratorAsync<int>(
                "child", options: TaskOptions.FromRetryPolicy(new(5, TimeSpan.FromMilliseconds(1))).WithInstanceId("the-child")))
            .StartAsync();

        Assert.Equal(9, (await host.RunAsync("parent")).ReadOutputAs<int>());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.Client.GetInstanceAsync("the-child", EngineHost.Token))!.RuntimeStatus);
    }

    internal static async Task<OrchestrationMetadata> AdvanceUntilEnd(EngineHost host, FakeTimeProvider time, string id, TimeSpan step)
    {
        var end = host.EndAsync(id);
        while (!end.IsCompleted)
        {
            time.Advance(step);
            await Task.WhenAny(end, Task.Delay(5, EngineHost.Token));
        }

        return await end;
    }
}
