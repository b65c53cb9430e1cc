using System.Collections.Concurrent;
using DataIngestion.Contracts;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataIngestion.Agents.Tests.Commands;

/// <summary>A task hub that remembers the replies it was handed. Every instance runs, unless it is said to be gone.</summary>
internal sealed class FakeHub() : DurableTaskClient("fake")
{
    public ConcurrentQueue<AgentReply> Replies { get; } = new();

    /// <summary>What the hub does with an event, before it remembers it.</summary>
    public Action Raising { get; set; } = () => { };

    public bool InstanceIsGone { get; set; }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        Raising();
        if (InstanceIsGone)
            throw new NotSupportedException("an exception of the host's own");
        var reply = (AgentReply)eventPayload!;
        Assert.Equal(reply.CommandId, eventName);
        Replies.Enqueue(reply);
        return Task.CompletedTask;
    }

    public override Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        Task.FromResult(InstanceIsGone ? null : new OrchestrationMetadata("manager", instanceId) { RuntimeStatus = OrchestrationRuntimeStatus.Running });

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => throw new NotSupportedException();

    public override Task<PurgeResult> PurgeInstanceAsync(string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override Task<PurgeResult> PurgeAllInstancesAsync(PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();
}
