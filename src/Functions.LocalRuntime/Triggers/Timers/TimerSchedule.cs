using System.Globalization;
using NCrontab;

namespace DataIngestion.LocalRuntime.Triggers.Timers;

/// <summary>When a timer is due: six-field NCRONTAB in UTC, or a constant interval.</summary>
internal abstract record TimerSchedule(string Text)
{
    /// <summary>The first occurrence after <paramref name="utc"/>.</summary>
    public abstract DateTime Next(DateTime utc);

    /// <summary>Whether two occurrences are always at least this far apart, seen from <paramref name="utc"/>.</summary>
    public bool IsAtLeast(TimeSpan interval, DateTime utc)
    {
        var first = Next(utc);
        return Next(first) - first >= interval;
    }

    /// <summary>Null, after a fault, if the text is neither.</summary>
    public static TimerSchedule? TryParse(string text, Action<string> fault)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        if (fields is 5 or 6)
        {
            var options = new CrontabSchedule.ParseOptions { IncludingSeconds = fields == 6 };
            if (CrontabSchedule.TryParse(text, options) is { } cron)
                return new Cron(text, cron);
        }
        else if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero)
        {
            return new Constant(text, interval);
        }

        fault($"'{text}' is not a schedule; six NCRONTAB fields (second minute hour day month weekday, such as '0 */5 * * * *') or an interval such as '00:05:00' were expected.");
        return null;
    }

    sealed record Cron(string Text, CrontabSchedule Schedule) : TimerSchedule(Text)
    {
        public override DateTime Next(DateTime utc) => DateTime.SpecifyKind(Schedule.GetNextOccurrence(utc), DateTimeKind.Utc);
    }

    sealed record Constant(string Text, TimeSpan Interval) : TimerSchedule(Text)
    {
        public override DateTime Next(DateTime utc) => utc + Interval;
    }
}
