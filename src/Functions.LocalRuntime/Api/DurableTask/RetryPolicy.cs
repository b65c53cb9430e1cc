namespace Microsoft.DurableTask;

/// <summary>Declarative retries: fixed or exponential delays with an upper bound.</summary>
public class RetryPolicy
{
    /// <param name="maxNumberOfAttempts">All attempts, the first included; at least 1.</param>
    /// <param name="firstRetryInterval">Delay before the second attempt; above zero.</param>
    /// <param name="backoffCoefficient">Factor between one delay and the next; at least 1.</param>
    /// <param name="maxRetryInterval">Longest delay; default one hour.</param>
    /// <param name="retryTimeout">No retry starts when this much time has passed since the first attempt; default for ever.</param>
    public RetryPolicy(
        int maxNumberOfAttempts, TimeSpan firstRetryInterval, double backoffCoefficient = 1.0, TimeSpan? maxRetryInterval = null, TimeSpan? retryTimeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxNumberOfAttempts);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstRetryInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(backoffCoefficient, 1.0);
        if (maxRetryInterval < firstRetryInterval && maxRetryInterval != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(maxRetryInterval), maxRetryInterval, $"{nameof(maxRetryInterval)} must not be below {nameof(firstRetryInterval)}.");
        if (retryTimeout < firstRetryInterval && retryTimeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(retryTimeout), retryTimeout, $"{nameof(retryTimeout)} must not be below {nameof(firstRetryInterval)}.");

        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = maxRetryInterval ?? TimeSpan.FromHours(1);
        RetryTimeout = retryTimeout ?? Timeout.InfiniteTimeSpan;
    }

    public int MaxNumberOfAttempts { get; }

    public TimeSpan FirstRetryInterval { get; }

    public double BackoffCoefficient { get; }

    /// <summary>Default one hour.</summary>
    public TimeSpan MaxRetryInterval { get; }

    /// <summary>Default <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    public TimeSpan RetryTimeout { get; }

    /// <summary>Whether a failure is worth a retry; without it every failure is.</summary>
    public Func<TaskFailureDetails, bool> HandleFailure { init => ShouldRetry = value; }

    internal Func<TaskFailureDetails, bool> ShouldRetry { get; private init; } = static _ => true;
}
