namespace DataIngestion.Contracts;

/// <summary>How much was used.</summary>
public sealed record UsageAmounts
{
    static readonly Dictionary<string, long> NoOperations = [];

    /// <summary>Nothing.</summary>
    public static UsageAmounts Nothing { get; } = new();

    /// <summary>Invocations of functions, each billed as an execution.</summary>
    public long Executions { get; init; }

    /// <summary>Time from their beginning to their end, added up.</summary>
    public double WallSeconds { get; init; }

    /// <summary>
    /// Their share of the time in which the instance was at work. An instance is billed once, however many invocations run on it at once;
    /// while several do, each has an equal part of the time.
    /// </summary>
    public double ActiveSeconds { get; init; }

    /// <summary>What is billed for that: <see cref="ActiveSeconds"/>, with what billing rounds up, times the memory of the instance in GB.</summary>
    public double GbSeconds { get; init; }

    /// <summary>Their share of the processor time of the process, by the same rule.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Bytes that came to lie in landing.</summary>
    public long BytesLanded { get; init; }

    /// <summary>Bytes sent to storage accounts.</summary>
    public long StorageBytesWritten { get; init; }

    /// <summary>Bytes received from storage accounts.</summary>
    public long StorageBytesRead { get; init; }

    /// <summary>Requests to storage accounts by <c>{account}/{operation}</c>.</summary>
    public IReadOnlyDictionary<string, long> StorageOperations { get; init; } = NoOperations;

    /// <summary>Bytes sent to sources: egress.</summary>
    public long SourceBytesSent { get; init; }

    /// <summary>Bytes received from sources.</summary>
    public long SourceBytesReceived { get; init; }

    /// <summary>Lifecycle events handed to the event stream.</summary>
    public long Events { get; init; }

    /// <summary>Messages that the task scheduler dispatched: orchestrations and activities begun, results, timers, external events.</summary>
    public long Actions { get; init; }

    /// <summary>Both together.</summary>
    public static UsageAmounts operator +(UsageAmounts one, UsageAmounts other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return new()
        {
            Executions = one.Executions + other.Executions,
            WallSeconds = one.WallSeconds + other.WallSeconds,
            ActiveSeconds = one.ActiveSeconds + other.ActiveSeconds,
            GbSeconds = one.GbSeconds + other.GbSeconds,
            CpuSeconds = one.CpuSeconds + other.CpuSeconds,
            BytesLanded = one.BytesLanded + other.BytesLanded,
            StorageBytesWritten = one.StorageBytesWritten + other.StorageBytesWritten,
            StorageBytesRead = one.StorageBytesRead + other.StorageBytesRead,
            StorageOperations = Sum(one.StorageOperations, other.StorageOperations),
            SourceBytesSent = one.SourceBytesSent + other.SourceBytesSent,
            SourceBytesReceived = one.SourceBytesReceived + other.SourceBytesReceived,
            Events = one.Events + other.Events,
            Actions = one.Actions + other.Actions,
        };
    }

    /// <summary>Both together.</summary>
    public static UsageAmounts Add(UsageAmounts one, UsageAmounts other) => one + other;

    static IReadOnlyDictionary<string, long> Sum(IReadOnlyDictionary<string, long> one, IReadOnlyDictionary<string, long> other)
    {
        if (one.Count == 0)
            return other;
        if (other.Count == 0)
            return one;
        var sum = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (operation, count) in one.Concat(other))
            sum[operation] = sum.GetValueOrDefault(operation) + count;
        return sum;
    }
}
