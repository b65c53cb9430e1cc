namespace DataIngestion.Connect;

/// <summary>
/// What a worker knows of the time of the table service, which all workers have in common: between which two moments it lies. No worker's
/// clock is trusted to be right, only to run at the right speed (200 ppm). Every answer says what time it was somewhere between sending
/// and receiving; the bounds are what all of them leave.
/// </summary>
internal sealed class ServerClock
{
    const double Drift = 200e-6;

    (TimeSpan Offset, TimeSpan At)? _low;
    (TimeSpan Offset, TimeSpan At)? _high;

    /// <summary>Begins anew.</summary>
    public void Forget() => (_low, _high) = (null, null);

    /// <summary>Takes note of an answer.</summary>
    /// <param name="low">The server's time was at least this,</param>
    /// <param name="high">and at most this,</param>
    /// <param name="sent">at some moment after this one on the worker's clock</param>
    /// <param name="received">and before this one.</param>
    public void Observe(DateTimeOffset low, DateTimeOffset high, TimeSpan sent, TimeSpan received)
    {
        var (least, most) = (SinceEpoch(low) - received, SinceEpoch(high) - sent);
        if (_low is null || _high is null || least > Most(received) || most < Least(received))
        {
            // The first; or the server's clock was set.
            (_low, _high) = ((least, received), (most, received));
            return;
        }

        if (least > Least(received))
            _low = (least, received);
        if (most < Most(received))
            _high = (most, received);
    }

    /// <summary>The server's time is not before this.</summary>
    public DateTimeOffset AtLeast(TimeSpan now) => DateTimeOffset.UnixEpoch + now + Least(now);

    /// <summary>The server's time is not after this.</summary>
    public DateTimeOffset AtMost(TimeSpan now) => DateTimeOffset.UnixEpoch + now + Most(now);

    TimeSpan Least(TimeSpan now) => _low!.Value.Offset - ((now - _low.Value.At) * Drift);

    TimeSpan Most(TimeSpan now) => _high!.Value.Offset + ((now - _high.Value.At) * Drift);

    static TimeSpan SinceEpoch(DateTimeOffset moment) => moment - DateTimeOffset.UnixEpoch;
}
