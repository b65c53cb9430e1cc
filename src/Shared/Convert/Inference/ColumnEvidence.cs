using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Inference;

/// <summary>Makes of a profile what people are shown.</summary>
internal static class ColumnEvidence
{
    const int MostPatterns = 8;

    public static ColumnDetails Of(ColumnProfile profile, ColumnPlan plan)
    {
        var type = plan.Column.Type;
        var seen = profile.Sightings;
        var details = new ColumnDetails
        {
            Patterns = [.. seen.OrderByDescending(s => s.Count).ThenBy(s => s.Row).Take(MostPatterns).Select(Count)],
            Examples = [.. profile.Examples],
            Format = plan.Format.ToString(),
            Widened = Widener(seen, type) is { } widener && widener != seen[0] ? Count(widener) : null,
        };
        if (profile.Values == 0)
            return details;
        if (type.IsExactNumber || type.IsFloating)
        {
            var (range, _) = profile.Numbers.Under(plan.Format.Numbers);
            return range.IsEmpty ? details : details with
            {
                WholeDigits = range.Whole,
                FractionDigits = range.Fraction,
                Smallest = type.IsExactNumber ? range.Least.ToString() : null,
                Largest = type.IsExactNumber ? range.Most.ToString() : null,
            };
        }

        return type.Kind is DataKind.Date or DataKind.Time or DataKind.Timestamp or DataKind.Duration
            ? OfTimes(details with { FractionDigits = type.Kind == DataKind.Date ? null : profile.Times.FractionDigits }, seen, plan)
            : details;
    }

    /// <summary>Bounds are kept to the second, and with the day first where the order of day and month is the column's.</summary>
    static ColumnDetails OfTimes(ColumnDetails details, IReadOnlyList<Sighting> seen, ColumnPlan plan)
    {
        if (plan.Format.DayFirst != true || seen.Any(s => (s.Shape & TextShape.Numbers) != TextShape.None))
            return details;
        var type = plan.Column.Type;
        return details with { Smallest = Text(seen.Min(s => s.Least)), Largest = Text(seen.Max(s => s.Most)) };

        string Text(long seconds) => type.Kind switch
        {
            DataKind.Date => DateOnly.FromDateTime(DateTime.UnixEpoch.AddSeconds(seconds)).ToString("yyyy-MM-dd"),
            DataKind.Timestamp => new TimestampValue(seconds * 1_000, TimeUnit.Milliseconds, type.IsUtc).ToString(),
            _ => $"{(seconds < 0 ? "-" : "")}{Math.Abs(seconds) / 3600:00}:{Math.Abs(seconds) / 60 % 60:00}:{Math.Abs(seconds) % 60:00}",
        };
    }

    static PatternCount Count(Sighting seen) => new(seen.Pattern, seen.Count, seen.Text, seen.Row);

    static Sighting? Widener(IReadOnlyList<Sighting> seen, DataType type) => type.Kind switch
    {
        DataKind.String => seen.FirstOrDefault(s => (s.Shape & TextShape.Anything) != TextShape.None) ?? seen.FirstOrDefault(s => s.Shape != seen[0].Shape),
        DataKind.Double => seen.FirstOrDefault(s => s.Shape == TextShape.Scientific),
        DataKind.Decimal or DataKind.Time or DataKind.Timestamp or DataKind.Duration => seen.MaxBy(s => s.Digits),
        _ => null,
    };
}
