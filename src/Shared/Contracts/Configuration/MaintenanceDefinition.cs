using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Contracts;

/// <summary>A time in which the vendor is known to be down: what fails in it is tried again when it ends, and nobody is paged.</summary>
public sealed record MaintenanceDefinition : IValidatableObject
{
    /// <summary>Days on which it begins, such as <c>[saturday]</c>; empty for every day.</summary>
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];

    /// <summary>When it begins, <c>HH:mm</c>.</summary>
    public required TimeOnly From { get; init; }

    /// <summary>When it ends, <c>HH:mm</c>; at or before <see cref="From"/> it ends on the next day.</summary>
    public required TimeOnly To { get; init; }

    /// <summary>IANA time zone; default UTC.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>When the window that holds an instant ends; null when the instant is in none.</summary>
    public DateTimeOffset? EndAt(DateTimeOffset now)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
        var local = TimeZoneInfo.ConvertTime(now, zone);
        for (var back = 0; back <= 1; back++)
        {
            var day = DateOnly.FromDateTime(local.DateTime).AddDays(-back);
            if (Days.Count > 0 && !Days.Contains(day.DayOfWeek))
                continue;
            var (begin, end) = (Instant(day, From), Instant(To > From ? day : day.AddDays(1), To));
            if (now >= begin && now < end)
                return end;
        }

        return null;

        DateTimeOffset Instant(DateOnly day, TimeOnly clock)
        {
            var wall = day.ToDateTime(clock);
            while (zone.IsInvalidTime(wall)) // skipped when clocks go forward
                wall = wall.AddMinutes(30);
            return new DateTimeOffset(wall, zone.GetUtcOffset(wall)).ToUniversalTime();
        }
    }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
            yield return new($"there is no time zone '{TimeZone}': expected an IANA name such as America/New_York.", [nameof(TimeZone)]);
    }
}
