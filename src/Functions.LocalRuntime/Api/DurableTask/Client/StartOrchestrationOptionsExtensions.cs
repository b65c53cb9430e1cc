namespace Microsoft.DurableTask.Client;

/// <summary>Ids that are used again.</summary>
public static class StartOrchestrationOptionsExtensions
{
    /// <summary>A start fails with <c>OrchestrationAlreadyExistsException</c> if the id belongs to an instance in one of these statuses.</summary>
    public static StartOrchestrationOptions WithDedupeStatuses(this StartOrchestrationOptions options, params OrchestrationRuntimeStatus[] dedupeStatuses)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options with { DedupeStatuses = [.. dedupeStatuses.Select(status => status.ToString())] };
    }
}
