using Microsoft.DurableTask;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>An orchestrator by name. <paramref name="Run"/> is called at every replay, on the turn's own thread.</summary>
internal sealed record OrchestratorRegistration(string Name, Func<TaskOrchestrationContext, Task<object?>> Run);

/// <summary>An activity by name. <paramref name="Run"/> may be called again for the same call after a crash; the token is cancelled when a drain runs out of time.</summary>
internal sealed record ActivityRegistration(string Name, Func<ActivityCall, CancellationToken, Task<object?>> Run);

/// <summary>One call of an activity.</summary>
/// <param name="InstanceId">The orchestration that calls.</param>
/// <param name="SerializedInput">To be read with <see cref="DurableJson.Options"/>; null if the orchestrator passed null.</param>
internal sealed record ActivityCall(string InstanceId, string? SerializedInput);
