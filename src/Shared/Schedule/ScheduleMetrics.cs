using System.Diagnostics.Metrics;

namespace DataIngestion.Schedule;

/// <summary>Counts what schedules start.</summary>
public sealed class ScheduleMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "DataIngestion.Schedule";

    readonly Counter<long> _started;
    readonly Counter<long> _missed;

    /// <summary>Creates the instruments.</summary>
    public ScheduleMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        _started = meter.CreateCounter<long>("ingestion.schedule.started", "{run}", "Runs that a schedule asked for.");
        _missed = meter.CreateCounter<long>("ingestion.schedule.missed", "{slot}", "Slots that passed while no scheduler was there and were not caught up.");
    }

    internal void Started(DueSlot slot)
    {
        var source = new KeyValuePair<string, object?>("source", slot.Source);
        _started.Add(1, source);
        if (slot.Missed > 0)
            _missed.Add(slot.Missed, source);
    }
}
