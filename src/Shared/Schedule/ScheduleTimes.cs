using Cronos;
using DataIngestion.Contracts;

namespace DataIngestion.Schedule;

/// <summary>
/// When a schedule falls due. A cron expression is read on the clocks of its zone: a time that a clock change skips falls due right after the
/// gap, one that it repeats falls due once (expressions that repeat within the hour keep their interval through both).
/// An interval is counted from the Unix epoch.
/// </summary>
public static class ScheduleTimes
{
    /// <summary>The first due time after a moment; null when there is none.</summary>
    /// <exception cref="ArgumentException">The schedule is not valid; the configuration's check finds that at start.</exception>
    public static DateTimeOffset? Next(ScheduleDefinition schedule, DateTimeOffset after)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        if (schedule.Every is { } every)
            return Floor(after, every) + every;
        var (cron, zone) = Parse(schedule);
        return cron.GetNextOccurrence(after, zone)?.ToUniversalTime();
    }

    /// <summary>The last due time after one moment and not after another, and how many others lie between; null when there is none.</summary>
    /// <exception cref="ArgumentException">The schedule is not valid.</exception>
    public static (DateTimeOffset Due, int Others)? Latest(ScheduleDefinition schedule, DateTimeOffset after, DateTimeOffset until)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        if (until <= after)
            return null;
        if (schedule.Every is { } every)
        {
            var due = Floor(until, every);
            var passed = (due - Floor(after, every)).Ticks / every.Ticks;
            return passed < 1 ? null : (due, (int)Math.Min(passed - 1, int.MaxValue));
        }

        var (cron, zone) = Parse(schedule);
        (DateTimeOffset Due, int Others)? latest = null;
        for (var next = cron.GetNextOccurrence(after, zone); next <= until; next = cron.GetNextOccurrence(next.Value, zone))
            latest = (next.Value.ToUniversalTime(), latest is null ? 0 : latest.Value.Others + 1);
        return latest;
    }

    /// <summary>The parts of a cron schedule.</summary>
    internal static (CronExpression Cron, TimeZoneInfo Zone) Parse(ScheduleDefinition schedule)
    {
        if (!CronExpression.TryParse(schedule.Cron ?? "", CronFormat.Standard, out var cron))
            throw new ArgumentException($"'{schedule.Cron}' is not a cron expression of five fields.", nameof(schedule));
        return (cron, ZoneOf(schedule.TimeZone) ?? throw new ArgumentException($"'{schedule.TimeZone}' is not a time zone.", nameof(schedule)));
    }

    /// <summary>A zone by IANA name, or null.</summary>
    internal static TimeZoneInfo? ZoneOf(string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && (zone.HasIanaId || name == "UTC") ? zone : null;

    static DateTimeOffset Floor(DateTimeOffset moment, TimeSpan every)
    {
        var ticks = moment.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        var slots = Math.DivRem(ticks, every.Ticks, out var rest) - (rest < 0 ? 1 : 0);
        return DateTimeOffset.UnixEpoch.AddTicks(slots * every.Ticks);
    }
}
