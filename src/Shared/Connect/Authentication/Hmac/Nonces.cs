namespace DataIngestion.Connect;

/// <summary>
/// Numbers that grow: microseconds since 1970, and one more where that would not grow. Strictly so within a process; among processes as far
/// as their clocks agree, so a vendor that demands more needs a key for each worker.
/// </summary>
internal sealed class Nonces(TimeProvider time)
{
    long _last;

    /// <summary>The next number.</summary>
    public long Next()
    {
        var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        while (true)
        {
            var last = Interlocked.Read(ref _last);
            var next = Math.Max(last + 1, now);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return next;
        }
    }
}
