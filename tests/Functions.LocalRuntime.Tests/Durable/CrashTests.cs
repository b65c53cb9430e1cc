using System.Collections.Concurrent;
using System.Text.Json;
using DataIngestion.LocalRuntime.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataIngestion.LocalRuntime.Tests.Durable;

/// <summary>Random orchestrations, killed at random commits and started again, end as they do undisturbed.</summary>
public sealed class CrashTests
{
    internal enum StepKind
    {
        Activity,
        FailingActivity,
        RetriedActivity,
        Timer,
        Event,
        EventWithTimeout,
        Guid,
        Parallel,
        Child,
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Killed_at_any_commits_an_orchestration_ends_as_it_does_undisturbed(int seed)
    {
        for (var round = 0; round < 12; round++)
        {
            var random = new Random((seed * 1000) + round);
            var plan = RandomPlan(random, depth: 0);
            var kills = Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(1, 13)).ToArray();
            var warm = random.GetItems([0, 1, 200], 1)[0];

            var (undisturbed, _) = await RunAsync(plan, [], 200);
            var (disturbed, recorded) = await RunAsync(plan, kills, warm);

            Assert.True(
                undisturbed == disturbed && recorded.Values.All(times => times == 1),
                $"round {round}, kills [{string.Join(' ', kills)}], warm {warm}\nwanted {undisturbed}\ngot    {disturbed}\n{JsonSerializer.Serialize(plan)}");
        }
    }

    [Fact]
    public async Task Many_instances_survive_repeated_kills()
    {
        var random = new Random(20260102);
        await using var host = Host();
        await host.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 40; i++)
            ids.Add(await host.StartInstanceAsync("plan", new List<Step> { new(StepKind.Activity, i, []), new(StepKind.Child, i, [new(StepKind.RetriedActivity, i, [])]), new(StepKind.Timer, 1, []) }, $"i{i}"));

        for (var kill = 0; kill < 6; kill++)
        {
            await Task.Delay(random.Next(1, 30), EngineHost.Token);
            await host.CrashAndRestartAsync();
        }

        foreach (var id in ids)
            Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.EndAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task A_commit_that_was_cut_off_leaves_nothing()
    {
        var cut = 0;
        await using var host = Host();
        host.Probe = new StoreProbe
        {
            BeforeCommit = _ =>
            {
                if (Interlocked.Increment(ref cut) == 3)
                    throw new StoreAbandonedException();
            },
        };
        await host.StartAsync();
        await host.Client.ScheduleNewOrchestrationInstanceAsync("plan", new List<Step> { new(StepKind.Activity, 7, []) }, new StartOrchestrationOptions("x"), EngineHost.Token);
        await WaitForAsync(() => Volatile.Read(ref cut) >= 3);

        host.Probe = null;
        await host.CrashAndRestartAsync();

        Assert.Equal("a7", (await host.EndAsync("x")).ReadOutputAs<string>());
    }

    /// <returns>The output, and how often each activity's result was recorded in the history.</returns>
    static async Task<(string Output, Dictionary<string, int> Recorded)> RunAsync(List<Step> plan, int[] kills, int warm)
    {
        var commits = 0;
        var pending = new ConcurrentQueue<int>(kills);
        TaskCompletionSource? dead = null;
        await using var host = Host();
        host.Configure = options => options with { MaxWarmInstances = warm };
        host.Probe = new StoreProbe
        {
            AfterCommit = _ =>
            {
                if (pending.TryPeek(out var at) && Interlocked.Increment(ref commits) >= at)
                {
                    pending.TryDequeue(out var _);
                    commits = 0;
                    dead?.TrySetResult();
                    throw new StoreAbandonedException();
                }
            },
        };

        // The start itself may be cut off: a client then asks again under the same id.
        dead = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await StartEngineAsync(host, pending);
        while (true)
        {
            try
            {
                if (await host.Client.GetInstanceAsync("x", EngineHost.Token) is null)
                    await host.StartInstanceAsync("plan", plan, "x");
                var end = host.EndAsync("x");
                var events = RaiseEventsAsync(host, plan);
                await Task.WhenAny(Task.WhenAll(end, events), dead.Task);
                if (!dead.Task.IsCompleted)
                {
                    await events;
                    return (Describe(await end), Recorded(await end));
                }

                _ = end.ContinueWith(task => task.Exception, TaskScheduler.Default);
                _ = events.ContinueWith(task => task.Exception, TaskScheduler.Default);
            }
            catch (ObjectDisposedException)
            {
                // Killed under the client's hands.
            }

            await host.Engine.AbandonAsync();
            dead = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await StartEngineAsync(host, pending);
        }
    }

    static async Task StartEngineAsync(EngineHost host, ConcurrentQueue<int> pending)
    {
        while (true)
        {
            try
            {
                await host.StartAsync();
                return;
            }
            catch (ObjectDisposedException) when (pending.Count >= 0)
            {
                // Killed while starting.
            }
        }
    }

