using System.Runtime.InteropServices;
using DataIngestion.Conversion.Inference;

namespace DataIngestion.Conversion.Values;

/// <summary>The fields of a date or timestamp as they were read, before anyone decides which of two small numbers is the day.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct MomentText
{
    /// <summary>How its date is written; one of <see cref="TextShape.Dates"/>.</summary>
    public TextShape Form;
    public int Year;

    /// <summary>The month; the first of the two numbers where the column decides.</summary>
    public int First;

    /// <summary>The day; the second of the two numbers where the column decides.</summary>
    public int Second;
    public bool HasTime;
    public ClockText Clock;

    public readonly bool IsTwoNumber => Form is TextShape.SlashedDate or TextShape.DashedDate;

    /// <summary>Days since 1970-01-01 under one order of day and month; false if there is no such day.</summary>
    public readonly bool TryDays(bool dayFirst, out int days)
    {
        var (month, day) = IsTwoNumber && dayFirst ? (Second, First) : (First, Second);
        days = 0;
        if (Year < 1 || (uint)(month - 1) > 11 || day < 1 || day > DateTime.DaysInMonth(Year, month))
            return false;
        days = CivilDay.Of(Year, month, day);
        return true;
    }

    /// <summary>Reads a date, or a date and a time; false where the text is neither. The day need not exist.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out MomentText moment)
    {
        moment = default;
        var at = 0;
        var named = false;
        if (text.Length is < 8 or > 48)
            return false;
        if (char.IsAsciiLetter((char)text[0]) && Weekday(text) is > 0 and var length)
        {
            at = length;
            named = true;
        }

        if (!DateFields.TryRead(text, ref at, ref moment) || (named && moment.Form != TextShape.NamedMonthDate))
            return false;
        if (at == text.Length)
            return true;
        moment.HasTime = true;
        var isBasic = moment.Form == TextShape.CompactDate;
        switch (text[at])
        {
            case (byte)'T' or (byte)'t':
                at++;
                isBasic = true;
                break;
            case (byte)' ':
                while (at < text.Length && text[at] == ' ')
                    at++;
                break;
            case (byte)',' when at + 1 < text.Length && text[at + 1] == ' ':
                at += 2;
                break;
            case (byte)'-' when isBasic:
                at++;
                break;
            default:
                // 20240102153000: the time follows at once.
                if (!isBasic)
                    return false;
                break;
        }

        return ClockText.TryRead(text[at..], isBasic, moment.Form == TextShape.NamedMonthDate, out moment.Clock);
    }

    /// <summary>Bytes of <c>Tue, </c> at the start.</summary>
    static int Weekday(ReadOnlySpan<byte> text)
    {
        var comma = text.IndexOf((byte)',');
        if (comma is < 3 or > 9 || comma + 1 >= text.Length || text[comma + 1] != ' ')
            return 0;
        ReadOnlySpan<string> days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        foreach (var day in days)
        {
            if ((comma == 3 || comma == day.Length) && System.Text.Ascii.EqualsIgnoreCase(text[..comma], day.AsSpan(0, comma)))
                return comma + 2;
        }

        return 0;
    }
}

/// <summary>Days of the proleptic Gregorian calendar.</summary>
internal static class CivilDay
{
    /// <summary>Days since 1970-01-01 of a day that exists, from year 1 on.</summary>
    public static int Of(int year, int month, int day)
    {
        // The year begins in March here, so that the leap day is its last.
        var shifted = month <= 2 ? year - 1 : year;
        var era = shifted / 400;
        var yearOfEra = shifted - era * 400;
        var dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
    }
}
