namespace DataIngestion.Collect;

/// <summary>Times plus and minus durations.</summary>
internal static class TimeArithmetic
{
    public static object Add(object? left, object? right) => (left, right) switch
    {
        (TimeDelta a, TimeDelta b) => new TimeDelta(Guarded(() => a.Length + b.Length)),
        (MomentValue or DayValue, TimeDelta span) => Move(left, 0, span.Length),
        (TimeDelta span, MomentValue or DayValue) => Move(right, 0, span.Length),
        (MomentValue or DayValue, CalendarPeriod period) => Move(left, MonthsOf(period), period.Rest),
        (CalendarPeriod period, MomentValue or DayValue) => Move(right, MonthsOf(period), period.Rest),
        (CalendarPeriod a, CalendarPeriod b) => new CalendarPeriod(a.Years + b.Years, a.Months + b.Months, a.Rest + b.Rest),
        (CalendarPeriod a, TimeDelta b) => a with { Rest = a.Rest + b.Length },
        (TimeDelta a, CalendarPeriod b) => b with { Rest = a.Length + b.Rest },
        _ => throw NoMeaning("+", left, right),
    };

    public static object Subtract(object? left, object? right) => (left, right) switch
    {
        (TimeDelta a, TimeDelta b) => new TimeDelta(Guarded(() => a.Length - b.Length)),
        (MomentValue or DayValue, TimeDelta span) => Move(left, 0, -span.Length),
        (MomentValue or DayValue, CalendarPeriod period) => Move(left, -MonthsOf(period), -period.Rest),
        (MomentValue a, MomentValue b) when a.IsNaive == b.IsNaive => new TimeDelta(a.Utc - b.Utc),
        (DayValue a, DayValue b) => new TimeDelta(TimeSpan.FromDays(a.Date.DayNumber - b.Date.DayNumber)),
        _ => throw NoMeaning("-", left, right),
    };

    /// <summary>A time or day moved by months, then by a length. A day of the month that the other month lacks becomes its last.</summary>
    public static object Move(object? from, int months, TimeSpan by)
    {
        try
        {
            return from is DayValue day
                ? new DayValue(day.Date.AddMonths(months).AddDays((int)Math.Floor(by.TotalDays)))
                : (MomentValue)from! with { Local = ((MomentValue)from).Local.AddMonths(months).Add(by) };
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new TemplateException("the time lies outside the years 1 to 9999.");
        }
    }

    static int MonthsOf(CalendarPeriod period) => (period.Years * 12) + period.Months;

    static TimeSpan Guarded(Func<TimeSpan> reckon)
    {
        try
        {
            return reckon();
        }
        catch (OverflowException)
        {
            throw new TemplateException("a duration became too long.");
        }
    }

    static TemplateException NoMeaning(string sign, object? left, object? right) =>
        (left as Undefined ?? right as Undefined) is { } undefined ? undefined.Fault()
        : new ValueTypeException($"'{sign}' has no meaning for {ValueNames.Of(left)} and {ValueNames.Of(right)}.");
}
