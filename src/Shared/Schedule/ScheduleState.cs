using DataIngestion.Contracts;

namespace DataIngestion.Schedule;

/// <summary>How far a source's schedule has been followed: <c>control/schedules/{source}.json</c>.</summary>
internal sealed record ScheduleState
{
    /// <summary>The last slot that a run was asked for; when there was none yet, the moment the schedule was first seen.</summary>
    public required DateTimeOffset LastSlot { get; init; }

    /// <summary>The run that was asked for; null when there was none yet.</summary>
    public string? Run { get; init; }

    public static LakePath PathOf(string source) => new(Containers.Control, $"schedules/{source}.json");
}
