using System.Globalization;

namespace DataIngestion.Collect;

/// <summary>A set of days, as ranges that neither overlap nor touch, in order. Immutable.</summary>
internal sealed class DayRanges
{
    readonly (DateOnly First, DateOnly Last)[] _ranges;

    DayRanges((DateOnly, DateOnly)[] ranges) => _ranges = ranges;

    /// <summary>No day.</summary>
    public static DayRanges None { get; } = new([]);

    /// <summary>As text, such as <c>2026-01-05..2026-03-01</c>.</summary>
    public IReadOnlyList<string> Texts => [.. _ranges.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.First:yyyy-MM-dd}..{r.Last:yyyy-MM-dd}"))];

    /// <summary>The last day; null where there is none.</summary>
    public DateOnly? Last => _ranges is [.., var last] ? last.Last : null;

    /// <summary>The days from one to another.</summary>
    public static DayRanges Of(DateOnly first, DateOnly last) => new([(first, last)]);

    /// <summary>Reads what <see cref="Texts"/> wrote.</summary>
    public static DayRanges Parse(IReadOnlyList<string> texts) => new([.. texts.Select(text => (Day(text[..10]), Day(text[^10..])))]);

    /// <summary>Whether a day is in it.</summary>
    public bool Contains(DateOnly day)
    {
        var (low, high) = (0, _ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (day < _ranges[middle].First)
                high = middle - 1;
            else if (day > _ranges[middle].Last)
                low = middle + 1;
            else
                return true;
        }

        return false;
    }

    /// <summary>These days and others. Costs what sorting the ranges of both costs, so that many are added at once.</summary>
    public DayRanges With(IEnumerable<DayRanges> others)
    {
        List<(DateOnly First, DateOnly Last)> joined = [];
        foreach (var range in others.SelectMany(o => o._ranges).Concat(_ranges).Order())
        {
            if (joined.Count > 0 && range.First.DayNumber <= joined[^1].Last.DayNumber + 1)
                joined[^1] = (joined[^1].First, range.Last > joined[^1].Last ? range.Last : joined[^1].Last);
            else
                joined.Add(range);
        }

        return new([.. joined]);
    }

    static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
