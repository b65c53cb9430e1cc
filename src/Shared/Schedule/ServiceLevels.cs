using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Schedule;

/// <summary>What is left of the time in which a dataset is to come.</summary>
/// <param name="Source">The source that it comes from.</param>
/// <param name="Dataset">The dataset.</param>
/// <param name="Open">The oldest slot whose data have not come; null when all have.</param>
/// <param name="Left">Share of the time that is left, in percent: 100 when nothing is open, below 0 when it has passed.</param>
public sealed record ServiceLevel(string Source, string Dataset, DateTimeOffset? Open, double Left);

/// <summary>Watches over <see cref="DatasetDefinition.Sla"/>: how much of the time from the slot of a schedule to the published data is left.</summary>
public sealed class ServiceLevels(BlobStore blobs, FreshnessStore freshness, ScheduleMetrics metrics)
{
    /// <summary>Looks at every scheduled source of a dataset with a service level, and tells the metrics.</summary>
    /// <param name="configuration">What is scheduled, and promised.</param>
    /// <param name="now">The moment to judge from.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>By source and dataset.</returns>
    public async Task<IReadOnlyList<ServiceLevel>> LookAsync(PlatformConfiguration configuration, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var levels = new List<ServiceLevel>();
        foreach (var scheduled in configuration.Sources.Values.Where(s => s is { Enabled: true, Schedule: not null }).OrderBy(s => s.Source, StringComparer.Ordinal))
        {
            var promised = Promised(configuration, scheduled).ToList();
            if (promised.Count == 0)
                continue;
            var state = (await blobs.ReadJsonAsync<ScheduleState>(ScheduleState.PathOf(scheduled.Source), cancellationToken))?.Value;
            foreach (var (source, dataset, sla) in promised)
            {
                var delivered = await freshness.FindAsync(source, dataset, cancellationToken);
                var open = state is null ? null : Open(scheduled.Schedule!, state, delivered);
                levels.Add(new(source, dataset, open, open is { } slot ? 100 * (1 - ((now - slot) / sla)) : 100));
            }
        }

        foreach (var level in levels)
            metrics.Left(level);
        return levels;
    }

    // A batch is scheduled as one, and each of its members delivers.
    static IEnumerable<(string Source, string Dataset, TimeSpan Sla)> Promised(PlatformConfiguration configuration, SourceDefinition scheduled) =>
        from source in scheduled.Members.Count == 0 ? [scheduled] : scheduled.Members.Select(m => configuration.Sources.GetValueOrDefault(m)).OfType<SourceDefinition>()
        from offered in source.Datasets
        let sla = configuration.Datasets.GetValueOrDefault(offered.Dataset)?.Sla
        where sla is not null
        select (source.Source, offered.Dataset, sla.Value);

    // A schedule that has asked for nothing yet owes nothing.
    static DateTimeOffset? Open(ScheduleDefinition schedule, ScheduleState state, Freshness? delivered)
    {
        if (state.Run is null || delivered?.AwaitedSince >= state.LastSlot)
            return null;
        var first = delivered is null ? null : ScheduleTimes.Next(schedule, delivered.AwaitedSince);
        return first < state.LastSlot ? first : state.LastSlot;
    }
}
