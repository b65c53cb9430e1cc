using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataIngestion.LocalRuntime.Tests.Durable;

public sealed class FailureTests
{
    [Fact]
    public async Task A_failed_activity_arrives_with_its_details_and_inner_failures()
    {
        await using var host = await Failing()
            .Orchestrator("catch", async context =>
            {
                try
                {
                    await context.CallActivityAsync("fail", 3);
                    return "no failure";
                }
                catch (TaskFailedException failed)
                {
                    var details = failed.FailureDetails;
                    return string.Join('|', failed.TaskName, failed.TaskId, details.ErrorType, details.ErrorMessage, details.InnerFailure!.ErrorType, details.InnerFailure.ErrorMessage,
                        details.IsCausedBy<IOException>(), details.IsCausedBy<FileNotFoundException>(), details.IsCausedBy<FormatException>(), details.StackTrace is not null);
                }
            })
            .StartAsync();

        var end = await host.RunAsync("catch");

        Assert.Equal("fail|0|System.IO.FileNotFoundException|gone 3|System.FormatException|bad|True|True|False|True", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_unhandled_failure_fails_the_orchestration_and_keeps_the_cause_inside()
    {
        await using var host = await Failing().Orchestrator("let", context => context.CallActivityAsync("fail", 1)).StartAsync();

        var end = await host.RunAsync("let");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal("Microsoft.DurableTask.TaskFailedException", end.FailureDetails!.ErrorType);
        Assert.Equal("Task 'fail' (#0) failed with an unhandled exception: gone 1", end.FailureDetails.ErrorMessage);
        Assert.True(end.FailureDetails.InnerFailure!.IsCausedBy<FileNotFoundException>());
        Assert.Equal("bad", end.FailureDetails.InnerFailure.InnerFailure!.ErrorMessage);
    }

    [Fact]
    public async Task A_failed_sub_orchestration_fails_the_call()
    {
        await using var host = await Failing()
            .Orchestrator("child", context => context.CallActivityAsync("fail", 2))
            .Orchestrator("parent", async context =>
            {
                try
                {
                    await context.CallSubOrchestratorAsync("child");
                    return "no failure";
                }
                catch (TaskFailedException failed)
                {
                    return $"{failed.TaskName}: {failed.FailureDetails.InnerFailure!.ErrorMessage}";
                }
            })
            .StartAsync();

        Assert.Equal("child: gone 2", (await host.RunAsync("parent")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_unknown_activity_fails_the_call_and_is_not_retried()
    {
        await using var host = await new EngineHost()
            .Orchestrator("calls", context => context.CallActivityAsync("nobody", options: TaskOptions.FromRetryPolicy(new(5, TimeSpan.FromHours(1)))))
            .StartAsync();

        var end = await host.RunAsync("calls");

        Assert.Equal("ActivityTaskNotFound", end.FailureDetails!.InnerFailure!.ErrorType);
    }

    [Fact]
    public async Task Failure_details_are_returned_only_with_inputs_and_outputs()
    {
        await using var host = await Failing().Orchestrator("let", context => context.CallActivityAsync("fail", 1)).StartAsync();
        var end = await host.RunAsync("let");

        var brief = await host.Client.GetInstanceAsync(end.InstanceId, EngineHost.Token);

        Assert.Null(brief!.FailureDetails);
        Assert.Null(brief.SerializedOutput);
        Assert.Throws<InvalidOperationException>(() => brief.ReadOutputAs<string>());
    }

    [Theory]
    [InlineData("delay")]
    [InlineData("run")]
    [InlineData("configure")]
    public async Task Awaiting_a_task_that_is_not_durable_is_reported(string how)
    {
        var seen = new TaskCompletionSource(); // a task that is done before it is awaited would not be noticed, rightly
        await using var host = await new EngineHost()
            .Activity<int, int>("echo", i => i)
            .Orchestrator("illegal", async context =>
            {
                if (how == "delay")
                    await Task.Delay(TimeSpan.FromDays(1));
                else if (how == "run")
                    await Task.Run(() => seen.Task);
                else
                    await context.CallActivityAsync<int>("echo", 1).ConfigureAwait(false);
                return await context.CallActivityAsync<int>("echo", 1);
            })
            .StartAsync();

        var end = await host.RunAsync("illegal");
        seen.SetResult();

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.True(end.FailureDetails!.IsCausedBy<InvalidOperationException>());
        Assert.Contains("Multi-threaded execution", end.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Awaiting_a_task_that_is_not_durable_is_reported_even_beside_a_timer()
    {
        await using var host = await new EngineHost()
            .Orchestrator("illegal", async context =>
            {
                var timer = context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
                await Task.WhenAny(timer, Task.Delay(20));
            })
            .StartAsync();

        var end = await host.RunAsync("illegal");

        Assert.Contains("Multi-threaded execution", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Yielding_within_the_turn_is_allowed()
    {
        await using var host = await new EngineHost()
            .Activity<int, int>("echo", i => i)
            .Orchestrator("yields", async context =>
            {
                await Task.Yield();
                var result = await context.CallActivityAsync<int>("echo", 4);
                await Task.Yield();
                return result;
            })
            .StartAsync();

        Assert.Equal(4, (await host.RunAsync("yields")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Changed_code_fails_as_non_deterministic_and_does_not_hang()
    {
        await using var host = await new EngineHost()
            .Activity<int, int>("one", i => i)
            .Activity<int, int>("two", i => i)
            .Orchestrator("changes", async context =>
            {
                await context.CallActivityAsync<int>("one", 1);
                await context.WaitForExternalEvent<int>("go");
            })
            .StartAsync();
        var id = await host.StartInstanceAsync("changes");
        await host.UntilAsync(id, found => found.LastUpdatedAt > found.CreatedAt);

        await host.Engine.DisposeAsync();
        host.Orchestrator("changes", async context =>
        {
            await context.CallActivityAsync<int>("two", 1);
            await context.WaitForExternalEvent<int>("go");
        });
        await host.StartAsync();
        await host.Client.RaiseEventAsync(id, "go", 1, EngineHost.Token);
        var end = await host.EndAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains("NonDeterministicOrchestrationException", end.FailureDetails!.ErrorType, StringComparison.Ordinal);
        Assert.Contains("'two'", end.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_that_stops_early_against_its_history_fails_as_non_deterministic()
    {
        await using var host = await new EngineHost()
            .Activity<int, int>("one", i => i)
            .Orchestrator("changes", async context =>
            {
                await context.CallActivityAsync<int>("one", 1);
                await context.WaitForExternalEvent<int>("go");
            })
            .StartAsync();
        var id = await host.StartInstanceAsync("changes");
        await host.UntilAsync(id, found => found.LastUpdatedAt > found.CreatedAt);

        await host.Engine.DisposeAsync();
        host.Orchestrator("changes", _ => Task.FromResult(0));
        await host.StartAsync();
        await host.Client.RaiseEventAsync(id, "go", 1, EngineHost.Token);

        Assert.Contains("NonDeterministic", (await host.EndAsync(id)).FailureDetails!.ErrorType, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_that_is_not_of_the_awaited_type_fails_the_wait()
    {
        await using var host = await new EngineHost().Orchestrator("typed", context => context.WaitForExternalEvent<int>("number")).StartAsync();
        var id = await host.StartInstanceAsync("typed");

        await host.Client.RaiseEventAsync(id, "number", "not a number", EngineHost.Token);

        Assert.Equal("System.Text.Json.JsonException", (await host.EndAsync(id)).FailureDetails!.ErrorType);
    }

    static EngineHost Failing() => new EngineHost().Activity<int, int>("fail", i => throw new FileNotFoundException($"gone {i}", new FormatException("bad")));
}
