using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>A part of the time that the data speak about, as one request asks for it.</summary>
/// <param name="From">From when on; null from the beginning.</param>
/// <param name="To">Until when: included where the source takes it so, else not.</param>
internal sealed record AskedWindow(string? From, string To)
{
    /// <summary>
    /// The windows of a slice, one after the other and without a gap. They follow from the plan alone, so that every attempt of a run asks
    /// for the same.
    /// </summary>
    public static IEnumerable<AskedWindow> Of(CursorDefinition? cursor, CursorValues? values, string? from, CollectPlan plan)
    {
        if (cursor is null || values is null)
        {
            yield return new(from, plan.To);
            yield break;
        }

        if (cursor.Step is not { } step || !values.TryInstant(from, out var start) || !values.TryInstant(plan.To, out var end))
        {
            yield return new(from, cursor.ToIsIncluded && plan.Window is { } window ? values.Text(window.To - values.Precision) : plan.To);
            yield break;
        }

        // The last day of all belongs to it where days at the end do: there is no request behind it.
        if (cursor.ToIsIncluded && plan.Window is null && cursor.Type is CursorType.Date)
            end += values.Precision;
        var endsWithTheRun = cursor.ToIsIncluded && plan.Window is null;
        for (var first = true; start < end; first = false)
        {
            var stop = end - start > step ? start + step : end;
            var to = endsWithTheRun && stop == end ? plan.To : values.Text(cursor.ToIsIncluded ? stop - values.Precision : stop);
            yield return new(first ? from : values.Text(start), to);
            start = stop;
        }
    }
}
