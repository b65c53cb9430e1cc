namespace DataIngestion.Connect;

/// <summary>
/// A token bucket that makes callers wait, in the order in which they came. It keeps one instant instead of a count of tokens: the
/// moment at which the bucket will be full again (the generic cell rate algorithm), so no timer refills it.
/// </summary>
/// <param name="perSecond">Requests a second in the long run.</param>
/// <param name="burst">Requests at once after a pause, at least 1.</param>
/// <param name="time">Clock.</param>
internal sealed class RequestRate(double perSecond, int burst, TimeProvider time)
{
    readonly Lock _lock = new();
    readonly TimeSpan _interval = TimeSpan.FromSeconds(1 / perSecond);
    DateTimeOffset _fullAt = DateTimeOffset.MinValue;
    DateTimeOffset _notBefore = DateTimeOffset.MinValue;

    /// <summary>Takes a place if its turn comes by the deadline.</summary>
    /// <returns>How long to wait for it; and whether it was taken, which it was not when the wait is too long.</returns>
    public (TimeSpan Wait, bool Taken) Take(DateTimeOffset deadline)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var start = _notBefore > now ? _notBefore : now;
            var full = _fullAt > start ? _fullAt : start;
            var turn = full - (_interval * (burst - 1));
            if (turn < start)
                turn = start;
            if (turn > deadline)
                return (turn - now, false);
            _fullAt = full + _interval;
            return (turn - now, true);
        }
    }

    /// <summary>Lets nobody through before a moment that the source asked for.</summary>
    public void PauseUntil(DateTimeOffset moment)
    {
        lock (_lock)
        {
            if (moment > _notBefore)
                _notBefore = moment;
        }
    }
}
