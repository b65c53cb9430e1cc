using DataIngestion.Contracts;
using DataIngestion.Observe;
using DataIngestion.Schedule;

namespace DataIngestion.Agents;

/// <summary>
/// Looks at what is late and at what waits, and tells the metrics. The scheduler's timer calls it, because a timer has one instance and these are to be
/// told once; it ticks more often than anybody reads metrics, so a look follows a minute after the last one at the earliest.
/// </summary>
public sealed class Lookout(ServiceLevels levels, QueueDepths depths, TimeProvider time)
{
    /// <summary>Least time between two looks.</summary>
    internal static readonly TimeSpan Between = TimeSpan.FromSeconds(55);

    long _lastLook = long.MinValue;

    /// <summary>Looks, if it is time.</summary>
    public async Task LookAsync(PlatformConfiguration configuration, CancellationToken cancellationToken)
    {
        var (now, last) = (time.GetUtcNow(), Interlocked.Read(ref _lastLook));
        if (last != long.MinValue && now.UtcTicks - last < Between.Ticks)
            return;
        Interlocked.Exchange(ref _lastLook, now.UtcTicks);
        await levels.LookAsync(configuration, now, cancellationToken);
        await depths.LookAsync(cancellationToken);
    }
}
