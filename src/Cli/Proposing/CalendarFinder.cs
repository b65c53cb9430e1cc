using System.Globalization;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Proposing;

/// <summary>Finds on which days there is news, from the days of the records.</summary>
internal static class CalendarFinder
{
    const int Enough = 5;

    /// <param name="table">The records.</param>
    /// <param name="field">The field that holds their day or time.</param>
    public static Finding? Find(SampleTable table, string? field)
    {
        var column = table.Columns.FirstOrDefault(c => c.Name == field);
        if (column is null || CursorFinder.TypeOf(column)?.Type is not (CursorType.Date or CursorType.Timestamp))
            return null;
        var days = column.Values.OfType<string>().Select(DayOf).OfType<DateOnly>().Distinct().Order().ToList();
        if (days.Count < Enough)
            return null;
        var weekend = days.Exists(d => d.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday);
        var gaps = days.Zip(days.Skip(1), (a, b) => b.DayNumber - a.DayNumber).ToList();
        if (gaps.Min() >= 28)
            return new("monthly", 0.7, $"the {days.Count} days seen are at least four weeks apart");
        return weekend
            ? new("daily", 0.8, $"there are weekends among the {days.Count} days seen")
            : new("weekdays", days.Count >= 10 ? 0.8 : 0.6, $"there is no weekend among the {days.Count} days seen");
    }

    static DateOnly? DayOf(string value)
    {
        if (CursorFinder.EpochOf(value) is { } epoch && decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            var units = epoch switch { "unix-seconds" => 1m, "unix-milliseconds" => 1_000m, "unix-microseconds" => 1_000_000m, _ => 1_000_000_000m };
            return DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds((long)(number / units)).UtcDateTime);
        }

        return value.Length >= 10 && DateOnly.TryParseExact(value.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
    }
}
