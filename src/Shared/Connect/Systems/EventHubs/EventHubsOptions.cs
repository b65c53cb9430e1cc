using System.ComponentModel.DataAnnotations;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Options of a connection to Event Hubs.</summary>
internal sealed record EventHubsConnectionOptions
{
    /// <summary>
    /// Reference to a connection string (<c>Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…</c>), instead of <c>auth</c>. Its endpoint
    /// has to be the base address's host.
    /// </summary>
    [Secret]
    public string? ConnectionString { get; init; }

    /// <summary>How long a token that we sign ourselves is good; default 2 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(2);
}

/// <summary>Options of reading an event hub.</summary>
internal sealed record EventHubsReadOptions : IValidatableObject
{
    /// <summary>Consumer group; default <c>$Default</c>.</summary>
    public string ConsumerGroup { get; init; } = "$Default";

    /// <summary>Where the first run begins; default <see cref="StreamStart.Earliest"/>.</summary>
    public StreamStart StartAt { get; init; }

    /// <summary>The time that <see cref="StreamStart.Timestamp"/> begins at, as the service noted arrivals.</summary>
    public string? StartTime { get; init; }

    /// <summary>Whether a window closes as soon as what was there when it opened is read, rather than waiting for more; default false.</summary>
    public bool StopAtEnd { get; init; }

    /// <summary>When the events to be read next are gone; default <see cref="StreamLoss.Fail"/>.</summary>
    public StreamLoss OnLoss { get; init; }

    /// <summary>Level of ownership (epoch): readers of a lower one are thrown off their partitions, and we by those of a higher one. Default none: readers share.</summary>
    [Range(0L, long.MaxValue)]
    public long? OwnerLevel { get; init; }

    /// <summary>Events on their way from each partition; default 1,000.</summary>
    [Range(1, 100_000)]
    public int Prefetch { get; init; } = 1000;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (StreamTime.FaultOf(StartAt, StartTime) is { } fault)
            yield return new(fault, [nameof(StartTime)]);
    }
}
