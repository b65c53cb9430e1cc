namespace DataIngestion.Cli.Sampling;

/// <summary>
/// A clock that stands still, and that a delay moves on by its length without waiting: pauses between requests, between the questions of
/// an export and before another attempt are kept, but cost no time. Limits on time are real, because the work that they limit is.
/// </summary>
internal sealed class SampleClock(DateTimeOffset now) : TimeProvider
{
    readonly Lock _lock = new();
    readonly DateTimeOffset _start = now;
    DateTimeOffset _now = now;

    /// <inheritdoc />
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    /// <inheritdoc />
    public override long GetTimestamp() => (GetUtcNow() - _start).Ticks;

    /// <summary>Sets it forward.</summary>
    public void MoveTo(DateTimeOffset moment)
    {
        lock (_lock)
            _now = moment > _now ? moment : _now;
    }

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (!IsDelay(state) || dueTime < TimeSpan.Zero)
            return System.CreateTimer(callback, state, dueTime, period);
        MoveTo(GetUtcNow() + dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    // Task.Delay gives its timer a promise of that name; a limit gives a CancellationTokenSource, WaitAsync another promise.
    static bool IsDelay(object? state) => state is Task delay && delay.GetType().Name.StartsWith("DelayPromise", StringComparison.Ordinal);
}
