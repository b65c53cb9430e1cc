using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Observe.Cost;

/// <summary>How usage is recorded: settings <c>Ingestion__Usage__…</c>.</summary>
public sealed record UsageOptions
{
    /// <summary>Memory of one instance in MB, as the plan is deployed: 512, 2048 or 4096 on Flex Consumption. Default 2048, the plan's own.</summary>
    [Range(128, 1_048_576)]
    public int InstanceMemoryMB { get; init; } = 2048;

    /// <summary>
    /// How long what is used by other invocations than commands is collected before it is written; a process that is killed loses that much of it.
    /// Commands are written as they end. 1 s to 1 h, default 5 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(5);
}
