using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Inference;

/// <summary>What was seen, held against the type that was expected.</summary>
internal static class ColumnFit
{
    /// <summary>The format in which every value seen is one of the expected type, exactly and as written; null where some value is not.</summary>
    public static ColumnFormat? Of(ColumnProfile profile, ColumnFinding found, DataType expected)
    {
        var seen = profile.Seen;
        switch (expected.Kind)
        {
            case DataKind.String or DataKind.Binary:
                return ColumnFormat.Default;
            case DataKind.Boolean:
                return AsBoolean(profile);
            case DataKind.Float or DataKind.Double:
                return (seen & ~TextShape.Numbers) == TextShape.None && Spelling(profile) is { } any ? new() { Numbers = any } : null;
            case DataKind.Timestamp when !expected.IsUtc && found.Type.Kind == DataKind.Date && profile.AreDatesMidnights:
                return found.Format;
            case DataKind.Time or DataKind.Duration or DataKind.Timestamp:
                return found.Type.Kind == expected.Kind && found.Type.IsUtc == expected.IsUtc && Digits(expected.Unit) >= profile.Times.FractionDigits
                    && !(expected.Unit == TimeUnit.Nanoseconds && profile.Times.IsBeyondNanoseconds) ? found.Format : null;
            case DataKind.Date:
                return found.Type.Kind == DataKind.Date ? found.Format : null;
            default:
                if (!expected.IsExactNumber || (seen & ~(TextShape.Numbers & ~TextShape.Scientific)) != TextShape.None || Spelling(profile) is not { } spelling)
                    return null;
                var (range, pointWritten) = profile.Numbers.Under(spelling);
                return range.Fits(expected, pointWritten) ? new() { Numbers = spelling } : null;
        }
    }

    static int Digits(TimeUnit unit) => unit switch { TimeUnit.Milliseconds => 3, TimeUnit.Microseconds => 6, _ => 9 };

    /// <summary>Under a schema that says so, 1 and 0 are words too.</summary>
    static ColumnFormat? AsBoolean(ColumnProfile profile)
    {
        if ((profile.Seen & ~(TextShape.Boolean | TextShape.BooleanWord | TextShape.Integer)) != TextShape.None)
            return null;
        var hasNumbers = (profile.Seen & TextShape.Integer) != TextShape.None;
        var (range, _) = profile.Numbers.Under(NumberSpelling.Plain);
        if (hasNumbers && (range.Least.Unscaled < 0 || range.Most.Unscaled > 1))
            return null;
        return new() { Words = profile.Words == 0 ? BooleanText.OneZero : System.Numerics.BitOperations.TrailingZeroCount(profile.Words) / 2 };
    }

    /// <summary>How the numbers are spelled; null where that is open or contradictory.</summary>
    static NumberSpelling? Spelling(ColumnProfile profile) =>
        profile.Numbers is { Affix: { } affix, IsOpen: false, IsListNumbers: false, Readings: > 0 and var readings } ? NumberSpelling.Of(readings, affix) : null;

    /// <summary>The narrowest type that holds what was expected and what was seen.</summary>
    public static (DataType Type, ColumnFormat Format) Widen(ColumnProfile profile, ColumnFinding found, DataType expected)
    {
        var text = (DataType.String, ColumnFormat.Default);
        if (!expected.IsExactNumber || (profile.Seen & ~(TextShape.Numbers & ~TextShape.Scientific)) != TextShape.None)
            return DataType.Widen(expected, found.Type) is { } wider ? (wider, found.Format) : text;
        if (Spelling(profile) is not { } spelling)
            return text;
        var (range, pointWritten) = profile.Numbers.Under(spelling);
        var format = new ColumnFormat { Numbers = spelling };
        if (range.IsBeyond)
            return text;
        if (expected.IsInteger && expected.Kind != DataKind.UInt64 && range.Fits(DataType.Int64, pointWritten))
            return (DataType.Int64, format);
        // Digits seen, not those of the type found: one more value that fits must not change the type again.
        var whole = Math.Max(range.Whole, WholeDigits(expected));
        var scale = Math.Max(range.Fraction, expected.Scale);
        return whole + scale > DataType.MaxPrecision ? text : (DataType.Decimal(whole + scale <= 18 ? 18 : DataType.MaxPrecision, scale), format);
    }

    static int WholeDigits(DataType type) => type.Kind switch
    {
        DataKind.Int8 => 3,
        DataKind.Int16 => 5,
        DataKind.Int32 => 10,
        DataKind.Int64 => 19,
        DataKind.UInt64 => 20,
        _ => type.Precision - type.Scale,
    };

    /// <summary>Whether the values of a column say how those of a type are spelled.</summary>
    public static bool DependsOnValues(DataType type) => type.IsExactNumber || type.IsFloating || type.Kind is DataKind.Date or DataKind.Timestamp;

    /// <summary>The format of most values that are of a type's kind, for a schema that must not change.</summary>
    public static ColumnFormat FormatOf(ColumnProfile profile, DataType type)
    {
        if (type.IsExactNumber || type.IsFloating)
            return Spelling(profile) is { } spelling ? new() { Numbers = spelling } : ColumnFormat.Default;
        if (type.Kind is not (DataKind.Date or DataKind.Timestamp))
            return ColumnFormat.Default;
        var isTimestamp = type.Kind == DataKind.Timestamp;
        if (!isTimestamp && profile is { CompactShape: TextShape.CompactDate, Seen: TextShape.Integer })
            return new() { Shape = TextShape.CompactDate };
        var form = isTimestamp
            ? profile.Times.Forms
            : profile.Sightings.Where(s => (s.Shape & TextShape.Dates) != TextShape.None).MaxBy(s => s.Count)?.Shape ?? TextShape.None;
        // Where several forms occur, each that leaves nothing open is taken.
        return int.IsPow2((int)form) ? new() { Shape = form, DayFirst = profile.Times.DayFirst is { } first && !profile.Times.IsContradiction ? first : null } : ColumnFormat.Default;
    }
}

/// <summary>What the columns of one input tell about each other.</summary>
internal static class Siblings
{
    /// <summary>Whether numbers have a decimal comma, where the columns that prove it agree; otherwise null.</summary>
    public static bool? DecimalComma(IReadOnlyList<ColumnProfile> profiles)
    {
        var proven = profiles.Select(p => p.Numbers.ProvenComma is { } comma && p.Infer() is { Type: { IsExactNumber: true } or { Kind: DataKind.Double } } ? comma : (bool?)null)
            .Where(p => p is not null).Distinct().ToArray();
        return proven is [{ } only] ? only : null;
    }
}
