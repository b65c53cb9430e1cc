using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.LocalRuntime.Tests.Durable;

public sealed class TimerAndEventTests
{
    [Fact]
    public async Task A_timer_fires_when_its_time_has_come_and_not_before()
    {
        var time = new FakeTimeProvider();
        await using var host = new EngineHost { Time = time };
        await host
            .Orchestrator("sleeps", async context =>
            {
                var began = context.CurrentUtcDateTime;
                await context.CreateTimer(TimeSpan.FromHours(30), CancellationToken.None);
                return (context.CurrentUtcDateTime - began).TotalHours >= 30;
            })
            .StartAsync();
        var id = await host.StartInstanceAsync("sleeps");
        await host.Client.WaitForInstanceStartAsync(id, EngineHost.Token);

        time.Advance(TimeSpan.FromHours(29));
        await host.StartInstanceAsync("sleeps"); // work goes on meanwhile
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await host.Client.GetInstanceAsync(id, EngineHost.Token))!.RuntimeStatus);

        var end = await RetryTests.AdvanceUntilEnd(host, time, id, TimeSpan.FromMinutes(20));
        Assert.True(end.ReadOutputAs<bool>());
    }

    [Fact]
    public async Task A_timer_survives_a_restart()
    {
        var time = new FakeTimeProvider();
        await using var host = new EngineHost { Time = time };
        await host.Orchestrator("sleeps", context => context.CreateTimer(TimeSpan.FromDays(40), CancellationToken.None)).StartAsync();
        var id = await host.StartInstanceAsync("sleeps");
        await host.Client.WaitForInstanceStartAsync(id, EngineHost.Token);

        await host.CrashAndRestartAsync();
        time.Advance(TimeSpan.FromDays(41));

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await RetryTests.AdvanceUntilEnd(host, time, id, TimeSpan.FromHours(1))).RuntimeStatus);
    }

    [Fact]
    public async Task An_orchestration_ends_at_once_when_its_timer_is_cancelled_and_not_before_it_fires_otherwise()
    {
        var time = new FakeTimeProvider();
        await using var host = new EngineHost { Time = time };
        await host
            .Orchestrator("race", async context =>
            {
                using var stop = new CancellationTokenSource();
                var timer = context.CreateTimer(TimeSpan.FromHours(1), stop.Token);
                var first = await Task.WhenAny(context.WaitForExternalEvent<bool>("cancel"), timer);
                if (first is Task<bool> { Result: true })
                    stop.Cancel();
                return timer.IsCanceled;
            })
            .StartAsync();
        var cancels = await host.StartInstanceAsync("race");
        var keeps = await host.StartInstanceAsync("race");

        await host.Client.RaiseEventAsync(keeps, "cancel", false, EngineHost.Token);
        await host.Client.RaiseEventAsync(cancels, "cancel", true, EngineHost.Token);

        Assert.True((await host.EndAsync(cancels)).ReadOutputAs<bool>());
        await host.Client.WaitForInstanceStartAsync(keeps, EngineHost.Token);
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await host.Client.GetInstanceAsync(keeps, EngineHost.Token))!.RuntimeStatus);
        Assert.False((await RetryTests.AdvanceUntilEnd(host, time, keeps, TimeSpan.FromMinutes(10))).ReadOutputAs<bool>());
    }

    [Fact]
    public async Task A_start_can_be_put_off()
    {
        var time = new FakeTimeProvider();
        await using var host = new EngineHost { Time = time };
        await host.Orchestrator("later", context => Task.FromResult(context.GetInput<string>())).StartAsync();
        await host.Client.ScheduleNewOrchestrationInstanceAsync("later", "in", new StartOrchestrationOptions("x", time.GetUtcNow().AddHours(2)), EngineHost.Token);
        await host.Client.RaiseEventAsync("x", "early", 1, EngineHost.Token); // must not start it

        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await host.Client.GetInstanceAsync("x", EngineHost.Token))!.RuntimeStatus);

        await host.RestartAsync();
        Assert.Equal("in", (await RetryTests.AdvanceUntilEnd(host, time, "x", TimeSpan.FromMinutes(5))).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Early_events_are_buffered_in_order_and_names_have_no_case()
    {
        await using var host = await new EngineHost()
            .Orchestrator("events", async context =>
            {
                await context.WaitForExternalEvent<int>("GO");
                var all = new List<int>();
                for (var i = 0; i < 3; i++)
                    all.Add(await context.WaitForExternalEvent<int>("Number"));
                return all;
            })
            .StartAsync();
        var id = await host.StartInstanceAsync("events");

        foreach (var number in new[] { 3, 1, 2 })
            await host.Client.RaiseEventAsync(id, "number", number, EngineHost.Token);
        await host.Client.RaiseEventAsync(id, "go", 0, EngineHost.Token);

        Assert.Equal([3, 1, 2], (await host.EndAsync(id)).ReadOutputAs<List<int>>()!);
    }

    [Fact]
    public async Task Of_several_waiters_the_most_recent_is_served_first()
    {
        await using var host = await new EngineHost()
            .Orchestrator("stack", async context =>
            {
                var first = context.WaitForExternalEvent<string>("x");
                var second = context.WaitForExternalEvent<string>("x");
                context.SetCustomStatus("waiting");
                return $"{await first} {await second}";
            })
            .StartAsync();
        var id = await host.StartInstanceAsync("stack");
        await host.UntilAsync(id, found => found.SerializedCustomStatus is not null);

        await host.Client.RaiseEventAsync(id, "x", "a", EngineHost.Token);
        await host.Client.RaiseEventAsync(id, "x", "b", EngineHost.Token);

        Assert.Equal("b a", (await host.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Waiters_of_one_name_must_agree_on_the_type()
    {
        await using var host = await new EngineHost()
            .Orchestrator("types", async context =>
            {
                _ = context.WaitForExternalEvent<int>("x");
                await context.WaitForExternalEvent<string>("X");
            })
            .StartAsync();

        Assert.True((await host.RunAsync("types")).FailureDetails!.IsCausedBy<ArgumentException>());
    }

    [Fact]
    public async Task A_wait_with_a_timeout_ends_in_cancellation_and_leaves_no_timer_when_the_event_comes()
    {
        var time = new FakeTimeProvider();
        await using var host = new EngineHost { Time = time };
        await host
            .Orchestrator("waits", async context =>
            {
                try
                {
                    return await context.WaitForExternalEvent<string>("x", TimeSpan.FromMinutes(1));
                }
                catch (TaskCanceledException)
                {
                    return "timed out";
                }
            })
            .StartAsync();
        var late = await host.StartInstanceAsync("waits");
        var served = await host.StartInstanceAsync("waits");
        await host.Client.RaiseEventAsync(served, "x", "came", EngineHost.Token);

        Assert.Equal("came", (await host.EndAsync(served)).ReadOutputAs<string>()); // without the clock having moved
        Assert.Equal("timed out", (await RetryTests.AdvanceUntilEnd(host, time, late, TimeSpan.FromSeconds(30))).ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_event_for_a_waiter_that_has_given_up_is_lost_with_it_as_in_Azure()
    {
        await using var host = await new EngineHost()
            .Orchestrator("gives up", async context =>
            {
                using var stop = new CancellationTokenSource();
                _ = context.WaitForExternalEvent<string>("x", stop.Token);
                stop.Cancel();
                context.SetCustomStatus("given up");
                await context.WaitForExternalEvent<int>("go");
                return await context.WaitForExternalEvent<string>("x");
            })
            .StartAsync();
        var id = await host.StartInstanceAsync("gives up");
        await host.UntilAsync(id, found => found.SerializedCustomStatus is not null);

        await host.Client.RaiseEventAsync(id, "x", "lost", EngineHost.Token);
        await host.Client.RaiseEventAsync(id, "go", 1, EngineHost.Token);
        await host.Client.RaiseEventAsync(id, "x", "kept", EngineHost.Token);

        Assert.Equal("kept", (await host.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_event_without_payload_is_the_default_of_its_type()
    {
        await using var host = await new EngineHost().Orchestrator("waits", context => context.WaitForExternalEvent<int>("x")).StartAsync();
        var id = await host.StartInstanceAsync("waits");

        await host.Client.RaiseEventAsync(id, "x", EngineHost.Token);

        Assert.Equal(0, (await host.EndAsync(id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Orchestrations_send_each_other_events_and_an_event_to_nobody_is_dropped()
    {
        await using var host = await new EngineHost()
            .Orchestrator("waits", context => context.WaitForExternalEvent<int>("x"))
            .Orchestrator("sends", context =>
            {
                context.SendEvent("nobody", "x", 1);
                context.SendEvent("receiver", "x", 42);
                return Task.CompletedTask;
            })
            .StartAsync();
        await host.StartInstanceAsync("waits", instanceId: "receiver");

        await host.RunAsync("sends");

        Assert.Equal(42, (await host.EndAsync("receiver")).ReadOutputAs<int>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Continue_as_new_starts_over_and_keeps_events_if_asked(bool preserve)
    {
        await using var host = await new EngineHost()
            .Orchestrator("loop", async context =>
            {
                var round = context.GetInput<int>();
                if (round == 0)
                {
                    await context.WaitForExternalEvent<int>("go");
                    context.ContinueAsNew(1, preserve);
                    return "dropped";
                }

                try
                {
                    return await context.WaitForExternalEvent<string>("kept", TimeSpan.FromMilliseconds(50));
                }
                catch (TaskCanceledException)
                {
                    return "lost";
                }
            })
            .StartAsync();
        var id = await host.StartInstanceAsync("loop", 0);
        await host.Client.RaiseEventAsync(id, "kept", "here", EngineHost.Token);
        await host.Client.RaiseEventAsync(id, "go", 1, EngineHost.Token);

        var end = await host.EndAsync(id);

        Assert.Equal(preserve ? "here" : "lost", end.ReadOutputAs<string>());
        Assert.Equal(1, end.ReadInputAs<int>());
    }

    [Fact]
    public async Task Continue_as_new_can_go_on_for_long_with_new_guids_and_a_short_history()
    {
        await using var host = await new EngineHost()
            .Activity<int, int>("echo", i => i)
            .Orchestrator("loop", async context =>
            {
                var seen = context.GetInput<List<Guid>>() ?? [];
                seen.Add(context.NewGuid());
                if (seen.Count % 50 == 0)
                    await context.CallActivityAsync<int>("echo", seen.Count);
                if (seen.Count < 350)
                    context.ContinueAsNew(seen);
                return seen.Distinct().Count();
            })
            .StartAsync();

        Assert.Equal(350, (await host.RunAsync("loop")).ReadOutputAs<int>());
    }
}
