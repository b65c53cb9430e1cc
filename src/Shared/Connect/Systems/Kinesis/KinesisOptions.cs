using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Connect;

/// <summary>Options of reading a stream of Kinesis.</summary>
internal sealed record KinesisReadOptions : IValidatableObject
{
    /// <summary>Where the first run begins; default <see cref="StreamStart.Earliest"/>.</summary>
    public StreamStart StartAt { get; init; }

    /// <summary>The time that <see cref="StreamStart.Timestamp"/> begins at, as the service noted arrivals.</summary>
    public string? StartTime { get; init; }

    /// <summary>Whether a window closes as soon as every shard is read to its end, rather than waiting for more; default false.</summary>
    public bool StopAtEnd { get; init; }

    /// <summary>When a shard is gone that was not read to its end; default <see cref="StreamLoss.Fail"/>.</summary>
    public StreamLoss OnLoss { get; init; }

    /// <summary>Whether records that the Kinesis Producer Library packed into one are taken apart; default true.</summary>
    public bool Deaggregate { get; init; } = true;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (StreamTime.FaultOf(StartAt, StartTime) is { } fault)
            yield return new(fault, [nameof(StartTime)]);
    }
}
