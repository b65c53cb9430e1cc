using Microsoft.DurableTask;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>The arithmetic of <see cref="RetryPolicy"/>.</summary>
internal static class RetryDelay
{
    /// <param name="attempt">The attempt that failed; the first is 1.</param>
    /// <param name="elapsed">Orchestration time since the first attempt began.</param>
    /// <returns>The delay before the next attempt; null if there is to be none.</returns>
    public static TimeSpan? Next(RetryPolicy policy, int attempt, TimeSpan elapsed, TaskFailureDetails failure)
    {
        if (attempt >= policy.MaxNumberOfAttempts)
            return null;
        if (policy.RetryTimeout != Timeout.InfiniteTimeSpan && elapsed >= policy.RetryTimeout)
            return null;
        if (!policy.ShouldRetry(failure))
            return null;

        var delay = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        var longest = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.FromDays(3650) : policy.MaxRetryInterval;
        return delay < longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(delay) : longest;
    }
}
