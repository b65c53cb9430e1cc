using Microsoft.DurableTask;

namespace DataIngestion.Orchestrators;

/// <summary>How the managers' own activities are retried. They are small writes to storage, so only an outage makes them fail.</summary>
internal static class Retries
{
    /// <summary>Rides out an outage of about a quarter of an hour.</summary>
    public static TaskOptions Persistent { get; } = TaskOptions.FromRetryPolicy(new(20, TimeSpan.FromSeconds(1), 2, TimeSpan.FromMinutes(1)));
}
