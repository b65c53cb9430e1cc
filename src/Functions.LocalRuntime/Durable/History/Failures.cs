using System.Text.Json;
using Microsoft.DurableTask;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>Failures as they are stored, and those the engine itself reports.</summary>
internal static class Failures
{
    const string ActivityNotFound = "ActivityTaskNotFound";
    const string OrchestratorNotFound = "OrchestratorTaskNotFound";

    public static string Serialize(TaskFailureDetails failure) => JsonSerializer.Serialize(failure);

    public static TaskFailureDetails Deserialize(string? failure) => failure is null
        ? new("(unknown)", "(unknown)", null, null, null)
        : JsonSerializer.Deserialize<TaskFailureDetails>(failure)!;

    public static TaskFailureDetails NoActivity(string name) => new(ActivityNotFound, $"No activity task named '{name}' was found.", null, null, null);

    public static TaskFailureDetails NoOrchestrator(string name) => new(OrchestratorNotFound, $"No orchestrator task named '{name}' was found.", null, null, null);

    /// <summary>What a parent hears of a sub-orchestration that was terminated.</summary>
    public static TaskFailureDetails Terminated(string? output) =>
        new("Terminated", output is null ? "The sub-orchestration was terminated." : $"The sub-orchestration was terminated: {output}", null, null, null);

    /// <summary>False where another attempt cannot help.</summary>
    public static bool IsRetriable(TaskFailureDetails failure) => failure.ErrorType is not (ActivityNotFound or OrchestratorNotFound);
}
