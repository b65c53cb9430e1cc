using DurableTask.Core.Exceptions;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataIngestion.LocalRuntime.Tests.Durable;

public sealed class ControlTests
{
    [Fact]
    public async Task A_terminated_instance_has_the_given_output_and_answers_no_more()
    {
        await using var host = await Waiting().StartAsync();
        var id = await host.StartInstanceAsync("waits");
        await host.Client.WaitForInstanceStartAsync(id, EngineHost.Token);

        await host.Client.TerminateInstanceAsync(id, "enough", EngineHost.Token);
        var end = await host.EndAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, end.RuntimeStatus);
        Assert.Equal("enough", end.ReadOutputAs<string>());
        var late = await Assert.ThrowsAsync<RpcException>(() => host.Client.RaiseEventAsync(id, "x", 1, EngineHost.Token));
        Assert.Equal(StatusCode.FailedPrecondition, late.StatusCode);
    }

    [Fact]
    public async Task An_event_to_a_missing_instance_is_not_found()
    {
        await using var host = await Waiting().StartAsync();

        var missing = await Assert.ThrowsAsync<RpcException>(() => host.Client.RaiseEventAsync("nobody", "x", 1, EngineHost.Token));

        Assert.Equal(StatusCode.NotFound, missing.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Termination_reaches_sub_orchestrations_only_if_asked(bool recursive)
    {
        await using var host = await Waiting()
            .Orchestrator("parent", context => context.CallSubOrchestratorAsync<int>("middle", new SubOrchestrationOptions(instanceId: "middle")))
            .Orchestrator("middle", context => context.CallSubOrchestratorAsync<int>("waits", new SubOrchestrationOptions(instanceId: "leaf")))
            .StartAsync();
        await host.StartInstanceAsync("parent", instanceId: "top");
        await host.Client.WaitForInstanceStartAsync("leaf", EngineHost.Token);

        await host.Client.TerminateInstanceAsync("top", new TerminateInstanceOptions("end", recursive), EngineHost.Token);
        await host.EndAsync("top");

        if (recursive)
            Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await host.EndAsync("leaf")).RuntimeStatus);
        else
            Assert.Equal(OrchestrationRuntimeStatus.Running, (await host.Client.GetInstanceAsync("leaf", EngineHost.Token))!.RuntimeStatus);
    }

    [Fact]
    public async Task A_parent_hears_of_a_terminated_child_as_a_failure()
    {
        await using var host = await Waiting()
            .Orchestrator("parent", context => context.CallSubOrchestratorAsync<int>("waits", new SubOrchestrationOptions(instanceId: "leaf")))
            .StartAsync();
        var id = await host.StartInstanceAsync("parent");
        await host.Client.WaitForInstanceStartAsync("leaf", EngineHost.Token);

        await host.Client.TerminateInstanceAsync("leaf", "stop", EngineHost.Token);

        var end = await host.EndAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal("Terminated", end.FailureDetails!.InnerFailure!.ErrorType);
    }

    [Fact]
    public async Task A_suspended_instance_keeps_its_events_until_it_is_resumed()
    {
        await using var host = await Waiting().StartAsync();
        var id = await host.StartInstanceAsync("waits");

        await host.Client.SuspendInstanceAsync(id, "hold", EngineHost.Token);
        await host.UntilAsync(id, found => found.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
        await host.Client.RaiseEventAsync(id, "x", 5, EngineHost.Token);
        await host.CrashAndRestartAsync();
        await host.UntilAsync(id, found => found.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
        await host.Client.ResumeInstanceAsync(id, "go on", EngineHost.Token);

        Assert.Equal(5, (await host.EndAsync(id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_suspended_instance_can_be_terminated()
    {
        await using var host = await Waiting().StartAsync();
        var id = await host.StartInstanceAsync("waits");
        await host.Client.SuspendInstanceAsync(id, cancellation: EngineHost.Token);

        await host.Client.TerminateInstanceAsync(id, EngineHost.Token);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await host.EndAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task An_id_in_use_is_refused_and_that_of_a_finished_instance_is_used_again()
    {
        await using var host = await Waiting().Orchestrator("quick", context => Task.FromResult(context.GetInput<int>())).StartAsync();
        await host.StartInstanceAsync("waits", instanceId: "busy");
        await host.RunAsync("quick", 1, "done");

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => host.StartInstanceAsync("quick", 2, "busy"));
        Assert.Equal(2, (await host.RunAsync("quick", 2, "done")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Dedupe_statuses_say_which_instances_may_be_replaced()
    {
        await using var host = await Waiting().Orchestrator("quick", context => Task.FromResult(context.GetInput<int>())).StartAsync();
        await host.StartInstanceAsync("waits", instanceId: "busy");
        await host.RunAsync("quick", 1, "done");
        var keepFinished = new StartOrchestrationOptions("done").WithDedupeStatuses(OrchestrationRuntimeStatus.Completed);
        var replaceAny = new StartOrchestrationOptions("busy").WithDedupeStatuses();

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => host.Client.ScheduleNewOrchestrationInstanceAsync("quick", 2, keepFinished, EngineHost.Token));
        await host.Client.ScheduleNewOrchestrationInstanceAsync("quick", 3, replaceAny, EngineHost.Token);

        Assert.Equal(3, (await host.EndAsync("busy")).ReadOutputAs<int>());
    }

    [Theory]
    [InlineData("@entity")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\nb")]
    public async Task An_id_that_the_host_refuses_is_refused_here(string id)
    {
        await using var host = await Waiting().StartAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => host.StartInstanceAsync("waits", instanceId: id));
    }

    [Fact]
    public async Task Purging_removes_a_finished_instance_and_leaves_a_running_one()
    {
        await using var host = await Waiting()
            .Orchestrator("child", _ => Task.FromResult(1))
            .Orchestrator("parent", context => context.CallSubOrchestratorAsync<int>("child", new SubOrchestrationOptions(instanceId: "c")))
            .StartAsync();
        var running = await host.StartInstanceAsync("waits");
        await host.RunAsync("parent", instanceId: "p");

        Assert.Equal(0, (await host.Client.PurgeInstanceAsync(running, EngineHost.Token)).PurgedInstanceCount);
        Assert.Equal(0, (await host.Client.PurgeInstanceAsync("nobody", EngineHost.Token)).PurgedInstanceCount);
        Assert.Equal(2, (await host.Client.PurgeInstanceAsync("p", new PurgeInstanceOptions(Recursive: true), EngineHost.Token)).PurgedInstanceCount);
        Assert.Null(await host.Client.GetInstanceAsync("p", EngineHost.Token));
        Assert.Null(await host.Client.GetInstanceAsync("c", EngineHost.Token));
        Assert.NotNull(await host.Client.GetInstanceAsync(running, EngineHost.Token));
    }

    [Fact]
    public async Task Purging_by_filter_takes_the_finished_instances_that_match()
    {
        await using var host = await Waiting()
            .Orchestrator("good", _ => Task.FromResult(1))
            .Orchestrator("bad", new Func<TaskOrchestrationContext, Task<int>>(_ => throw new InvalidOperationException("no")))
            .StartAsync();
        await host.StartInstanceAsync("waits");
        for (var i = 0; i < 3; i++)
            await host.RunAsync("good");
        for (var i = 0; i < 2; i++)
            await host.RunAsync("bad");

        var failed = await host.Client.PurgeAllInstancesAsync(new(Statuses: [OrchestrationRuntimeStatus.Failed]), EngineHost.Token);
        var none = await host.Client.PurgeAllInstancesAsync(new(Statuses: [OrchestrationRuntimeStatus.Running]), EngineHost.Token);
        var future = await host.Client.PurgeAllInstancesAsync(new(CreatedFrom: DateTimeOffset.UtcNow.AddHours(1)), EngineHost.Token);
        var rest = await host.Client.PurgeAllInstancesAsync(new(), EngineHost.Token);

        Assert.Equal((2, 0, 0, 3), (failed.PurgedInstanceCount, none.PurgedInstanceCount, future.PurgedInstanceCount, rest.PurgedInstanceCount));
        Assert.True(rest.IsComplete);
    }

    [Fact]
    public async Task Instances_are_listed_in_pages_by_filter()
    {
        await using var host = await Waiting().Orchestrator("quick", _ => Task.FromResult(1)).StartAsync();
        for (var i = 0; i < 7; i++)
            await host.RunAsync("quick", i, $"q-{i}");
        await host.StartInstanceAsync("waits", instanceId: "w");

        var pages = new List<Page<OrchestrationMetadata>>();
        await foreach (var page in host.Client.GetAllInstancesAsync(new(InstanceIdPrefix: "q-", PageSize: 3)).AsPages())
            pages.Add(page);
        var finished = new List<string>();
        await foreach (var instance in host.Client.GetAllInstancesAsync(new(Statuses: [OrchestrationRuntimeStatus.Completed], PageSize: 2)))
            finished.Add(instance.InstanceId);
        var resumed = new List<string>();
        await foreach (var instance in host.Client.GetAllInstancesAsync(new(PageSize: 3, ContinuationToken: pages[0].ContinuationToken)))
            resumed.Add(instance.InstanceId);

        Assert.Equal([3, 3, 1], pages.Select(page => page.Values.Count));
        Assert.Null(pages[^1].ContinuationToken);
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"q-{i}"), finished);
        Assert.Equal(["q-3", "q-4", "q-5", "q-6", "w"], resumed);
    }

    static EngineHost Waiting() => new EngineHost().Orchestrator("waits", context => context.WaitForExternalEvent<int>("x"));
}
