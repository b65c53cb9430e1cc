using System.Globalization;

namespace DataIngestion.Contracts;

/// <summary>Lengths of time as people write them: a number with <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>, or .NET's <c>[d.]hh:mm:ss[.fffffff]</c>.</summary>
public static class Duration
{
    /// <summary>The rule, as a clause for error messages.</summary>
    public const string Rule = "a length of time such as 500ms, 30s, 5m, 2h, 1d or 00:01:30";

    static readonly (string Unit, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
        ("d", TimeSpan.TicksPerDay),
    ];

    /// <summary>Reads a length of time; false if the text is none or does not fit into a <see cref="TimeSpan"/>.</summary>
    public static bool TryParse(string? text, out TimeSpan value)
    {
        value = default;
        if (text is null)
            return false;
        if (text.Contains(':', StringComparison.Ordinal)) // a bare number would be days
            return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out value);

        foreach (var (unit, ticks) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && decimal.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                && Math.Abs(number) <= long.MaxValue / ticks)
            {
                value = TimeSpan.FromTicks((long)(number * ticks));
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes a length of time in the largest unit that divides it.</summary>
    public static string Format(TimeSpan value)
    {
        for (var i = Units.Length - 1; i >= 0; i--)
        {
            if (value.Ticks % Units[i].Ticks == 0 && (value.Ticks != 0 || i == 1))
                return string.Create(CultureInfo.InvariantCulture, $"{value.Ticks / Units[i].Ticks}{Units[i].Unit}");
        }

        return value.ToString("c", CultureInfo.InvariantCulture);
    }
}
