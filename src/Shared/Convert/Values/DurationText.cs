namespace DataIngestion.Conversion.Values;

/// <summary>Lengths of time: ISO 8601 without years and months, whose length varies, and hours, minutes and seconds.</summary>
internal static class DurationText
{
    /// <summary><c>[-]P[nW][nD][T[nH][nM][n[.n]S]]</c>; false where it is none or longer than 10^11 seconds.</summary>
    public static bool TryIso(ReadOnlySpan<byte> text, out long seconds, out int nanoseconds, out int fractionDigits)
    {
        (seconds, nanoseconds, fractionDigits) = (0, 0, 0);
        var negative = text.Length > 0 && text[0] == '-';
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
            text = text[1..];
        if (text.Length is < 3 or > 40 || text[0] != 'P')
            return false;
        text = text[1..];
        var (isTime, last) = (false, -1);
        ReadOnlySpan<byte> units = "WD HMS"u8;
        while (!text.IsEmpty)
        {
            if (text[0] == 'T')
            {
                if (isTime || text.Length == 1)
                    return false;
                isTime = true;
                text = text[1..];
                continue;
            }

            if (!TryCount(ref text, out var count, out var fraction, out var digits) || text.IsEmpty)
                return false;
            var unit = units.IndexOf(text[0]);
            if (unit <= last || text[0] == ' ' || isTime != unit > 2 || (digits > 0 && unit != 5))
                return false;
            last = unit;
            text = text[1..];
            seconds += count * (unit switch { 0 => 604_800, 1 => 86_400, 3 => 3_600, 4 => 60, _ => 1 });
            (nanoseconds, fractionDigits) = (fraction, digits);
            if (seconds > Longest)
                return false;
        }

        return last >= 0 && Sign(negative, ref seconds, ref nanoseconds);
    }

    const long Longest = 100_000_000_000;

    /// <summary>Whether a length fits into 64 bits of nanoseconds, whatever its fraction.</summary>
    public static bool FitsNanoseconds(long seconds) => seconds is >= -9_223_372_036 and <= 9_223_372_035;

    /// <summary><c>[-]H:mm:ss[.fffffffff]</c> with up to seven digits of hours.</summary>
    public static bool TryClock(ReadOnlySpan<byte> text, out long seconds, out int nanoseconds, out int fractionDigits)
    {
        (seconds, nanoseconds, fractionDigits) = (0, 0, 0);
        var negative = text.Length > 0 && text[0] == '-';
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
            text = text[1..];
        var colon = text.IndexOf((byte)':');
        if (colon is < 1 or > 7 || text.Length < colon + 6)
            return false;
        long hours = 0;
        foreach (var digit in text[..colon])
        {
            if ((uint)(digit - '0') > 9)
                return false;
            hours = hours * 10 + (digit - '0');
        }

        // The minutes and seconds are those of a clock: it reads them with an hour that it knows.
        Span<byte> rest = stackalloc byte[24];
        if (text.Length - colon + 1 > rest.Length)
            return false;
        rest[0] = (byte)'0';
        text[colon..].CopyTo(rest[1..]);
        if (!ClockText.TryRead(rest[..(text.Length - colon + 1)], basic: false, mail: false, out var clock) || !clock.HasSeconds || clock.IsZoned || clock.IsTwelveHour)
            return false;
        (seconds, nanoseconds, fractionDigits) = (hours * 3600 + clock.Second, clock.Nanosecond, clock.FractionDigits);
        return Sign(negative, ref seconds, ref nanoseconds);
    }

    static bool TryCount(ref ReadOnlySpan<byte> text, out long count, out int fraction, out int digits)
    {
        (count, fraction, digits) = (0, 0, 0);
        var at = 0;
        for (; at < text.Length && (uint)(text[at] - '0') <= 9; at++)
            count = count * 10 + (text[at] - '0');
        if (at is 0 or > 12)
            return false;
        if (at < text.Length && text[at] is (byte)'.' or (byte)',')
        {
            for (at++; at < text.Length && (uint)(text[at] - '0') <= 9 && digits < 9; at++, digits++)
                fraction = fraction * 10 + (text[at] - '0');
            if (digits == 0)
                return false;
            for (var i = digits; i < 9; i++)
                fraction *= 10;
        }

        text = text[at..];
        return true;
    }

    /// <summary>Negative lengths keep 0 to 999,999,999 nanoseconds above a smaller number of seconds.</summary>
    static bool Sign(bool negative, ref long seconds, ref int nanoseconds)
    {
        if (negative)
            (seconds, nanoseconds) = nanoseconds == 0 ? (-seconds, 0) : (-seconds - 1, 1_000_000_000 - nanoseconds);
        return true;
    }
}
