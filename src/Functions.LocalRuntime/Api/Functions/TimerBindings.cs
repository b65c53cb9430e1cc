using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts a function on a schedule, in one instance at a time, never overlapping itself.</summary>
/// <param name="schedule">Six-field NCRONTAB in UTC (<c>0 */5 * * * *</c>), a constant interval (<c>00:05:00</c>), or <c>%Setting%</c>.</param>
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    /// <summary>The schedule as written.</summary>
    public string Schedule { get; private set; } = schedule;

    /// <summary>
    /// Whether runs are recorded in storage, so that a run missed while nothing was running is made up for with
    /// <see cref="TimerInfo.IsPastDue"/>. Default true; never for intervals below a minute.
    /// </summary>
    public bool UseMonitor { get; set; } = true;

    /// <summary>Whether it also runs whenever the host starts.</summary>
    public bool RunOnStartup { get; set; }
}

/// <summary>Why and when a timer function runs.</summary>
public class TimerInfo
{
    /// <summary>The schedule's state; null when the timer is not monitored.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>Whether the run comes later than the schedule asked.</summary>
    public bool IsPastDue { get; set; }
}

/// <summary>The recorded state of a schedule, in UTC.</summary>
public class ScheduleStatus
{
    /// <summary>The last recorded occurrence.</summary>
    public DateTime Last { get; set; }

    /// <summary>The next expected occurrence.</summary>
    public DateTime Next { get; set; }

    /// <summary>When this state was recorded.</summary>
    public DateTime LastUpdated { get; set; }
}
