using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>The client of the engine in this process.</summary>
internal sealed class LocalDurableTaskClient(Func<EngineCore> engine, TimeProvider time) : DurableTaskClient("local")
{
    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        var request = new NewInstance(
            options?.InstanceId is { Length: > 0 } chosen ? InstanceIds.Check(chosen) : Guid.NewGuid().ToString("N"),
            orchestratorName.Name,
            DurableJson.Converter.Serialize(input),
            options?.StartAt?.UtcDateTime,
            InstanceCommands.NotReplaceable(options?.DedupeStatuses));

        var core = engine();
        var accepted = await core.Writer.WriteAsync(store => InstanceCommands.Create(store, request, Now()), effects => Publish(core, effects), cancellation);
        return accepted.Applied ? request.InstanceId : throw new OrchestrationAlreadyExistsException($"An Orchestration instance with the ID {request.InstanceId} already exists.");
    }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return SendAsync(instanceId, "raise an event for", new(HistoryKind.EventRaised, Now(), -1, eventName, DurableJson.Converter.Serialize(eventPayload)), cancellation);
    }

    public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var reach = options is { Recursive: true } ? HistoryEvent.Recursive : null;
        return SendAsync(instanceId, "terminate", new(HistoryKind.ExecutionTerminated, Now(), -1, reach, DurableJson.Converter.Serialize(options?.Output)), cancellation);
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return SendAsync(instanceId, "suspend", new(HistoryKind.ExecutionSuspended, Now(), -1, null, reason), cancellation);
    }

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return SendAsync(instanceId, "resume", new(HistoryKind.ExecutionResumed, Now(), -1, null, reason), cancellation);
    }

    public override Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var core = engine();
        return Task.Run(() => core.Readers.Read(reader => reader.Find(instanceId)) is { } row ? Metadata.From(core, row, getInputsAndOutputs) : null, cancellation);
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, getInputsAndOutputs, row => row.Status != OrchestrationRuntimeStatus.Pending, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(
            instanceId,
            getInputsAndOutputs,
            row => row.Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated,
            cancellation);

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => new InstancePages(engine, filter ?? new());

    public override async Task<PurgeResult> PurgeInstanceAsync(string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var purged = await engine().Writer.WriteAsync(
            store => store.Find(instanceId) is { IsFinal: true } instance ? InstanceCommands.Purge(store, instance, options is { Recursive: true }) : 0,
            cancellationToken: cancellation);
        return new(purged, isComplete: true);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        const int batch = 200; // other work is committed between batches
        var core = engine();
        var query = new OrchestrationQuery(filter.CreatedFrom, filter.CreatedTo, InstanceCommands.Final(filter.Statuses));
        var purged = 0;
        for (var after = 0L; ;)
        {
            var page = core.Readers.Read(reader => reader.Query(query, after, batch));
            var keys = page.ConvertAll(row => row.Key);
            purged += await core.Writer.WriteAsync(
                store => keys.Sum(key => store.Find(key) is { IsFinal: true } instance ? InstanceCommands.Purge(store, instance, options is { Recursive: true }) : 0),
                cancellationToken: cancellation);
            if (page.Count < batch)
                return new(purged, isComplete: true);
            after = keys[^1];
        }
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    async Task SendAsync(string instanceId, string what, HistoryEvent message, CancellationToken cancellation)
    {
        var core = engine();
        var receiver = await core.Writer.WriteAsync(
            store =>
            {
                var found = store.Find(instanceId);
                if (found is { IsFinal: false })
                    store.Post(found.Value.Key, InboxMessage.AnyExecution, message);
                return found;
            },
            found =>
            {
                if (found is { IsFinal: false } instance)
                    core.Ready.Signal(instance.Key);
            },
            cancellation);

        if (receiver is null)
            throw RpcFaults.NotFound(instanceId);
        if (receiver.Value.IsFinal)
            throw RpcFaults.Finished(instanceId, what, receiver.Value.Status);
    }

    async Task<OrchestrationMetadata> WaitAsync(string instanceId, bool getInputsAndOutputs, Func<InstanceRow, bool> reached, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var core = engine();
        var row = await core.Waiters.WaitAsync(instanceId, () => core.Readers.Read(reader => reader.Find(instanceId)) is { } found && reached(found) ? found : null, cancellation);
        return Metadata.From(core, row, getInputsAndOutputs);
    }

    static void Publish(EngineCore core, CommitEffects effects)
    {
        if (effects.Applied)
            core.Publish(effects);
    }

    DateTime Now() => time.GetUtcNow().UtcDateTime;
}
