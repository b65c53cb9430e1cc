using System.Globalization;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Sources;

/// <summary>Which part of a dataset is looked at.</summary>
/// <param name="Partitions">Values of partitions, by name.</param>
/// <param name="From">Value of the cursor to ask from; null as the definition says.</param>
internal sealed record PreviewChoice(IReadOnlyDictionary<string, string> Partitions, string? From);

/// <summary>
/// A definition cut down to a look: the first page, one value of each partition, one window. What a provider is asked for counts against its
/// limits, so a look is one request where it can be.
/// </summary>
internal static class SourcePreview
{
    /// <summary>The source with only that dataset and the parents that it needs, cut down.</summary>
    /// <exception cref="CommandFailedException">A partition is named that there is not, or needs a value that only a person knows.</exception>
    public static SourceDefinition Of(SourceDefinition source, SourceDatasetDefinition dataset, PreviewChoice choice, DateTimeOffset now)
    {
        foreach (var name in choice.Partitions.Keys.Where(n => dataset.Partitions.All(p => p.Name != n)))
        {
            throw new CommandFailedException(ExitCodes.Usage, dataset.Partitions.Count == 0
                ? $"The dataset '{dataset.Dataset}' of '{source.Source}' has no partitions: leave --partition out."
                : $"The dataset '{dataset.Dataset}' of '{source.Source}' has no partition '{name}': expected {string.Join(" or ", dataset.Partitions.Select(p => p.Name))}.");
        }

        var cut = dataset with
        {
            Partitions = [.. dataset.Partitions.Select(p => Partition(p, choice, now))],
            Cursor = dataset.Cursor is null ? null : Cursor(dataset.Cursor, choice.From, now),
            Read = dataset.Read is null ? null : dataset.Read with { ArtefactBytes = 64 << 10, Window = dataset.Read.Window < Short ? dataset.Read.Window : Short },
        };
        if (choice.From is not null && dataset.Cursor is null)
            throw new CommandFailedException(ExitCodes.Usage, $"The dataset '{dataset.Dataset}' of '{source.Source}' has no cursor: leave --from out.");
        return source with { Datasets = [FirstPage(cut)] };
    }

    static readonly TimeSpan Short = TimeSpan.FromSeconds(5);

    static PartitionDefinition Partition(PartitionDefinition partition, PreviewChoice choice, DateTimeOffset now)
    {
        if (choice.Partitions.TryGetValue(partition.Name, out var value))
            return partition with { Values = [value], Dates = null, Parent = null, Batch = 1 };
        if (partition.Parent is { } parent)
            throw new CommandFailedException(ExitCodes.Usage, $"Say which {partition.Name} to ask for: --partition {partition.Name}=VALUE. The values are the '{parent.Field}' of the dataset '{parent.Dataset}'.");
        if (partition.Dates is { } dates)
            return partition with { Values = [Latest(dates, now)], Dates = null };
        return partition with { Values = [.. partition.Values.Take(partition.Batch)] };
    }

    // The last day, week … that is over and can be asked for.
    static string Latest(DatePartitionDefinition dates, DateTimeOffset now)
    {
        var last = DateOnly.FromDateTime((now - dates.Delay).UtcDateTime).AddDays(-1);
        while (dates.Weekdays && last.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            last = last.AddDays(-1);
        var day = dates.Step switch
        {
            DateStep.Week => last.AddDays(-(((int)last.DayOfWeek + 6) % 7) - 7),
            DateStep.Month => new DateOnly(last.Year, last.Month, 1).AddMonths(last.Day > 27 ? 0 : -1),
            DateStep.Quarter => new DateOnly(last.Year, (((last.Month - 1) / 3) * 3) + 1, 1).AddMonths(-3),
            DateStep.Year => new DateOnly(last.Year - 1, 1, 1),
            _ => last,
        };
        return (day < dates.From ? dates.From : day).ToString(dates.Format, CultureInfo.InvariantCulture);
    }

    static CursorDefinition Cursor(CursorDefinition cursor, string? from, DateTimeOffset now)
    {
        if (from is not null)
            return cursor with { Start = from, Overlap = null };
        if (cursor.Step is not { } step)
            return cursor;
        var start = now - (cursor.Delay ?? TimeSpan.Zero) - step;
        return cursor with { Start = start.UtcDateTime.ToString(cursor.Type is CursorType.Date ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) };
    }

    static SourceDatasetDefinition FirstPage(SourceDatasetDefinition dataset)
    {
        if (dataset is not { Pagination: { } pages, Request: { } request })
            return dataset;
        var first = pages.Kind switch
        {
            PaginationKind.Page => pages.FirstPage.ToString(CultureInfo.InvariantCulture),
            PaginationKind.Offset => "0",
            _ => null,
        };
        var query = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in request.Query)
            query[name] = Fill(value);
        if (first is not null && pages.Parameter is { } parameter)
            query[parameter] = first;
        if (pages is { SizeParameter: { } sizeParameter, Size: { } size })
            query[sizeParameter] = size.ToString(CultureInfo.InvariantCulture);
        return dataset with { Pagination = null, Request = request with { Path = Fill(request.Path), Query = query, Body = request.Body is null ? null : Fill(request.Body) } };

        string Fill(string text) => first is null ? text : text.Replace("{page}", first, StringComparison.Ordinal);
    }
}
