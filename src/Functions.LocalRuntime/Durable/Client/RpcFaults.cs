using Grpc.Core;
using Microsoft.DurableTask.Client;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>What the official client throws when an instance cannot be addressed: it reaches its host over gRPC.</summary>
internal static class RpcFaults
{
    public static RpcException NotFound(string instanceId) => Fault(StatusCode.NotFound, $"No instance with ID '{instanceId}' was found.");

    public static RpcException Finished(string instanceId, string what, OrchestrationRuntimeStatus status) =>
        Fault(StatusCode.FailedPrecondition, $"Cannot {what} the orchestration instance {instanceId} because instance is in the {status} state.");

    static RpcException Fault(StatusCode code, string detail) => new(new Status(code, detail), detail);
}
