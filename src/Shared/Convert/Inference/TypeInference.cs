using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Inference;

/// <summary>
/// From a profile to a type. The rules, and what makes a value one of the type (the condition that strict parsers check), are in docs/formats/types.md.
/// </summary>
internal static class TypeInference
{
    const TextShape Clocks = TextShape.Time | TextShape.ShortTime;

    public static ColumnFinding Of(ColumnProfile profile, bool? siblingComma)
    {
        var seen = profile.Seen;
        if (seen == TextShape.None)
            return ColumnFinding.Open("no value was seen");
        if ((seen & TextShape.Text) != TextShape.None)
            return ColumnFinding.Text($"{First(profile, TextShape.Text)} is text");
        if ((seen & TextShape.ZeroLed) != TextShape.None)
            return ColumnFinding.Text($"{First(profile, TextShape.ZeroLed)} starts with zeros, which a number would lose");
        if (AsCompact(profile) is { } compact)
            return compact;
        if (Only(seen, TextShape.Numbers))
            return NumberInference.Of(profile, siblingComma);
        if (Only(seen, TextShape.Boolean | TextShape.BooleanWord))
            return OfWords(profile);
        if (Only(seen, Clocks))
            return new(DataType.Time(Unit(profile)), ColumnFormat.Default, $"every value is a time of day, {profile.Times.FractionDigits} digits after the second");
        if (Only(seen, TextShape.Time | TextShape.LongTime) || seen == TextShape.IsoDuration)
            return OfDuration(profile);
        if (Only(seen, TextShape.Dates) && int.IsPow2((int)seen))
            return OfDates(profile, seen, DataType.Date, $"every value is a date {Name(seen)}");
        if (seen is TextShape.LocalTimestamp or TextShape.ZonedTimestamp)
            return OfTimestamps(profile, seen == TextShape.ZonedTimestamp);
        if (seen == (TextShape.IsoDate | TextShape.LocalTimestamp) && profile.AreDatesMidnights)
            return OfTimestamps(profile, utc: false);
        return Mixed(profile);
    }

    static bool Only(TextShape seen, TextShape allowed) => (seen & ~allowed) == TextShape.None;

    static TimeUnit Unit(ColumnProfile profile) => profile.Times.FractionDigits > 6 ? TimeUnit.Nanoseconds : TimeUnit.Microseconds;

    static string First(ColumnProfile profile, TextShape shape)
    {
        var first = profile.Sightings.First(s => s.Shape == shape);
        return $"'{first.Text}' (row {first.Row})";
    }

    static ColumnFinding Mixed(ColumnProfile profile)
    {
        var seen = profile.Sightings;
        var other = seen.First(s => s.Shape != seen[0].Shape && !Only(s.Shape | seen[0].Shape, TextShape.Numbers));
        return ColumnFinding.Text($"values are of several kinds: '{seen[0].Text}' (row {seen[0].Row}) and '{other.Text}' (row {other.Row})");
    }

    /// <summary>Digits that are all dates, or all timestamps, in the years 1900 to 2099 are no numbers; by chance not one whole number in a thousand is.</summary>
    static ColumnFinding? AsCompact(ColumnProfile profile)
    {
        var plain = profile.Seen & (TextShape.Integer | TextShape.Decimal);
        if (plain == TextShape.None || profile.CompactShape == TextShape.None)
            return null;
        if (profile.CompactShape == TextShape.CompactDate)
            return profile.Seen == TextShape.Integer ? OfDates(profile, TextShape.CompactDate, DataType.Date, "every value is a date yyyyMMdd") : null;
        return Only(profile.Seen, TextShape.Integer | TextShape.Decimal | TextShape.LocalTimestamp) && Only(profile.Times.Forms, TextShape.CompactDate)
            ? OfTimestamps(profile, utc: false) : null;
    }

    static ColumnFinding OfWords(ColumnProfile profile)
    {
        var words = profile.Words;
        var pair = System.Numerics.BitOperations.TrailingZeroCount(words) / 2;
        var rest = words & ~(3 << (pair * 2));
        if (rest != 0)
            return Mixed2(profile, pair, System.Numerics.BitOperations.TrailingZeroCount(rest) / 2);
        if (pair != BooleanText.TrueFalse && words >> (pair * 2) != 3)
            return ColumnFinding.Open($"every value is '{profile.Sightings[0].Text}', one of {BooleanText.Name(pair)}, and the other was not seen");
        return new(DataType.Boolean, new() { Words = pair }, pair == BooleanText.TrueFalse ? "every value is true or false" : $"every value is one of {BooleanText.Name(pair)}");
    }

    static ColumnFinding Mixed2(ColumnProfile profile, int pair, int other) =>
        ColumnFinding.Text($"words of {BooleanText.Name(pair)} and of {BooleanText.Name(other)}, first '{profile.Sightings[0].Text}' (row {profile.Sightings[0].Row})");

    static ColumnFinding OfDuration(ColumnProfile profile)
    {
        if (Unit(profile) == TimeUnit.Nanoseconds && profile.Times.IsBeyondNanoseconds)
            return ColumnFinding.Text("durations with nanoseconds that are longer than 292 years");
        var shape = profile.Seen == TextShape.IsoDuration ? TextShape.IsoDuration : TextShape.LongTime;
        var kind = shape == TextShape.IsoDuration ? "an ISO 8601 duration" : $"hours, minutes and seconds, and {First(profile, shape)} is no time of day";
        return new(DataType.Duration(Unit(profile)), new() { Shape = shape }, $"every value is {kind}, {profile.Times.FractionDigits} digits after the second");
    }

    static ColumnFinding OfTimestamps(ColumnProfile profile, bool utc)
    {
        var forms = profile.Times.Forms;
        if (!int.IsPow2((int)forms))
            return ColumnFinding.Text("timestamps whose dates are written in several ways");
        if (profile.Times is { FractionDigits: > 6, IsBeyondNanoseconds: true })
            return ColumnFinding.Text($"timestamps with nanoseconds outside the years {TimeText.FirstNanosecondYear}-{TimeText.LastNanosecondYear}");
        var zone = $"{(utc ? "with" : "without")} a zone, {profile.Times.FractionDigits} digits after the second";
        return OfDates(profile, forms, DataType.Timestamp(Unit(profile), utc), $"every value is a timestamp {zone}{(forms == TextShape.IsoDate ? "" : $", the date {Name(forms)}")}");
    }

    /// <summary>Dates, alone or in timestamps: where two small numbers stand in them, some value must show which is the day.</summary>
    static ColumnFinding OfDates(ColumnProfile profile, TextShape form, DataType type, string evidence)
    {
        if (form is not (TextShape.SlashedDate or TextShape.DashedDate))
            return new(type, new() { Shape = form }, evidence);
        if (profile.Times.IsContradiction)
            return ColumnFinding.Text("dates, some with the day and some with the month first");
        return profile.Times.DayFirst is { } dayFirst
            ? new(type, new() { Shape = form, DayFirst = dayFirst }, $"{evidence}, {(dayFirst ? "day" : "month")} first: some day is after the 12th")
            : ColumnFinding.Open("dates, but no value tells whether the day or the month stands first");
    }

    static string Name(TextShape form) => form switch
    {
        TextShape.IsoDate => "yyyy-MM-dd",
        TextShape.SlashedDate => "with slashes",
        TextShape.DashedDate => "with dashes",
        TextShape.NamedMonthDate => "with a named month",
        _ => new ColumnFormat { Shape = form }.ToString(),
    };
}
