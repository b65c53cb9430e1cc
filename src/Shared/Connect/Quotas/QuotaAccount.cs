using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace DataIngestion.Connect;

/// <summary>
/// What the workers share of one key: where each permit is. A permit is not spent but lent: it is with a worker, or free from a moment
/// on, and each can be used once within a limit's time. So long as every permit is in one place, no limit can be exceeded.
/// </summary>
internal sealed record QuotaAccount
{
    /// <summary>The limits, the shortest first.</summary>
    public List<QuotaAccountLimit> Limits { get; init; } = [];

    /// <summary>The workers that hold or want permits.</summary>
    public List<QuotaWorker> Workers { get; init; } = [];

    /// <summary>Nobody may ask the vendor before.</summary>
    public DateTimeOffset PausedUntil { get; set; }
}

/// <summary>One limit's permits.</summary>
internal sealed record QuotaAccountLimit
{
    /// <summary>Time within which a permit is used once, in ticks.</summary>
    public long Per { get; init; }

    /// <summary>Permits that there are.</summary>
    public int Permits { get; set; }

    /// <summary>Permits that the vendor seems to allow; at most <see cref="Permits"/>.</summary>
    public int Ceiling { get; set; }

    /// <summary>When <see cref="Ceiling"/> was last changed.</summary>
    public DateTimeOffset CeilingAt { get; set; }

    /// <summary>Permits with no worker, by the moment from which they may be used.</summary>
    public List<FreePermits> Free { get; init; } = [];

    [JsonIgnore]
    public int FreeCount => Free.Sum(f => f.Count);

    /// <summary>Adds permits; moments are rounded up so that there are never more than a few hundred different ones.</summary>
    public void Put(DateTimeOffset from, int count)
    {
        if (count <= 0)
            return;
        var step = Math.Max(TimeSpan.TicksPerMillisecond, Per / 256);
        var rounded = new DateTimeOffset((from.UtcTicks + step - 1) / step * step, TimeSpan.Zero);
        var index = Free.FindIndex(f => f.From >= rounded);
        if (index >= 0 && Free[index].From == rounded)
            Free[index] = new(rounded, Free[index].Count + count);
        else
            Free.Insert(index < 0 ? Free.Count : index, new(rounded, count));
    }

    /// <summary>Takes up to so many permits, those that may be used first.</summary>
    public List<FreePermits> Take(int count, DateTimeOffset before)
    {
        var taken = new List<FreePermits>();
        while (count > 0 && Free is [var first, ..] && first.From <= before)
        {
            var some = Math.Min(count, first.Count);
            taken.Add(new(first.From, some));
            count -= some;
            if (some == first.Count)
                Free.RemoveAt(0);
            else
                Free[0] = new(first.From, first.Count - some);
        }

        return taken;
    }
}

/// <summary>Permits that may be used from a moment on.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FreePermits(DateTimeOffset From, int Count);

/// <summary>What one worker holds and wants; one number for each limit.</summary>
internal sealed record QuotaWorker
{
    /// <summary>Its name, different for every process.</summary>
    public required string Name { get; init; }

    /// <summary>Number of its last exchange, by which it recognises its own write.</summary>
    public long Number { get; set; }

    /// <summary>When its permits are no longer its own, if it is not heard of again.</summary>
    public DateTimeOffset Until { get; set; }

    /// <summary>Permits it holds, in the order of the account's limits.</summary>
    public List<int> Held { get; init; } = [];

    /// <summary>Permits it could make use of.</summary>
    public List<int> Wants { get; init; } = [];

    /// <summary>The weight of the request that is next: fewer permits are of no use to it.</summary>
    public int Unit { get; set; } = 1;
}
