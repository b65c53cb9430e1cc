using System.Diagnostics.Metrics;

namespace DataIngestion.Schedule;

/// <summary>Counts what schedules start.</summary>
public sealed class ScheduleMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "DataIngestion.Schedule";

    readonly Counter<long> _started;
    readonly Counter<long> _missed;
    readonly Counter<long> _ticks;
    readonly Gauge<double> _left;

    /// <summary>Creates the instruments.</summary>
    public ScheduleMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        _started = meter.CreateCounter<long>("ingestion.schedule.started", "{run}", "Runs that a schedule asked for, by source.");
        _missed = meter.CreateCounter<long>("ingestion.schedule.missed", "{slot}", "Slots that passed while no scheduler was there and were not caught up, by source.");
        _ticks = meter.CreateCounter<long>("ingestion.schedule.ticks", "{tick}", "Times that the scheduler looked at all schedules, by whether it could follow every one: complete, partial. Its heartbeat.");
        _left = meter.CreateGauge<double>("ingestion.sla.left", "%", "Share of a dataset's service level that is left, by source and dataset: 100 when nothing is awaited, below 0 when it has passed.");
    }

    internal void Ticked(bool isComplete) => _ticks.Add(1, new KeyValuePair<string, object?>("outcome", isComplete ? "complete" : "partial"));

    internal void Left(ServiceLevel level) => _left.Record(level.Left, new("source", level.Source), new KeyValuePair<string, object?>("dataset", level.Dataset));

    internal void Started(DueSlot slot)
    {
        var source = new KeyValuePair<string, object?>("source", slot.Source);
        _started.Add(1, source);
        if (slot.Missed > 0)
            _missed.Add(slot.Missed, source);
    }
}
