namespace Microsoft.DurableTask.Client;

/// <summary>How an instance is purged.</summary>
/// <param name="Recursive">With its sub-orchestrations.</param>
public record PurgeInstanceOptions(bool Recursive = false);

/// <summary>Which finished instances to purge.</summary>
public record PurgeInstancesFilter(
    DateTimeOffset? CreatedFrom = null, DateTimeOffset? CreatedTo = null, IEnumerable<OrchestrationRuntimeStatus>? Statuses = null);

/// <summary>What a purge did.</summary>
public class PurgeResult
{
    public PurgeResult(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        PurgedInstanceCount = count;
    }

    public PurgeResult(int count, bool? isComplete)
        : this(count) => IsComplete = isComplete;

    public int PurgedInstanceCount { get; }

    /// <summary>Whether all that matched is gone; null if not known.</summary>
    public bool? IsComplete { get; }
}
