using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DataIngestion.Conversion.Inference;

namespace DataIngestion.Conversion.Values;

/// <summary>Dates, times and timestamps as vendors write them.</summary>
internal static class TimeText
{
    /// <summary>Nanoseconds since 1970 fit into 64 bits in every one of these years, as they are written.</summary>
    public const int FirstNanosecondYear = 1678;

    /// <summary>The last such year.</summary>
    public const int LastNanosecondYear = 2261;

    /// <summary>A text's shape, and which readings of a date with two small numbers are possible.</summary>
    /// <param name="Form">How its date is written, where it has one.</param>
    /// <param name="Seconds">Since 1970-01-01T00:00, since midnight, or in all; where the order of day and month is open, with the day first if that is possible.</param>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Measure(
        TextShape Shape, bool CanBeDayFirst, bool CanBeMonthFirst, int FractionDigits, TextShape Form = TextShape.None, long Seconds = 0, int Year = 0);

    static readonly Measure NoTime = new(TextShape.Text, false, false, 0);

    /// <summary>What the text is; <see cref="TextShape.Text"/> where it is no date, time, timestamp or duration.</summary>
    public static Measure Classify(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 3 or > 48)
            return NoTime;
        if (TryIsoTimestamp(text, out var seconds, out _, out var zoned, out var digits, out var year))
            return new(zoned ? TextShape.ZonedTimestamp : TextShape.LocalTimestamp, false, false, digits, TextShape.IsoDate, seconds, year);
        if (text.Length == 10 && TryIsoDate(text, out var day, out year))
            return new(TextShape.IsoDate, true, false, 0, TextShape.IsoDate, day * 86_400L, year);
        if (MomentText.TryRead(text, out var moment))
            return Classify(moment);
        if (text[0] is (byte)'P' || text[^1] is (byte)'S' or (byte)'M' or (byte)'H' or (byte)'D' or (byte)'W')
        {
            if (DurationText.TryIso(text, out seconds, out _, out digits))
                return new(TextShape.IsoDuration, false, false, digits, TextShape.None, seconds);
        }

        if (ClockText.TryRead(text, basic: false, mail: false, out var clock) && !clock.IsZoned)
            return new(clock.HasSeconds && !clock.IsTwelveHour ? TextShape.Time : TextShape.ShortTime, false, false, clock.FractionDigits, TextShape.None, clock.Second);
        return DurationText.TryClock(text, out seconds, out _, out digits) ? new(TextShape.LongTime, false, false, digits, TextShape.None, seconds) : NoTime;
    }

    static Measure Classify(in MomentText moment)
    {
        var day = moment.TryDays(dayFirst: true, out var days);
        var month = moment.IsTwoNumber && moment.TryDays(dayFirst: false, out _);
        if (!day && !(month && moment.TryDays(dayFirst: false, out days)))
            return NoTime;
        var shape = !moment.HasTime ? moment.Form : moment.Clock.IsZoned ? TextShape.ZonedTimestamp : TextShape.LocalTimestamp;
        return new(shape, day, month, moment.Clock.FractionDigits, moment.Form, days * 86_400L + moment.Clock.Second - moment.Clock.Offset, moment.Year);
    }

    /// <summary>A date of one form, as days since 1970-01-01.</summary>
    /// <param name="form">One of <see cref="TextShape.Dates"/>, or none for each that leaves nothing open.</param>
    public static bool TryDate(ReadOnlySpan<byte> text, TextShape form, bool dayFirst, out int days)
    {
        days = 0;
        if (form == TextShape.IsoDate && text.Length == 10)
            return TryIsoDate(text, out days, out _);
        return MomentText.TryRead(text, out var moment) && !moment.HasTime && Admits(form, moment) && moment.TryDays(dayFirst, out days);
    }

    static bool Admits(TextShape form, in MomentText moment) => form == TextShape.None ? !moment.IsTwoNumber : moment.Form == form;

    static bool TryIsoDate(ReadOnlySpan<byte> text, out int days, out int year)
    {
        days = 0;
        var bad = (uint)(text[4] ^ '-') | (uint)(text[7] ^ '-');
        year = Four(text, 0, ref bad);
        var month = Two(text, 5, ref bad);
        var day = Two(text, 8, ref bad);
        if (bad != 0 || year < 1 || (uint)(month - 1) > 11 || day < 1 || (day > 28 && day > DateTime.DaysInMonth(year, month)))
            return false;
        days = CivilDay.Of(year, month, day);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Two(ReadOnlySpan<byte> text, int at, ref uint bad)
    {
        var (tens, ones) = ((uint)(text[at] - '0'), (uint)(text[at + 1] - '0'));
        bad |= tens > 9 || ones > 9 ? 1u : 0;
        return (int)(tens * 10 + ones);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Four(ReadOnlySpan<byte> text, int at, ref uint bad) => Two(text, at, ref bad) * 100 + Two(text, at + 2, ref bad);

    /// <summary><c>H:mm[:ss[.fffffffff]]</c>, with AM or PM if need be, as nanoseconds since midnight.</summary>
    public static bool TryTime(ReadOnlySpan<byte> text, out long nanoseconds, out int fractionDigits)
    {
        var isTime = ClockText.TryRead(text, basic: false, mail: false, out var clock) && !clock.IsZoned;
        (nanoseconds, fractionDigits) = (clock.Second * 1_000_000_000L + clock.Nanosecond, clock.FractionDigits);
        return isTime;
    }

    /// <summary>ISO 8601 with <c>T</c> or a space, with or without a zone; zoned ones are moved to UTC.</summary>
    /// <param name="seconds">Since 1970-01-01T00:00.</param>
    public static bool TryTimestamp(ReadOnlySpan<byte> text, out long seconds, out int nanoseconds, out bool zoned, out int fractionDigits) =>
        TryTimestamp(text, TextShape.IsoDate, dayFirst: true, out seconds, out nanoseconds, out zoned, out fractionDigits, out _);

    /// <summary>A timestamp whose date has one form.</summary>
    /// <param name="form">One of <see cref="TextShape.Dates"/>, or none for each that leaves nothing open.</param>
    public static bool TryTimestamp(
        ReadOnlySpan<byte> text, TextShape form, bool dayFirst, out long seconds, out int nanoseconds, out bool zoned, out int fractionDigits, out int year)
    {
        if (form is TextShape.IsoDate or TextShape.None && TryIsoTimestamp(text, out seconds, out nanoseconds, out zoned, out fractionDigits, out year))
            return true;
        var isTimestamp = MomentText.TryRead(text, out var moment) && moment.HasTime && Admits(form, moment) & moment.TryDays(dayFirst, out var days);
        (nanoseconds, zoned, fractionDigits, year) = (moment.Clock.Nanosecond, moment.Clock.IsZoned, moment.Clock.FractionDigits, moment.Year);
        seconds = isTimestamp && moment.TryDays(dayFirst, out days) ? days * 86_400L + moment.Clock.Second - moment.Clock.Offset : 0;
        return isTimestamp;
    }

    /// <summary>The most frequent form: <c>yyyy-MM-ddTHH:mm:ss[.f][Z]</c>. Others are left to the general reader.</summary>
    static bool TryIsoTimestamp(ReadOnlySpan<byte> text, out long seconds, out int nanoseconds, out bool zoned, out int fractionDigits, out int year)
    {
        (seconds, nanoseconds, zoned, fractionDigits, year) = (0, 0, false, 0, 0);
        if (text.Length < 19 || text[10] is not ((byte)'T' or (byte)' ') || text[13] != ':' || text[16] != ':' || !TryIsoDate(text[..10], out var days, out year))
            return false;
        var bad = 0u;
        var (hour, minute, second) = (Two(text, 11, ref bad), Two(text, 14, ref bad), Two(text, 17, ref bad));
        if (bad != 0 || hour > 23 || minute > 59 || second > 59)
            return false;
        seconds = days * 86_400L + hour * 3600 + minute * 60 + second;
        var at = 19;
        if (at < text.Length && text[at] == '.')
        {
            for (at++; at < text.Length && (uint)(text[at] - '0') <= 9; at++)
                nanoseconds = nanoseconds * 10 + (text[at] - '0');
            fractionDigits = at - 20;
            if (fractionDigits is 0 or > 9)
                return false;
            nanoseconds *= Powers[9 - fractionDigits];
        }

        if (at == text.Length)
            return true;
        zoned = at == text.Length - 1 && text[at] == 'Z';
        return zoned;
    }

    static ReadOnlySpan<int> Powers => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];
}
