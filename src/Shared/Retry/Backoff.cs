using DataIngestion.Contracts;

namespace DataIngestion.Retry;

/// <summary>When a failed step may be tried again: exponential delays with full jitter, so that many runs that failed together do not come back together.</summary>
internal static class Backoff
{
    /// <summary>The longest delay after an attempt: <c>min(delay · factor^(attempt − 1), maxDelay)</c>.</summary>
    /// <param name="policy">The step's policy.</param>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    public static TimeSpan Ceiling(RetryPolicyDefinition policy, int attempt)
    {
        var ticks = policy.Delay.Ticks * Math.Pow(policy.Factor, Math.Max(0, attempt - 1)); // may be infinite
        return ticks < policy.MaxDelay.Ticks ? TimeSpan.FromTicks((long)ticks) : policy.MaxDelay;
    }

    /// <summary>The earliest moment of the next attempt, or null when there is none left.</summary>
    /// <param name="policy">The step's policy.</param>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="firstTriedAt">When the first attempt began.</param>
    /// <param name="now">Now.</param>
    /// <param name="askedFor">Earliest moment that the source asked for.</param>
    /// <param name="jitter">0 up to 1: the part of the ceiling to wait.</param>
    public static DateTimeOffset? Next(
        RetryPolicyDefinition policy, int attempt, DateTimeOffset firstTriedAt, DateTimeOffset now, DateTimeOffset? askedFor, double jitter)
    {
        var end = firstTriedAt + policy.Within;
        var earliest = askedFor > now ? askedFor.Value : now;
        if (attempt >= policy.Attempts || earliest > end)
            return null;

        // After a wait that the source asked for, the first delay is spread enough.
        var ceiling = askedFor > now ? Ceiling(policy, 1) : Ceiling(policy, attempt);
        var next = earliest + (ceiling * jitter);
        return next < end ? next : end;
    }
}
