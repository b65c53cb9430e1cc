using System.Globalization;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>The values of a date partition. A value stands for the time from its day up to the next value's.</summary>
internal sealed class DateValues(DatePartitionDefinition dates)
{
    /// <summary>The values that can be asked for: those whose time has passed, and the delay after it.</summary>
    /// <param name="now">When the run began.</param>
    public IEnumerable<DateOnly> Until(DateTimeOffset now)
    {
        for (var day = Begin(dates.From); day < DateOnly.MaxValue.AddDays(-366) && Start(Following(day)) + dates.Delay <= now; day = Following(day))
        {
            if (dates.Step is not DateStep.Day || !dates.Weekdays || day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
                yield return day;
        }
    }

    /// <summary>The values that a run asks for.</summary>
    /// <param name="done">Days that earlier runs have asked for.</param>
    /// <param name="window">The only window asked for, by which day begins in it; null for what is not done, or is to be asked again.</param>
    /// <param name="now">When the run began.</param>
    public IEnumerable<DateOnly> Asked(DayRanges done, TimeWindow? window, DateTimeOffset now) => window is { } only
        ? Until(now).Where(day => Start(day) >= only.From && Start(day) < only.To)
        : Until(now).Where(day => !done.Contains(day) || IsAskedAgain(day, now));

    /// <summary>Whether runs of this day ask for a value although it is done: it covers one of the last days.</summary>
    public bool IsAskedAgain(DateOnly day, DateTimeOffset now) => dates.Again > 0 && Following(day).DayNumber > DateOnly.FromDateTime(now.UtcDateTime).DayNumber - dates.Again;

    /// <summary>All days that a value stands for.</summary>
    public DayRanges Covered(DateOnly day) => DayRanges.Of(day, Following(day).AddDays(-1));

    /// <summary>A value as the request writes it.</summary>
    public string Text(DateOnly day) => day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).ToString(dates.Format, CultureInfo.InvariantCulture);

    static DateTimeOffset Start(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    DateOnly Begin(DateOnly day) => dates.Step switch
    {
        DateStep.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        DateStep.Month => new(day.Year, day.Month, 1),
        DateStep.Quarter => new(day.Year, day.Month - ((day.Month - 1) % 3), 1),
        DateStep.Year => new(day.Year, 1, 1),
        _ => day,
    };

    DateOnly Following(DateOnly day) => dates.Step switch
    {
        DateStep.Week => day.AddDays(7),
        DateStep.Month => day.AddMonths(1),
        DateStep.Quarter => day.AddMonths(3),
        DateStep.Year => day.AddYears(1),
        _ => day.AddDays(1),
    };
}
