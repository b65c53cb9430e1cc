using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Values;

/// <summary>Dates of one form.</summary>
internal sealed class DateParser(FixedBuilder<int> builder, ColumnFormat format, bool strict) : CellParser
{
    public override bool TryAppend(ReadOnlySpan<byte> text)
    {
        if (!TimeText.TryDate(text, format.Shape, format.DayFirst ?? true, out var days)
            || (format.DayFirst is null && (!TimeText.TryDate(text, format.Shape, false, out var other) || other != days))
            || (strict && format.Shape == TextShape.CompactDate && !CompactTime.IsPlausible(text)))
            return false;
        builder.Append(days);
        return true;
    }
}

/// <summary>Times of day.</summary>
internal sealed class TimeParser(FixedBuilder<long> builder, TimeUnit unit, bool strict) : CellParser
{
    public override bool TryAppend(ReadOnlySpan<byte> text)
    {
        if (!TryRead(text, unit, strict, out var units))
            return false;
        builder.Append(units);
        return true;
    }

    /// <summary>Units since midnight.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, TimeUnit unit, bool strict, out long units)
    {
        var isTime = TimeText.TryTime(text, out var nanoseconds, out var digits);
        (units, var lost) = Math.DivRem(nanoseconds, NanosecondsPer(unit));
        return isTime && lost == 0 && (!strict || digits <= DigitsOf(unit));
    }
}

/// <summary>Timestamps whose dates have one form, all with a zone or all without.</summary>
internal sealed class TimestampParser(FixedBuilder<long> builder, DataType type, ColumnFormat format, bool strict) : CellParser
{
    public override bool TryAppend(ReadOnlySpan<byte> text)
    {
        if (!TryRead(text, type, format.Shape, format.DayFirst ?? true, strict, out var units)
            || (format.DayFirst is null && (!TryRead(text, type, format.Shape, dayFirst: false, strict, out var other) || other != units)))
            return false;
        builder.Append(units);
        return true;
    }

    /// <summary>Units since 1970-01-01T00:00 of a timestamp whose date has one form; none for each that leaves nothing open.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, DataType type, TextShape form, bool dayFirst, bool strict, out long units)
    {
        units = 0;
        if (!TimeText.TryTimestamp(text, form, dayFirst, out var seconds, out var nanoseconds, out var zoned, out var digits, out var year) || zoned != type.IsUtc)
            return false;
        if (strict && (digits > DigitsOf(type.Unit) || (form == TextShape.CompactDate && !CompactTime.IsPlausible(text))
            || (type.Unit == TimeUnit.Nanoseconds && year is < TimeText.FirstNanosecondYear or > TimeText.LastNanosecondYear)))
            return false;
        var (fraction, lost) = Math.DivRem(nanoseconds, NanosecondsPer(type.Unit));
        var exact = (Int128)seconds * (1_000_000_000 / NanosecondsPer(type.Unit)) + fraction;
        units = (long)exact;
        return lost == 0 && exact == units;
    }
}

/// <summary>Timestamps counted since 1970-01-01T00:00 UTC, with a fraction if need be. What is finer than the column is cut off.</summary>
internal sealed class EpochParser(FixedBuilder<long> builder, TimeUnit unit, long nanosecondsPerCount) : CellParser
{
    const int NanosecondScale = 9;

    public override bool TryAppend(ReadOnlySpan<byte> text)
    {
        if (!TryRead(text, nanosecondsPerCount, NanosecondsPer(unit), out var units))
            return false;
        builder.Append(units);
        return true;
    }

    /// <summary>Whole units since 1970, counted towards the past.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, long nanosecondsPerCount, long nanosecondsPerUnit, out long units)
    {
        units = 0;
        if (!NumberText.TryScaled(text, NanosecondScale, out Int128 billionths) || Int128.Abs(billionths) > ExactDecimal.PowerOfTen(29))
            return false;
        var (whole, rest) = Int128.DivRem(billionths * nanosecondsPerCount, (Int128)1_000_000_000 * nanosecondsPerUnit);
        whole -= rest < 0 ? 1 : 0;
        units = (long)whole;
        return whole == units;
    }
}

/// <summary>Days in UTC of timestamps counted since 1970.</summary>
internal sealed class EpochDateParser(FixedBuilder<int> builder, long nanosecondsPerCount) : CellParser
{
    public override bool TryAppend(ReadOnlySpan<byte> text)
    {
        if (!EpochParser.TryRead(text, nanosecondsPerCount, TimeSpan.NanosecondsPerTick * TimeSpan.TicksPerDay, out var days)
            || days + DayOfEpoch < DateOnly.MinValue.DayNumber || days + DayOfEpoch > DateOnly.MaxValue.DayNumber)
            return false;
        builder.Append((int)days);
        return true;
    }

    static readonly int DayOfEpoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
}

/// <summary>Lengths of time.</summary>
internal sealed class DurationParser(FixedBuilder<long> builder, TimeUnit unit, TextShape shape, bool strict) : CellParser
{
    readonly long _nanoseconds = NanosecondsPer(unit);
    readonly long _perSecond = 1_000_000_000 / NanosecondsPer(unit);
    readonly int _digits = DigitsOf(unit);

    public override bool TryAppend(ReadOnlySpan<byte> text)
    {
        long seconds = 0;
        int nanoseconds = 0, digits = 0;
        if (!(shape != TextShape.IsoDuration && DurationText.TryClock(text, out seconds, out nanoseconds, out digits))
            && !(shape != TextShape.LongTime && DurationText.TryIso(text, out seconds, out nanoseconds, out digits)))
            return false;
        var units = (Int128)seconds * _perSecond + nanoseconds / _nanoseconds;
        if (nanoseconds % _nanoseconds != 0 || (strict && (digits > _digits || (unit == TimeUnit.Nanoseconds && !DurationText.FitsNanoseconds(seconds)))) || units < long.MinValue || units > long.MaxValue)
            return false;
        builder.Append((long)units);
        return true;
    }
}

/// <summary>Digits that are a date as well as a number.</summary>
internal static class CompactTime
{
    /// <summary>Whether the year is one of 1900 to 2099, in which digits are taken for a date.</summary>
    public static bool IsPlausible(ReadOnlySpan<byte> text) => text.Length >= 2 && (text.StartsWith("19"u8) || text.StartsWith("20"u8));
}