    /// <summary>Gives every waiter its event, again after a kill: late ones are buffered or refused, and change nothing.</summary>
    static async Task RaiseEventsAsync(EngineHost host, List<Step> plan)
    {
        foreach (var (instance, step) in Flatten("x", "x", plan).Where(found => found.Step.Kind == StepKind.Event))
        {
            while (true)
            {
                try
                {
                    await host.Client.RaiseEventAsync(instance, $"e{step.Value}", step.Value, EngineHost.Token);
                    break;
                }
                catch (Grpc.Core.RpcException missing) when (missing.StatusCode == Grpc.Core.StatusCode.NotFound)
                {
                    if ((await host.Client.GetInstanceAsync("x", EngineHost.Token))!.IsCompleted)
                        break;
                    await Task.Delay(2, EngineHost.Token);
                }
                catch (Grpc.Core.RpcException)
                {
                    break; // finished: the event came before the kill
                }
            }
        }
    }

    static IEnumerable<(string Instance, Step Step)> Flatten(string instance, string path, List<Step> plan) => plan.SelectMany((step, i) => step.Kind switch
    {
        StepKind.Parallel => Flatten(instance, $"{path}.{i}", step.Inner),
        StepKind.Child => Flatten($"{path}.{i}", $"{path}.{i}", step.Inner),
        _ => [(instance, step)],
    });

    static List<Step> RandomPlan(Random random, int depth) => [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => RandomStep(random, depth))];

    static Step RandomStep(Random random, int depth)
    {
        var kind = (StepKind)random.Next(depth > 2 ? (int)StepKind.Parallel : (int)StepKind.Child + 1);
        return new(kind, random.Next(100), kind >= StepKind.Parallel ? RandomPlan(random, depth + 1) : []);
    }

    static EngineHost Host()
    {
        var calls = 0;
        return new EngineHost()
            .Activity<int, int>("echo", i => i)
            .Activity<Guid, Guid>("echoGuid", guid => guid)
            .Activity<int, int>("fail", i => throw new IOException($"f{i}"))
            .Activity<int, int>("flaky", i => Interlocked.Increment(ref calls) % 3 == 0 ? i : throw new IOException("again"))
            .Orchestrator("plan", context => PlayAsync(context, context.InstanceId, context.GetInput<List<Step>>()!));
    }

    static async Task<string> PlayAsync(TaskOrchestrationContext context, string path, List<Step> plan)
    {
        var output = new List<string>();
        for (var i = 0; i < plan.Count; i++)
            output.Add(await PlayAsync(context, $"{path}.{i}", plan[i]));
        return string.Join(' ', output);
    }

    static async Task<string> PlayAsync(TaskOrchestrationContext context, string path, Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Activity:
                return $"a{await context.CallActivityAsync<int>("echo", step.Value)}";
            case StepKind.FailingActivity:
                try
                {
                    return $"{await context.CallActivityAsync<int>("fail", step.Value)}";
                }
                catch (TaskFailedException failed)
                {
                    return failed.FailureDetails.ErrorMessage;
                }

            case StepKind.RetriedActivity:
                return $"r{await context.CallActivityAsync<int>("flaky", step.Value, TaskOptions.FromRetryPolicy(new(1000, TimeSpan.FromMilliseconds(1))))}";
            case StepKind.Timer:
                await context.CreateTimer(TimeSpan.FromMilliseconds(step.Value % 5), CancellationToken.None);
                return "t";
            case StepKind.Event:
                return $"e{await context.WaitForExternalEvent<int>($"e{step.Value}")}";
            case StepKind.EventWithTimeout:
                try
                {
                    return $"{await context.WaitForExternalEvent<int>($"never{path}", TimeSpan.FromMilliseconds(3))}";
                }
                catch (TaskCanceledException)
                {
                    return "late";
                }

            case StepKind.Guid:
                var made = context.NewGuid();
                return made == await context.CallActivityAsync<Guid>("echoGuid", made) ? "g" : "different";
            case StepKind.Parallel:
                return $"({string.Join('|', await Task.WhenAll(step.Inner.Select((inner, i) => PlayAsync(context, $"{path}.{i}", inner))))})";
            default:
                return $"[{await context.CallSubOrchestratorAsync<string>("plan", step.Inner, new SubOrchestrationOptions(instanceId: path))}]";
        }
    }

    static string Describe(OrchestrationMetadata end) => $"{end.RuntimeStatus} {end.SerializedOutput}";

    static Dictionary<string, int> Recorded(OrchestrationMetadata end) => end.ReadHistory!()
        .Where(e => e.Kind is HistoryKind.TaskCompleted or HistoryKind.TaskFailed)
        .CountBy(e => $"task {e.TaskId}")
        .ToDictionary();

    static async Task WaitForAsync(Func<bool> reached)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!reached())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30));
            await Task.Delay(2, EngineHost.Token);
        }
    }

    sealed record Step(StepKind Kind, int Value, List<Step> Inner);
}
