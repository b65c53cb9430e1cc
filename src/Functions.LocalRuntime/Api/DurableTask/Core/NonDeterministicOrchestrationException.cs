namespace DurableTask.Core.Exceptions;

/// <summary>The orchestrator did something else than its history says.</summary>
public class NonDeterministicOrchestrationException : Exception
{
    public NonDeterministicOrchestrationException()
    {
    }

    public NonDeterministicOrchestrationException(string message)
        : base($"Non-Deterministic workflow detected: {message}")
    {
    }

    public NonDeterministicOrchestrationException(string message, Exception innerException)
        : base($"Non-Deterministic workflow detected: {message}", innerException)
    {
    }
}
