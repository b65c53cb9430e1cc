using DataIngestion.LocalRuntime.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataIngestion.LocalRuntime.Tests.Durable;

public sealed class OrchestrationTests
{
    [Fact]
    public async Task Activities_in_sequence_give_their_results_to_the_orchestrator()
    {
        await using var host = await new EngineHost()
            .Orchestrator("chain", async context =>
            {
                var sum = context.GetInput<int>();
                for (var i = 0; i < 5; i++)
                    sum = await context.CallActivityAsync<int>("add", new[] { sum, i });
                return sum;
            })
            .Activity<int[], int>("add", pair => pair[0] + pair[1])
            .StartAsync();

        var end = await host.RunAsync("chain", 100);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Equal(110, end.ReadOutputAs<int>());
        Assert.Equal(100, end.ReadInputAs<int>());
        Assert.Equal("chain", end.Name);
    }

    [Fact]
    public async Task Activities_in_parallel_are_gathered()
    {
        await using var host = await new EngineHost()
            .Orchestrator("fan", async context =>
            {
                var squares = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => context.CallActivityAsync<int>("square", i)));
                return squares.Sum();
            })
            .Activity<int, int>("square", i => i * i)
            .StartAsync();

        var end = await host.RunAsync("fan");

        Assert.Equal(Enumerable.Range(0, 300).Sum(i => i * i), end.ReadOutputAs<int>());
    }

    [Fact]
    public async Task Names_are_compared_without_regard_to_case()
    {
        await using var host = await new EngineHost()
            .Orchestrator("Mixed", context => context.CallActivityAsync<string>("SAY", "hi"))
            .Activity<string, string>("say", text => text)
            .StartAsync();

        Assert.Equal("hi", (await host.RunAsync("mIXED")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Inputs_and_outputs_are_json_with_names_as_declared_and_read_without_regard_to_case()
    {
        await using var host = await new EngineHost()
            .Orchestrator("echo", context => Task.FromResult(context.GetInput<Parcel>()))
            .StartAsync();

        var end = await host.RunAsync("echo", new { WEIGHT = 1.50m, label = "a" });

        Assert.Equal("""{"Weight":1.50,"Label":"a"}""", end.SerializedOutput);
        Assert.Equal(new Parcel(1.50m, "a"), end.ReadOutputAs<Parcel>());
    }

    [Fact]
    public async Task A_sub_orchestration_knows_its_parent_and_returns_its_result()
    {
        await using var host = await new EngineHost()
            .Orchestrator("parent", context => context.CallSubOrchestratorAsync<string>("child", 7, new SubOrchestrationOptions(instanceId: "the-child")))
            .Orchestrator("child", context => Task.FromResult($"{context.Parent!.Name}/{context.Parent.InstanceId}/{context.InstanceId}/{context.GetInput<int>()}"))
            .StartAsync();

        var end = await host.RunAsync("parent", instanceId: "the-parent");

        Assert.Equal("parent/the-parent/the-child/7", end.ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.Client.GetInstanceAsync("the-child", EngineHost.Token))!.RuntimeStatus);
    }

    [Fact]
    public async Task A_sub_orchestration_without_an_id_gets_a_repeatable_one()
    {
        await using var host = await new EngineHost()
            .Orchestrator("parent", async context =>
            {
                var first = await context.CallSubOrchestratorAsync<string>("child");
                var second = await context.CallSubOrchestratorAsync<string>("child");
                return $"{first} {second}";
            })
            .Orchestrator("child", context => Task.FromResult(context.InstanceId))
            .StartAsync();

        var ids = (await host.RunAsync("parent")).ReadOutputAs<string>()!.Split(' ');

        Assert.NotEqual(ids[0], ids[1]);
        Assert.All(ids, id => Assert.True(Guid.TryParseExact(id, "N", out _)));
    }

    [Fact]
    public async Task A_sub_orchestration_whose_id_is_in_use_fails_instead_of_hanging()
    {
        await using var host = await new EngineHost()
            .Orchestrator("waits", context => context.WaitForExternalEvent<int>("never"))
            .Orchestrator("parent", context => context.CallSubOrchestratorAsync<int>("waits", new SubOrchestrationOptions(instanceId: "taken")))
            .StartAsync();
        await host.StartInstanceAsync("waits", instanceId: "taken");

        var end = await host.RunAsync("parent");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains("already exists", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guids_are_name_based_and_the_same_in_every_replay()
    {
        await using var host = new EngineHost { Configure = options => options with { MaxWarmInstances = 0 } };
        await host
            .Orchestrator("guids", async context =>
            {
                var before = new[] { context.NewGuid(), context.NewGuid() };
                var echoed = await context.CallActivityAsync<Guid[]>("echo", before);
                return before.SequenceEqual(echoed) && before[0] != before[1] && before[0].Version == 5;
            })
            .Activity<Guid[], Guid[]>("echo", guids => guids)
            .StartAsync();

        Assert.True((await host.RunAsync("guids")).ReadOutputAs<bool>());
    }

    [Fact]
    public void Guids_equal_those_of_the_official_worker() =>
        // Worked out by hand from RFC 9562: SHA-1 over the namespace 9e952958-5e33-4daf-827f-2fa12937b875 and the name.
        Assert.Equal(OfficialGuid("run_2026-01-02T03:04:05.0000000Z_0"), DeterministicGuid.Create("run", new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), 0));

    [Fact]
    public async Task The_clock_stands_still_within_a_turn_and_is_repeated_by_replays()
    {
        await using var host = new EngineHost { Configure = options => options with { MaxWarmInstances = 0 } };
        await host
            .Orchestrator("clock", async context =>
            {
                var first = context.CurrentUtcDateTime;
                var same = first == context.CurrentUtcDateTime;
                var echoed = await context.CallActivityAsync<DateTime>("echo", first);
                return same && echoed == first && context.CurrentUtcDateTime > first && first.Kind == DateTimeKind.Utc;
            })
            .Activity<DateTime, DateTime>("echo", at => at)
            .StartAsync();

        Assert.True((await host.RunAsync("clock")).ReadOutputAs<bool>());
    }

    [Fact]
    public async Task An_unknown_orchestrator_fails_the_instance()
    {
        await using var host = await new EngineHost().StartAsync();

        var end = await host.RunAsync("nobody");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal("OrchestratorTaskNotFound", end.FailureDetails!.ErrorType);
    }

    [Fact]
    public async Task Custom_status_is_visible_and_the_last_one_stays()
    {
        await using var host = await new EngineHost()
            .Orchestrator("status", async context =>
            {
                context.SetCustomStatus(new Parcel(1, "begun"));
                await context.WaitForExternalEvent<int>("go");
                context.SetCustomStatus("done");
            })
            .StartAsync();
        var id = await host.StartInstanceAsync("status");

        var begun = await host.UntilAsync(id, found => found.SerializedCustomStatus is not null);
        await host.Client.RaiseEventAsync(id, "go", 1, EngineHost.Token);
        var end = await host.EndAsync(id);

        Assert.Equal(new Parcel(1, "begun"), begun.ReadCustomStatusAs<Parcel>());
        Assert.Equal("done", end.ReadCustomStatusAs<string>());
    }

    [Fact]
    public async Task An_orchestration_waits_for_the_activities_it_did_not_await()
    {
        var release = new TaskCompletionSource();
        await using var host = await new EngineHost()
            .Orchestrator("careless", context =>
            {
                _ = context.CallActivityAsync("slow", 1);
                return Task.FromResult("returned");
            })
            .Activity<int, int>("slow", async (i, cancellationToken) =>
            {
                await release.Task.WaitAsync(cancellationToken);
                return i;
            })
            .StartAsync();
        var id = await host.StartInstanceAsync("careless");
        await host.Client.WaitForInstanceStartAsync(id, EngineHost.Token);

        Assert.Equal(OrchestrationRuntimeStatus.Running, (await host.Client.GetInstanceAsync(id, EngineHost.Token))!.RuntimeStatus);
        release.SetResult();
        Assert.Equal("returned", (await host.EndAsync(id)).ReadOutputAs<string>());
    }

    static Guid OfficialGuid(string name)
    {
        var space = new Guid("9e952958-5e33-4daf-827f-2fa12937b875").ToByteArray(bigEndian: true);
#pragma warning disable CA5350
        var hash = System.Security.Cryptography.SHA1.HashData([.. space, .. System.Text.Encoding.UTF8.GetBytes(name)])[..16];
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | (5 << 4));
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new(hash, bigEndian: true);
    }

    sealed record Parcel(decimal Weight, string Label);
}
