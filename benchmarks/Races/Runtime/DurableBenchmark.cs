using System.Collections.Concurrent;
using System.Diagnostics;
using DataIngestion.LocalRuntime.Durable;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging.Abstractions;

namespace DataIngestion.Benchmarks.Runtime;

/// <summary>The local durable engine: throughput, latency, start-up and memory.</summary>
internal sealed class DurableBenchmark : IBenchmark
{
    const string Board = "durable";

    public string Name => "durable";

    public string Description => "the local durable engine: activities a second, latency, start-up, memory (argument: instances for the memory run)";

    public async Task RunAsync(IReport report, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(arguments);
        var instances = arguments.Count > 0 ? int.Parse(arguments[0]) : 100_000;
        await FanOutAsync(report, cancellationToken);
        await SequenceAsync(report, cancellationToken);
        await StartUpAsync(report, cancellationToken);
        await MemoryAsync(report, instances, cancellationToken);
    }

    static async Task FanOutAsync(IReport report, CancellationToken cancellationToken)
    {
        const int calls = 10_000;
        using var folder = new Folder();
        await using var engine = await StartAsync(folder, cancellationToken);
        await engine.RunAsync("fan", 500, cancellationToken); // warm code

        var clock = Stopwatch.StartNew();
        await engine.RunAsync("fan", calls, cancellationToken);
        report.Add(new BoardResult(Board, $"activities a second, {calls} fanned out from one orchestration", calls / clock.Elapsed.TotalSeconds, null, 2000));
    }

    static async Task SequenceAsync(IReport report, CancellationToken cancellationToken)
    {
        const int calls = 2_000;
        using var folder = new Folder();
        var begun = new ConcurrentQueue<long>();
        await using var engine = await StartAsync(folder, cancellationToken, () => begun.Enqueue(Stopwatch.GetTimestamp()));
        await engine.RunAsync("sequence", 200, cancellationToken);
        begun.Clear();

        await engine.RunAsync("sequence", calls, cancellationToken);
        var times = begun.ToArray();
        var gaps = times.Zip(times.Skip(1), (a, b) => Stopwatch.GetElapsedTime(a, b).TotalMilliseconds).Order().ToArray();
        report.Add(new BoardResult(Board, "ms from one sequential activity to the next, median, at most", gaps[gaps.Length / 2], null, 3));
        report.Note($"99th percentile {gaps[gaps.Length * 99 / 100]:0.00} ms");
    }

    static async Task StartUpAsync(IReport report, CancellationToken cancellationToken)
    {
        const int finished = 10_000;
        const int running = 1_000;
        using var folder = new Folder();
        await using (var engine = await StartAsync(folder, cancellationToken))
        {
            await engine.RunManyAsync("one", finished, cancellationToken);
            for (var i = 0; i < running; i++)
                await engine.Client.WaitForInstanceStartAsync(await engine.Client.ScheduleNewOrchestrationInstanceAsync("waits", i, cancellationToken), cancellationToken);
        }

        var clock = Stopwatch.StartNew();
        await using var again = await StartAsync(folder, cancellationToken);
        await again.RunAsync("one", 1, cancellationToken);
        report.Add(new BoardResult(Board, $"s from start to the first finished run, {finished} finished and {running} running in the store, at most", clock.Elapsed.TotalSeconds, null, 2));
    }

    static async Task MemoryAsync(IReport report, int instances, CancellationToken cancellationToken)
    {
        using var folder = new Folder();
        await using var engine = await StartAsync(folder, cancellationToken);
        var early = instances / 10;
        var clock = Stopwatch.StartNew();
        await engine.RunManyAsync("one", early, cancellationToken);
        var before = Settled();
        report.Note($"after {early} instances: {before / 1e6:0.0} MB live, {Environment.WorkingSet / 1e6:0} MB resident");

        await engine.RunManyAsync("one", instances - early, cancellationToken);
        var after = Settled();
        report.Note($"after {instances} instances: {after / 1e6:0.0} MB live, {Environment.WorkingSet / 1e6:0} MB resident, {new FileInfo(folder.Database).Length / 1e6:0} MB of history");
        report.Add(new BoardResult(Board, $"MB of live memory gained from {early} to {instances} instances, at most", (after - before) / 1e6, null, 5));
        report.Note($"{instances / clock.Elapsed.TotalSeconds:0} instances with one activity a second");
    }

    static long Settled()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    static async Task<Running> StartAsync(Folder folder, CancellationToken cancellationToken, Action? onActivity = null)
    {
        var engine = new DurableEngine(
            new() { DatabasePath = folder.Database },
            [
                new("fan", async context =>
                {
                    await Task.WhenAll(Enumerable.Range(0, context.GetInput<int>()).Select(i => context.CallActivityAsync<int>("echo", i)));
                    return null;
                }),
                new("sequence", async context =>
                {
                    for (var i = 0; i < context.GetInput<int>(); i++)
                        await context.CallActivityAsync<int>("echo", i);
                    return null;
                }),
                new("one", async context => await context.CallActivityAsync<int>("echo", 1)),
                new("waits", async context => await context.WaitForExternalEvent<int>("never")),
            ],
            [
                new("echo", (call, _) =>
                {
                    onActivity?.Invoke();
                    return Task.FromResult<object?>(int.Parse(call.SerializedInput!));
                }),
            ],
            NullLoggerFactory.Instance,
            TimeProvider.System);
        await engine.StartAsync(cancellationToken);
        return new(engine);
    }

    sealed class Running(DurableEngine engine) : IAsyncDisposable
    {
        public Microsoft.DurableTask.Client.DurableTaskClient Client => engine.Client;

        public async Task RunAsync(string orchestrator, int input, CancellationToken cancellationToken)
        {
            var id = await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, cancellationToken);
            var end = await Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, cancellationToken);
            if (end.FailureDetails is { } failure)
                throw new InvalidOperationException(failure.ToString());
        }

        public Task RunManyAsync(string orchestrator, int count, CancellationToken cancellationToken) => Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = cancellationToken },
            async (i, token) => await RunAsync(orchestrator, i, token));

        public ValueTask DisposeAsync() => engine.DisposeAsync();
    }

    sealed class Folder : IDisposable
    {
        readonly string _path = Directory.CreateTempSubdirectory("ingest-durable-").FullName;

        public string Database => Path.Combine(_path, "history.db");

        public void Dispose() => Directory.Delete(_path, recursive: true);
    }
}
