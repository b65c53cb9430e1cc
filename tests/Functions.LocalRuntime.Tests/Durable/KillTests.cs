using System.Diagnostics;
using System.Globalization;
using DataIngestion.LocalRuntime.Durable;
using DataIngestion.TestKit;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace DataIngestion.LocalRuntime.Tests.Durable;

/// <summary>A real process with an engine, really killed.</summary>
public sealed class KillTests
{
    const string Variable = "INGEST_TEST_DURABLE_CHILD";
    const int Calls = 1000;

    [Fact]
    public async Task A_killed_process_loses_nothing()
    {
        using var folder = new TemporaryFolder("kill");
        var path = folder.File("history.db");
        var random = new Random(7);
        for (var kill = 0; kill < 4; kill++)
        {
            File.Delete(path + ".ready");
            using var child = Start(path);
            while (!File.Exists(path + ".ready"))
            {
                Assert.False(child.HasExited, "The child ended by itself.");
                await Task.Delay(5, EngineHost.Token);
            }

            await Task.Delay(random.Next(20, 200), EngineHost.Token);
            child.Kill();
            await child.WaitForExitAsync(EngineHost.Token);
        }

        await using var engine = Engine(path);
        await engine.StartAsync(EngineHost.Token);
        for (var i = 0; i < 3; i++)
        {
            var end = await engine.Client.WaitForInstanceCompletionAsync($"run-{i}", getInputsAndOutputs: true, EngineHost.Token).WaitAsync(TimeSpan.FromSeconds(60), EngineHost.Token);
            Assert.Equal(Enumerable.Range(0, Calls).Sum(), end.ReadOutputAs<int>());
            var history = end.ReadHistory!();
            Assert.Equal(Enumerable.Range(0, Calls), history.Where(e => e.Kind == HistoryKind.TaskCompleted).Select(e => e.TaskId).Order());
        }
    }

    /// <summary>What the child runs: an engine that starts its runs once and works until it is killed.</summary>
    internal static void RunAsChild()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path)
            return;
        ChildAsync(path).GetAwaiter().GetResult();
        Environment.Exit(0);
    }

    static async Task ChildAsync(string path)
    {
        await using var engine = Engine(path);
        await engine.StartAsync(CancellationToken.None);
        for (var i = 0; i < 3; i++)
        {
            var options = new StartOrchestrationOptions(string.Create(CultureInfo.InvariantCulture, $"run-{i}"))
                .WithDedupeStatuses(Enum.GetValues<OrchestrationRuntimeStatus>());
            try
            {
                await engine.Client.ScheduleNewOrchestrationInstanceAsync("sum", Calls, options, CancellationToken.None);
            }
            catch (global::DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException)
            {
                // An earlier child started it.
            }
        }

        await File.WriteAllTextAsync(path + ".ready", "", CancellationToken.None);
        await Task.Delay(TimeSpan.FromMinutes(2), CancellationToken.None); // in case nobody kills it
    }

    static DurableEngine Engine(string path) => new(
        new() { DatabasePath = path },
        [
            new("sum", async context =>
            {
                var sum = 0;
                var half = context.GetInput<int>() / 2;
                for (var i = 0; i < half; i++)
                    sum += await context.CallActivityAsync<int>("echo", i);
                var rest = await Task.WhenAll(Enumerable.Range(half, half).Select(i => context.CallActivityAsync<int>("echo", i)));
                return sum + rest.Sum();
            }),
        ],
        [new("echo", (call, _) => Task.FromResult<object?>(DurableJson.Converter.Deserialize<int>(call.SerializedInput)))],
        NullLoggerFactory.Instance,
        TimeProvider.System);

    static Process Start(string path)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(KillTests).Assembly.Location);
        start.Environment[Variable] = path;
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(KillTests).Assembly.Location; // runs StartupHook instead of the tests
        return Process.Start(start)!;
    }
}
