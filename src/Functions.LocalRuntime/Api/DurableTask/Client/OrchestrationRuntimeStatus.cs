namespace Microsoft.DurableTask.Client;

/// <summary>Where an orchestration is in its life. The numbers are part of the official API.</summary>
public enum OrchestrationRuntimeStatus
{
    Running = 0,
    Completed = 1,
    Failed = 3,
    Terminated = 5,

    /// <summary>Accepted and not yet started.</summary>
    Pending = 6,
    Suspended = 7,
}
