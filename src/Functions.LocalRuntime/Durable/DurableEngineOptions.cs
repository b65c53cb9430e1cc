namespace DataIngestion.LocalRuntime.Durable;

/// <summary>Limits of the local durable engine and where it keeps its history.</summary>
public sealed record DurableEngineOptions
{
    /// <summary>The SQLite file; its folder is created. Files of the same name with <c>-wal</c> and <c>-shm</c> belong to it.</summary>
    public required string DatabasePath { get; init; }

    /// <summary>Activities that run at the same time. Default ten per processor.</summary>
    public int MaxConcurrentActivities { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>Orchestrations whose turns run at the same time. Default the number of processors.</summary>
    public int MaxConcurrentOrchestrations { get; init; } = Environment.ProcessorCount;

    /// <summary>Instances kept in memory between turns, so that a turn need not replay from the start. Default 200.</summary>
    public int MaxWarmInstances { get; init; } = 200;

    /// <summary>Events in the histories of all instances kept in memory between turns, a measure of what they hold. Default 400,000.</summary>
    public int MaxWarmHistoryEvents { get; init; } = 400_000;

    /// <summary>How long <see cref="DurableEngine.StopAsync"/> lets running activities finish before it cancels them. Default 20 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>First delay after a failed commit; doubles up to <see cref="MaxStoreRetryDelay"/>. Default 50 ms.</summary>
    public TimeSpan FirstStoreRetryDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest delay between attempts to commit. Default 5 s.</summary>
    public TimeSpan MaxStoreRetryDelay { get; init; } = TimeSpan.FromSeconds(5);
}
