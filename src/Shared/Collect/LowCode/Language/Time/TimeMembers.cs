namespace DataIngestion.Collect;

/// <summary>Properties and methods of times, days and durations.</summary>
internal static class TimeMembers
{
    /// <summary>The property or method of that name; null where there is none.</summary>
    public static object? Find(object value, string name) => value switch
    {
        MomentValue moment => OfMoment(moment, name),
        DayValue day => OfDay(day, name),
        TimeDelta span => OfSpan(span, name),
        _ => null,
    };

    static object? OfMoment(MomentValue time, string name) => name switch
    {
        "hour" => (long)time.Local.Hour,
        "minute" => (long)time.Local.Minute,
        "second" => (long)time.Local.Second,
        "microsecond" => (long)time.Microsecond,
        "timestamp" => Method(name, _ => TimeFormat.Seconds(time)),
        "isoformat" => Method(name, v => time.Show(v.Text(0, "sep", "T") is [var separator] ? separator : 'T', v.Text(1, "timespec", "auto"))),
        "date" => Method(name, _ => new DayValue(DateOnly.FromDateTime(time.Local))),
        "strftime" => Method(name, v => TimeFormat.Write(time, v.Text(0, "format"))),
        "replace" => Method(name, v => Replaced(time, v)),
        "astimezone" => Method(name, _ => time.ToUtc()),
        _ => OfCalendar(DateOnly.FromDateTime(time.Local), name),
    };

    static object? OfDay(DayValue day, string name) => name switch
    {
        "isoformat" => Method(name, _ => day.ToString()),
        "strftime" => Method(name, v => TimeFormat.Write(new(day.Date.ToDateTime(default), null), v.Text(0, "format"))),
        "replace" => Method(name, v => new DayValue(DateOnly.FromDateTime(Replaced(new(day.Date.ToDateTime(default), null), v).Local))),
        _ => OfCalendar(day.Date, name),
    };

    static object? OfCalendar(DateOnly day, string name) => name switch
    {
        "year" => (long)day.Year,
        "month" => (long)day.Month,
        "day" => (long)day.Day,
        "weekday" => Method(name, _ => ((long)day.DayOfWeek + 6) % 7),
        "isoweekday" => Method(name, _ => ((long)day.DayOfWeek + 6) % 7 + 1),
        _ => null,
    };

    static object? OfSpan(TimeDelta span, string name) => name switch
    {
        "days" => span.Days,
        "seconds" => (long)(span.Length - TimeSpan.FromDays(span.Days)).TotalSeconds,
        "total_seconds" => Method(name, _ => span.Length.Ticks / 10 / 1e6),
        _ => null,
    };

    static MomentValue Replaced(MomentValue time, CallValues values)
    {
        var local = time.Local;
        int Part(int place, string name, int now) => values.Int(place, name, now);
        try
        {
            var replaced = new DateTime(
                Part(0, "year", local.Year), Part(1, "month", local.Month), Part(2, "day", local.Day),
                Part(3, "hour", local.Hour), Part(4, "minute", local.Minute), Part(5, "second", local.Second)).AddTicks(Part(6, "microsecond", time.Microsecond) * 10L);
            return new(replaced, values.Named.TryGetValue("tzinfo", out var zone) && zone is null ? null : time.Offset);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new TemplateException("there is no such day or time of day.");
        }
    }

    static TemplateFunction Method(string name, Func<CallValues, object?> body) => new(name, body);
}
