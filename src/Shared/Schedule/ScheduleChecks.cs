using Cronos;
using DataIngestion.Contracts;

namespace DataIngestion.Schedule;

/// <summary>Finds cron expressions and time zones that are none, when the configuration is read.</summary>
internal static class ScheduleChecks
{
    public static IEnumerable<ConfigurationFinding> Find(PlatformConfiguration configuration) =>
        configuration.Sources.Values.Select(s => s.Schedule).OfType<ScheduleDefinition>().SelectMany(Find);

    static IEnumerable<ConfigurationFinding> Find(ScheduleDefinition schedule)
    {
        if (ScheduleTimes.ZoneOf(schedule.TimeZone) is null)
        {
            yield return new(schedule, nameof(ScheduleDefinition.TimeZone), $"'{schedule.TimeZone}' is not a time zone that this machine knows: expected an IANA name such as America/New_York.");
            yield break;
        }

        if (schedule.Cron is not { } text)
            yield break;
        if (Fault(text) is { } fault)
            yield return new(schedule, nameof(ScheduleDefinition.Cron), $"'{text}' is not a cron expression: {fault} Expected five fields: minute, hour, day of month, month, day of week.");
        else if (ScheduleTimes.Next(schedule, DateTimeOffset.UnixEpoch) is null)
            yield return new(schedule, nameof(ScheduleDefinition.Cron), $"'{text}' never falls due.");
    }

    static string? Fault(string cron)
    {
        try
        {
            CronExpression.Parse(cron, CronFormat.Standard);
            return null;
        }
        catch (CronFormatException fault)
        {
            return fault.Message;
        }
    }
}
