using System.Globalization;

namespace DataIngestion.Contracts;

/// <summary>
/// How sources write days and instants: <c>unix-seconds</c>, <c>unix-milliseconds</c>, <c>unix-microseconds</c>, <c>unix-nanoseconds</c>, or a
/// pattern as in .NET (<c>yyyyMMdd</c>), where <c>T</c> and <c>Z</c> stand for themselves; in requests also <c>quarter</c>, 1 to 4, which .NET has no letter for. All are UTC.
/// </summary>
public static class InstantFormat
{
    const string Specifiers = "yMdHhmsfFtzK";
    const string Literals = "TZ";
    const string Quarter = "quarter";

    static readonly (string Name, long UnitsPerSecond)[] Unix =
        [("unix-seconds", 1), ("unix-milliseconds", 1_000), ("unix-microseconds", 1_000_000), ("unix-nanoseconds", 1_000_000_000)];

    /// <summary>What is wrong with a format, as the end of a sentence that begins with it; null when nothing is.</summary>
    /// <param name="format">The format.</param>
    /// <param name="mustBeRead">Whether days are to be read in it too, so that it needs a year.</param>
    public static string? FaultOf(string format, bool mustBeRead)
    {
        ArgumentNullException.ThrowIfNull(format);
        if (UnitsOf(format) is not null)
            return null;
        if (format == Quarter)
            return mustBeRead ? "has no year: values are read in it too." : null;
        var quote = '\0';
        foreach (var c in format)
        {
            if (quote != '\0' || c is '\'' or '"')
                quote = quote == c ? '\0' : quote == '\0' ? c : quote;
            else if (char.IsAsciiLetter(c) && !Specifiers.Contains(c, StringComparison.Ordinal) && !Literals.Contains(c, StringComparison.Ordinal))
                return $"is no way to write days and instants: {Suggestion.Phrase(format, [.. Unix.Select(u => u.Name), "yyyy-MM-dd", "yyyyMMdd", "yyyy-MM-ddTHH:mm:ssZ"])}";
        }

        if (quote != '\0')
            return "has a quote that is not closed.";
        if (!format.Any(c => Specifiers.Contains(c, StringComparison.Ordinal)) || format.Length == 1)
            return "is no way to write days and instants: expected unix-seconds, unix-milliseconds, unix-microseconds, unix-nanoseconds or a pattern such as yyyyMMdd.";
        return mustBeRead && !format.Contains('y', StringComparison.Ordinal) ? "has no year: values are read in it too." : null;
    }

    /// <summary>An instant as the source writes it.</summary>
    public static string Write(string format, DateTimeOffset instant)
    {
        ArgumentNullException.ThrowIfNull(format);
        if (format == Quarter)
            return ((instant.UtcDateTime.Month + 2) / 3).ToString(CultureInfo.InvariantCulture);
        var ticks = instant.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        return UnitsOf(format) is { } units
            ? decimal.Floor((decimal)ticks * units / TimeSpan.TicksPerSecond).ToString(CultureInfo.InvariantCulture)
            : instant.UtcDateTime.ToString(PatternOf(format), CultureInfo.InvariantCulture);
    }

    /// <summary>Reads an instant as the source writes it; what is finer than 100 ns is left out.</summary>
    public static bool TryRead(string format, string? text, out DateTimeOffset instant)
    {
        ArgumentNullException.ThrowIfNull(format);
        instant = default;
        if (UnitsOf(format) is not { } units)
        {
            return DateTimeOffset.TryParseExact(
                text, PatternOf(format), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces, out instant);
        }

        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || Math.Abs(number) / units > 254_000_000_000)
            return false;
        var ticks = decimal.Floor(number * TimeSpan.TicksPerSecond / units) + DateTimeOffset.UnixEpoch.UtcTicks;
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks)
            return false;
        instant = new((long)ticks, TimeSpan.Zero);
        return true;
    }

    /// <summary>The smallest time between two values that it tells apart.</summary>
    public static TimeSpan PrecisionOf(string format)
    {
        ArgumentNullException.ThrowIfNull(format);
        if (UnitsOf(format) is { } units)
            return TimeSpan.FromTicks(Math.Max(1, TimeSpan.TicksPerSecond / units));
        var fraction = format.Count(c => c is 'f' or 'F');
        return fraction > 0 ? TimeSpan.FromTicks((long)Math.Pow(10, Math.Max(0, 7 - fraction)))
            : format.Contains('s', StringComparison.Ordinal) ? TimeSpan.FromSeconds(1)
            : format.Contains('m', StringComparison.Ordinal) ? TimeSpan.FromMinutes(1)
            : format.Contains('H', StringComparison.Ordinal) ? TimeSpan.FromHours(1)
            : TimeSpan.FromDays(1);
    }

    static long? UnitsOf(string format) => Array.Find(Unix, u => u.Name == format) is { Name: not null, UnitsPerSecond: var units } ? units : null;

    // .NET takes a lone letter for the name of a pattern of its own.
    static string PatternOf(string format) => format.Length == 1 ? $"%{format}" : format;
}
