using System.Globalization;
using System.Text.RegularExpressions;

namespace DataIngestion.Collect;

/// <summary>ISO 8601 times as they are commonly written: <c>2024</c>, <c>2024-01</c>, <c>2024-01-05</c>, <c>20240105T101500Z</c>, <c>2024-01-05 10:15:00.5+01:00</c>, <c>2024-W01-5</c>, <c>2024-005</c>.</summary>
internal static partial class IsoTime
{
    /// <summary>The time; null where the text is none. Without an offset it is naive.</summary>
    public static MomentValue? Parse(string text)
    {
        if (text.Length > 60 || Pattern().Match(text) is not { Success: true } match)
            return null;
        try
        {
            var day = Day(match);
            var hour = Int(match, "hour", 0);
            var nextDay = hour == 24 && Int(match, "minute", 0) == 0 && Int(match, "second", 0) == 0;
            var local = day.ToDateTime(new(nextDay ? 0 : hour, Int(match, "minute", 0), Int(match, "second", 0))).AddTicks(Fraction(match)).AddDays(nextDay ? 1 : 0);
            return new(local, OffsetOf(match.Groups["zone"].Value));
        }
        catch (ArgumentException)
        {
            return null; // 30 February, 25 o'clock
        }
    }

    /// <summary>The offset that <c>Z</c>, <c>+01:00</c>, <c>+0100</c> or <c>+01</c> says; null for no text.</summary>
    public static TimeSpan? OffsetOf(string zone)
    {
        if (zone.Length == 0)
            return null;
        if (zone is "Z" or "z")
            return TimeSpan.Zero;
        var digits = zone[1..].Replace(":", "", StringComparison.Ordinal);
        var offset = new TimeSpan(
            int.Parse(digits.AsSpan(0, 2), CultureInfo.InvariantCulture),
            digits.Length >= 4 ? int.Parse(digits.AsSpan(2, 2), CultureInfo.InvariantCulture) : 0,
            digits.Length >= 6 ? int.Parse(digits.AsSpan(4, 2), CultureInfo.InvariantCulture) : 0);
        return offset >= TimeSpan.FromDays(1) ? throw new ArgumentOutOfRangeException(nameof(zone)) : zone[0] == '-' ? -offset : offset;
    }

    static DateOnly Day(Match match)
    {
        var year = Int(match, "year", 1);
        if (match.Groups["week"].Success)
            return DateOnly.FromDateTime(ISOWeek.ToDateTime(year, Int(match, "week", 1), (DayOfWeek)(Int(match, "weekday", 1) % 7)));
        return match.Groups["ordinal"].Success
            ? new DateOnly(year, 1, 1).AddDays(Int(match, "ordinal", 1) - 1)
            : new(year, Int(match, "month", 1), Int(match, "day", 1));
    }

    // Ticks; what is finer than a microsecond is cut off.
    static long Fraction(Match match) =>
        match.Groups["fraction"] is { Success: true, Value: var digits } ? long.Parse(digits.PadRight(6, '0').AsSpan(0, 6), CultureInfo.InvariantCulture) * 10 : 0;

    static int Int(Match match, string name, int otherwise) =>
        match.Groups[name] is { Success: true, Value: var digits } ? int.Parse(digits, CultureInfo.InvariantCulture) : otherwise;

    [GeneratedRegex(@"\A(?<year>[0-9]{4})(-?W(?<week>[0-9]{2})(-?(?<weekday>[1-7]))?|-(?<month>[0-9]{2})(-(?<day>[0-9]{2}))?|(?<month>[0-9]{2})(?<day>[0-9]{2})|-?(?<ordinal>[0-9]{3}))?([^0-9](?<hour>[0-9]{2})(:?(?<minute>[0-9]{2})(:?(?<second>[0-9]{2})([.,](?<fraction>[0-9]{1,9}))?)?)?(?<zone>[Zz]|[+-][0-9]{2}(:?[0-9]{2})?)?)?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Pattern();
}
