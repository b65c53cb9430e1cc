using System.Runtime.InteropServices;
using DataIngestion.Conversion.Inference;

namespace DataIngestion.Conversion.Values;

/// <summary>Dates, times and timestamps as vendors write them.</summary>
internal static class TimeText
{
    const int EpochDay = 719_162;

    /// <summary>A text's shape, and which readings of a date with two small numbers are possible.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Measure(TextShape Shape, bool CanBeDayFirst, bool CanBeMonthFirst, int FractionDigits);

    static readonly Measure NoTime = new(TextShape.Text, false, false, 0);

    public static Measure Classify(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 4 or > 40)
            return NoTime;
        if (text[2] == ':' || (text[1] == ':' && text.Length >= 4))
            return TryTime(text, out _, out var digits) ? new(TextShape.Time, false, false, digits) : NoTime;
        if (text.Length >= 10 && text[4] is (byte)'-' or (byte)'/')
        {
            if (text.Length == 10)
                return TryDate(text, text[4] == '-' ? TextShape.IsoDate : TextShape.SlashedIsoDate, true, out _)
                    ? new(text[4] == '-' ? TextShape.IsoDate : TextShape.SlashedIsoDate, false, false, 0)
                    : NoTime;
            return TryTimestamp(text, out _, out _, out var zoned, out var fraction)
                ? new(zoned ? TextShape.ZonedTimestamp : TextShape.LocalTimestamp, false, false, fraction)
                : NoTime;
        }

