using System.Globalization;

namespace DataIngestion.Collect;

/// <summary>A time as the language knows it: to the microsecond, with an offset to UTC or without (naive).</summary>
/// <param name="Local">As its clock shows it.</param>
/// <param name="Offset">What its clock is ahead of UTC; null where that is not known.</param>
internal sealed record MomentValue(DateTime Local, TimeSpan? Offset) : IComparable<MomentValue>
{
    /// <summary>A moment in UTC.</summary>
    public static MomentValue Of(DateTimeOffset time) => new(DateTime.SpecifyKind(Trimmed(time.UtcDateTime), DateTimeKind.Unspecified), TimeSpan.Zero);

    public bool IsNaive => Offset is null;

    /// <summary>The moment; one without an offset is taken as UTC.</summary>
    public DateTimeOffset Utc
    {
        get
        {
            var ticks = Local.Ticks - (Offset ?? TimeSpan.Zero).Ticks;
            return new(Math.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), TimeSpan.Zero);
        }
    }

    /// <summary>Its microseconds within the second.</summary>
    public int Microsecond => (int)(Local.Ticks % TimeSpan.TicksPerSecond / 10);

    /// <summary>The same moment on a clock in UTC.</summary>
    public MomentValue ToUtc() => Of(Utc);

    public int CompareTo(MomentValue? other) => Utc.CompareTo(other!.Utc);

    /// <summary>As <c>2024-01-05 10:00:00.000001+01:00</c>.</summary>
    public override string ToString() => Show(' ');

    /// <summary>With a separator between day and time, down to hours, minutes, seconds, milliseconds, microseconds or (auto) what is not zero.</summary>
    public string Show(char separator, string precision = "auto") =>
        Local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + separator + Local.ToString(
            precision switch
            {
                "hours" => "HH",
                "minutes" => "HH:mm",
                "milliseconds" => "HH:mm:ss.fff",
                "microseconds" => "HH:mm:ss.ffffff",
                "auto" when Microsecond > 0 => "HH:mm:ss.ffffff",
                "auto" or "seconds" => "HH:mm:ss",
                _ => throw new TemplateException($"isoformat does not know '{precision}': expected auto, hours, minutes, seconds, milliseconds or microseconds."),
            },
            CultureInfo.InvariantCulture) + OffsetText(":");

    /// <summary>The offset as <c>+01:00</c> or <c>+0100</c>; empty where there is none.</summary>
    public string OffsetText(string separator)
    {
        if (Offset is not { } offset)
            return "";
        var size = offset.Duration();
        var seconds = size.Seconds == 0 ? "" : $"{separator}{size.Seconds:00}";
        return $"{(offset < TimeSpan.Zero ? '-' : '+')}{(int)size.TotalHours:00}{separator}{size.Minutes:00}{seconds}";
    }

    static DateTime Trimmed(DateTime time) => new(time.Ticks - (time.Ticks % 10), DateTimeKind.Unspecified);
}

/// <summary>A day.</summary>
internal sealed record DayValue(DateOnly Date)
{
    public override string ToString() => Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>A duration of fixed length.</summary>
internal sealed record TimeDelta(TimeSpan Length)
{
    /// <summary>Whole days, rounded down.</summary>
    public long Days => (long)Math.Floor(Length.TotalDays);

    public override string ToString()
    {
        var rest = Length - TimeSpan.FromDays(Days);
        var days = Days == 0 ? "" : $"{Days.ToString(CultureInfo.InvariantCulture)} day{(Math.Abs(Days) == 1 ? "" : "s")}, ";
        var micro = rest.Ticks % TimeSpan.TicksPerSecond / 10;
        return $"{days}{(int)rest.TotalHours}:{rest.Minutes:00}:{rest.Seconds:00}{(micro == 0 ? "" : "." + micro.ToString("000000", CultureInfo.InvariantCulture))}";
    }
}

/// <summary>A duration with months or years, whose length depends on where it begins.</summary>
internal sealed record CalendarPeriod(int Years, int Months, TimeSpan Rest)
{
    public override string ToString()
    {
        var parts = new List<string>();
        if (Years != 0)
            parts.Add($"{Years} year{(Math.Abs(Years) == 1 ? "" : "s")}");
        if (Months != 0)
            parts.Add($"{Months} month{(Math.Abs(Months) == 1 ? "" : "s")}");
        parts.Add(new TimeDelta(Rest).ToString());
        return string.Join(", ", parts);
    }
}
