using System.Diagnostics.Metrics;
using DataIngestion.Contracts;

namespace DataIngestion.Orchestrators.Activities;

/// <summary>
/// The meter <see cref="MeterName"/>: what runs did, told when they are announced. An announcement that is repeated after a crash is counted again,
/// which alerts and charts can live with; what must be exact is in the lifecycle events, whose ids are the same.
/// </summary>
public sealed class RunMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "DataIngestion.Runs";

    readonly Counter<long> _started;
    readonly Counter<long> _finished;
    readonly Histogram<double> _duration;
    readonly Counter<long> _rows;
    readonly Counter<long> _bytes;
    readonly Counter<long> _unbalanced;

    /// <summary>Creates the instruments.</summary>
    public RunMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        _started = meter.CreateCounter<long>("ingestion.runs.started", "{run}", "Runs that began, by source and cause.");
        _finished = meter.CreateCounter<long>("ingestion.runs.finished", "{run}", "Runs that ended, by source, cause and outcome.");
        _duration = meter.CreateHistogram<double>("ingestion.runs.duration", "s", "Time from a run's beginning to its end, by source and outcome.");
        _rows = meter.CreateCounter<long>("ingestion.rows", "{row}", "Rows of runs that ended, by source, dataset and what became of them: in, published, quarantined, merged-away.");
        _bytes = meter.CreateCounter<long>("ingestion.bytes", "By", "Bytes that runs collected, by source and dataset.");
        _unbalanced = meter.CreateCounter<long>("ingestion.runs.unbalanced", "{run}", "Parts of runs, by source and dataset, whose rows in are not the rows published, quarantined and merged away: rows were lost, or counted twice.");
    }

    internal void Announced(RunAnnouncement announcement)
    {
        var source = new KeyValuePair<string, object?>("source", announcement.Source);
        var cause = new KeyValuePair<string, object?>("cause", Word(announcement.Cause));
        if (announcement.Type == LifecycleEventTypes.RunStarted)
            _started.Add(1, source, cause);
        if (announcement.Report is not { } report)
            return;

        var outcome = new KeyValuePair<string, object?>("outcome", Word(report.Outcome));
        _finished.Add(1, source, cause, outcome);
        _duration.Record((report.FinishedAt - report.StartedAt).TotalSeconds, source, outcome);
        foreach (var part in report.Datasets)
            Count(part, new("source", part.Source), new("dataset", part.Dataset));
    }

    void Count(DatasetReport part, KeyValuePair<string, object?> source, KeyValuePair<string, object?> dataset)
    {
        _bytes.Add(part.Bytes, source, dataset);
        foreach (var (rows, fate) in (ReadOnlySpan<(long, string)>)[(part.RowsIn, "in"), (part.RowsOut, "published"), (part.RowsQuarantined, "quarantined"), (part.RowsMergedAway, "merged-away")])
        {
            if (rows > 0)
                _rows.Add(rows, source, dataset, new("fate", fate));
        }

        if (!part.IsBalanced)
            _unbalanced.Add(1, source, dataset);
    }

    static string Word<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
