using DataIngestion.LocalRuntime.Durable;
using DataIngestion.TestKit;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DataIngestion.LocalRuntime.Tests.Durable;

/// <summary>An engine on a file of its own, with orchestrators and activities given as lambdas.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    readonly TemporaryFolder _folder = new("durable");
    readonly List<OrchestratorRegistration> _orchestrators = [];
    readonly List<ActivityRegistration> _activities = [];
    DurableEngine? _engine;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    public StoreProbe? Probe { get; set; }

    public Func<DurableEngineOptions, DurableEngineOptions> Configure { get; set; } = options => options;

    public string DatabasePath => _folder.File("history.db");

    public DurableEngine Engine => _engine ?? throw new InvalidOperationException("Not started.");

    public DurableTaskClient Client => Engine.Client;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public EngineHost Orchestrator<T>(string name, Func<TaskOrchestrationContext, Task<T>> run)
    {
        _orchestrators.RemoveAll(o => o.Name == name);
        _orchestrators.Add(new(name, async context => await run(context)));
        return this;
    }

    public EngineHost Orchestrator(string name, Func<TaskOrchestrationContext, Task> run) => Orchestrator<object?>(name, async context =>
    {
        await run(context);
        return null;
    });

    public EngineHost Activity<TInput, TResult>(string name, Func<TInput, CancellationToken, Task<TResult>> run)
    {
        _activities.RemoveAll(a => a.Name == name);
        _activities.Add(new(name, async (call, cancellationToken) => await run(DurableJson.Converter.Deserialize<TInput>(call.SerializedInput)!, cancellationToken)));
        return this;
    }

    public EngineHost Activity<TInput, TResult>(string name, Func<TInput, TResult> run) => Activity<TInput, TResult>(name, (input, _) => Task.FromResult(run(input)));

    public async Task<EngineHost> StartAsync()
    {
        _engine = new(Configure(new() { DatabasePath = DatabasePath }), _orchestrators, _activities, Loggers, Time, Probe);
        await _engine.StartAsync(Token);
        return this;
    }

    /// <summary>Stops in good order and starts again on the same file.</summary>
    public async Task RestartAsync()
    {
        await Engine.DisposeAsync();
        await StartAsync();
    }

    /// <summary>Drops the engine as a kill would and starts another on the same file.</summary>
    public async Task CrashAndRestartAsync()
    {
        await Engine.AbandonAsync();
        await StartAsync();
    }

    /// <summary>Starts an orchestration and waits for its end.</summary>
    public async Task<OrchestrationMetadata> RunAsync(string name, object? input = null, string? instanceId = null)
    {
        var id = await Client.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(instanceId), Token);
        return await EndAsync(id);
    }

    public Task<OrchestrationMetadata> EndAsync(string instanceId) =>
        Client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true, Token).WaitAsync(TimeSpan.FromSeconds(60), Token);

    public async Task<string> StartInstanceAsync(string name, object? input = null, string? instanceId = null) =>
        await Client.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(instanceId), Token);

    /// <summary>Waits until an instance's snapshot is as wanted.</summary>
    public async Task<OrchestrationMetadata> UntilAsync(string instanceId, Func<OrchestrationMetadata, bool> reached)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await Client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, Token) is { } found && reached(found))
                return found;
            Assert.True(TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(30), $"{instanceId} did not get there in time.");
            await Task.Delay(5, Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
        _folder.Dispose();
    }
}