        return ClassifyDate(text);
    }

    static Measure ClassifyDate(ReadOnlySpan<byte> text)
    {
        var separator = text[1] is < (byte)'0' or > (byte)'9' ? text[1] : text[2];
        var shape = separator switch
        {
            (byte)'/' => TextShape.SlashedDate,
            (byte)'.' => TextShape.DottedDate,
            (byte)'-' or (byte)' ' => (char.IsAsciiLetter((char)text[2]) || char.IsAsciiLetter((char)text[3])) ? TextShape.NamedMonthDate : TextShape.DashedDate,
            _ => TextShape.Text,
        };
        if (shape == TextShape.Text)
            return NoTime;
        var day = TryDate(text, shape, dayFirst: true, out _);
        var month = shape is TextShape.SlashedDate or TextShape.DashedDate && TryDate(text, shape, dayFirst: false, out _);
        return day || month ? new(shape, day, month, 0) : NoTime;
    }

    /// <summary>A date of one shape, as days since 1970-01-01.</summary>
    public static bool TryDate(ReadOnlySpan<byte> text, TextShape shape, bool dayFirst, out int days)
    {
        days = 0;
        int year, month, day;
        if (shape is TextShape.IsoDate or TextShape.SlashedIsoDate)
        {
            var separator = shape == TextShape.IsoDate ? (byte)'-' : (byte)'/';
            if (text.Length != 10 || text[4] != separator || text[7] != separator
                || !Digits(text[..4], out year) || !Digits(text[5..7], out month) || !Digits(text[8..], out day))
                return false;
        }
        else if (!TryParts(text, shape, dayFirst, out year, out month, out day))
        {
            return false;
        }

        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        days = new DateOnly(year, month, day).DayNumber - EpochDay;
        return true;
    }

    static bool TryParts(ReadOnlySpan<byte> text, TextShape shape, bool dayFirst, out int year, out int month, out int day)
    {
        (year, month, day) = (0, 0, 0);
        var separator = shape switch { TextShape.SlashedDate => (byte)'/', TextShape.DottedDate => (byte)'.', _ => (byte)'-' };
        if (shape == TextShape.NamedMonthDate && text.Contains((byte)' '))
            separator = (byte)' ';
        var one = text.IndexOf(separator);
        if (one is < 1 or > 2)
            return false;
        var rest = text[(one + 1)..];
        var two = rest.IndexOf(separator);
        if (two < 1 || rest.Length - two - 1 != 4 || !Digits(rest[(two + 1)..], out year) || !Digits(text[..one], out var first))
            return false;
        if (shape == TextShape.NamedMonthDate)
        {
            day = first;
            month = NamedMonth(rest[..two]);
            return month > 0;
        }

        if (two > 2 || !Digits(rest[..two], out var second))
            return false;
        (day, month) = dayFirst ? (first, second) : (second, first);
        return true;
    }

    static int NamedMonth(ReadOnlySpan<byte> text)
    {
        if (text.Length != 3)
            return 0;
        var names = "janfebmaraprmayjunjulaugsepoctnovdec"u8;
        for (var month = 0; month < 12; month++)
        {
            if ((text[0] | 0x20) == names[month * 3] && (text[1] | 0x20) == names[month * 3 + 1] && (text[2] | 0x20) == names[month * 3 + 2])
                return month + 1;
        }

        return 0;
    }

    static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var b in text)
        {
            var digit = (uint)(b - '0');
            if (digit > 9)
                return false;
            value = value * 10 + (int)digit;
        }

        return !text.IsEmpty;
    }

    /// <summary><c>H:mm</c>, <c>HH:mm:ss</c> with up to nine digits of a fraction, as nanoseconds since midnight.</summary>
    public static bool TryTime(ReadOnlySpan<byte> text, out long nanoseconds, out int fractionDigits)
    {
        (nanoseconds, fractionDigits) = (0, 0);
        var colon = text.IndexOf((byte)':');
        if (colon is < 1 or > 2 || text.Length < colon + 3 || !Digits(text[..colon], out var hours) || !Digits(text.Slice(colon + 1, 2), out var minutes) || hours > 23 || minutes > 59)
            return false;
        var rest = text[(colon + 3)..];
        var seconds = 0;
        if (!rest.IsEmpty)
        {
            if (rest.Length < 3 || rest[0] != ':' || !Digits(rest[1..3], out seconds) || seconds > 59)
                return false;
            rest = rest[3..];
        }

        var fraction = 0;
        if (!rest.IsEmpty)
        {
            if (rest[0] is not ((byte)'.' or (byte)',') || rest.Length is < 2 or > 10 || !Digits(rest[1..], out fraction))
                return false;
            fractionDigits = rest.Length - 1;
            for (var i = fractionDigits; i < 9; i++)
                fraction *= 10;
        }

        nanoseconds = ((hours * 3600L) + (minutes * 60) + seconds) * 1_000_000_000 + fraction;
        return true;
    }

    /// <summary>ISO 8601 with <c>T</c> or a space, with or without a zone; zoned ones are moved to UTC.</summary>
    /// <param name="seconds">Since 1970-01-01T00:00.</param>
    public static bool TryTimestamp(ReadOnlySpan<byte> text, out long seconds, out int nanoseconds, out bool zoned, out int fractionDigits)
    {
        (seconds, nanoseconds, zoned, fractionDigits) = (0, 0, false, 0);
        if (text.Length < 16 || text[10] is not ((byte)'T' or (byte)' ' or (byte)'t'))
            return false;
        if (!TryDate(text[..10], TextShape.IsoDate, true, out var days))
            return false;
        var time = text[11..];
        var offset = 0;
        if (time[^1] is (byte)'Z' or (byte)'z')
        {
            zoned = true;
            time = time[..^1];
        }
        else if (time.LastIndexOfAny((byte)'+', (byte)'-') is > 0 and var sign)
        {
            if (!TryOffset(time[(sign + 1)..], out offset))
                return false;
            offset = time[sign] == '-' ? -offset : offset;
            zoned = true;
            time = time[..sign].TrimEnd((byte)' ');
        }

        if (!TryTime(time, out var ofDay, out fractionDigits))
            return false;
        seconds = days * 86_400L + ofDay / 1_000_000_000 - offset;
        nanoseconds = (int)(ofDay % 1_000_000_000);
        return true;
    }

    static bool TryOffset(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        var minutes = 0;
        var valid = text.Length switch
        {
            2 => Digits(text, out seconds),
            4 => Digits(text[..2], out seconds) && Digits(text[2..], out minutes),
            5 => text[2] == ':' && Digits(text[..2], out seconds) && Digits(text[3..], out minutes),
            _ => false,
        };
        valid &= seconds <= 18 && minutes <= 59;
        seconds = seconds * 3600 + minutes * 60;
        return valid;
    }
}
