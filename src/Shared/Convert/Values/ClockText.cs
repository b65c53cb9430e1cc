using System.Runtime.InteropServices;

namespace DataIngestion.Conversion.Values;

/// <summary>A time of day, and the zone behind it.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ClockText
{
    const string MorningEvening = "amAMpmPM";

    /// <summary>Seconds since midnight, below 86,400: a leap second has no place in them.</summary>
    public int Second;
    public int Nanosecond;
    public int FractionDigits;
    public bool HasSeconds;
    public bool IsTwelveHour;
    public bool IsZoned;

    /// <summary>Seconds by which the clock is ahead of UTC, within 18 hours.</summary>
    public int Offset;

    /// <summary>Reads <c>H:mm[:ss[.fffffffff]][ AM][zone]</c>; the zone is <c>Z</c>, <c>UTC</c>, <c>GMT</c> or an offset.</summary>
    /// <param name="basic">Whether the colons may be missing: <c>HHmm[ss[.f]]</c>.</param>
    /// <param name="mail">Whether the zones that RFC 2822 names are allowed, such as <c>EST</c>.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, bool basic, bool mail, out ClockText clock)
    {
        clock = default;
        var at = 0;
        int hours, minutes, seconds = 0;
        var digits = Run(text);
        if (digits is 1 or 2)
        {
            if (text.Length < digits + 3 || text[digits] != ':' || !Two(text, digits + 1, out minutes))
                return false;
            hours = digits == 1 ? text[0] - '0' : (text[0] - '0') * 10 + text[1] - '0';
            at = digits + 3;
            if (at < text.Length && text[at] == ':')
            {
                if (!Two(text, at + 1, out seconds))
                    return false;
                (clock.HasSeconds, at) = (true, at + 3);
            }
        }
        else if (basic && digits is 4 or 6)
        {
            _ = Two(text, 0, out hours);
            _ = Two(text, 2, out minutes);
            clock.HasSeconds = digits == 6 && Two(text, 4, out seconds);
            at = digits;
        }
        else
        {
            return false;
        }

        if (clock.HasSeconds && at < text.Length && text[at] is (byte)'.' or (byte)',' && !clock.TryFraction(text, ref at))
            return false;
        return clock.TryHalf(text, ref at, ref hours) && hours <= 23 && minutes <= 59 && seconds <= 59
            && clock.Set(hours * 3600 + minutes * 60 + seconds) && clock.TryZone(text[at..], mail);
    }

    bool Set(int second)
    {
        Second = second;
        return true;
    }

    bool TryFraction(ReadOnlySpan<byte> text, ref int at)
    {
        var digits = Run(text[(at + 1)..]);
        if (digits is 0 or > 9)
            return false;
        var value = 0;
        foreach (var digit in text.Slice(at + 1, digits))
            value = value * 10 + (digit - '0');
        for (var i = digits; i < 9; i++)
            value *= 10;
        (Nanosecond, FractionDigits, at) = (value, digits, at + 1 + digits);
        return true;
    }

    /// <summary>AM or PM, if it is there.</summary>
    bool TryHalf(ReadOnlySpan<byte> text, ref int at, ref int hours)
    {
        var start = at;
        while (start < text.Length && text[start] == ' ')
            start++;
        if (text.Length - start < 2 || (text[start + 1] | 0x20) != 'm' || MorningEvening.IndexOf((char)text[start], StringComparison.Ordinal) < 0)
            return true;
        if (hours is < 1 or > 12)
            return false;
        hours = hours % 12 + ((text[start] | 0x20) == 'p' ? 12 : 0);
        (IsTwelveHour, at) = (true, start + 2);
        return true;
    }

    bool TryZone(ReadOnlySpan<byte> text, bool mail)
    {
        if (text.IsEmpty)
            return true;
        text = text.TrimStart((byte)' ');
        IsZoned = true;
        if (text.Length is < 1 or > 6)
            return false;
        if (text[0] is (byte)'+' or (byte)'-')
            return TryOffset(text);
        if (text.Length == 1)
            return text[0] is (byte)'Z' or (byte)'z';
        if (text.SequenceEqual("UTC"u8) || text.SequenceEqual("GMT"u8))
            return true;
        return mail && TryMailZone(text);
    }

    bool TryOffset(ReadOnlySpan<byte> text)
    {
        var minutes = 0;
        var valid = text.Length switch
        {
            3 => Two(text, 1, out Offset),
            5 => Two(text, 1, out Offset) && Two(text, 3, out minutes),
            6 => text[3] == ':' && Two(text, 1, out Offset) && Two(text, 4, out minutes),
            _ => false,
        };
        valid &= Offset <= 18 && minutes <= 59;
        Offset = Offset * 3600 + minutes * 60;
        valid &= Offset <= 18 * 3600;
        if (text[0] == '-')
            Offset = -Offset;
        return valid;
    }

    /// <summary>RFC 2822, 4.3: these names have one meaning there, and nowhere else.</summary>
    bool TryMailZone(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual("UT"u8))
            return true;
        if (text.Length != 3 || text[2] != 'T' || text[1] is not ((byte)'S' or (byte)'D'))
            return false;
        var hours = text[0] switch { (byte)'E' => 5, (byte)'C' => 6, (byte)'M' => 7, (byte)'P' => 8, _ => 0 };
        Offset = (text[1] == 'D' ? 1 - hours : -hours) * 3600;
        return hours > 0;
    }

    static int Run(ReadOnlySpan<byte> text)
    {
        var end = 0;
        while (end < text.Length && (uint)(text[end] - '0') <= 9)
            end++;
        return end;
    }

    static bool Two(ReadOnlySpan<byte> text, int at, out int value)
    {
        value = 0;
        if (at + 2 > text.Length)
            return false;
        var (tens, ones) = ((uint)(text[at] - '0'), (uint)(text[at + 1] - '0'));
        value = (int)(tens * 10 + ones);
        return tens <= 9 && ones <= 9;
    }
}
