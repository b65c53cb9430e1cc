using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace DataIngestion.Contracts;

/// <summary>What a cursor's values are, which decides how they are compared and moved back by the overlap.</summary>
public enum CursorType
{
    /// <summary>Days, <c>yyyy-MM-dd</c>.</summary>
    Date,

    /// <summary>Instants, ISO 8601.</summary>
    Timestamp,

    /// <summary>Whole numbers.</summary>
    Integer,

    /// <summary>Opaque text in the source's order.</summary>
    Text,
}

/// <summary>How later runs fetch only what is new.</summary>
public sealed record CursorDefinition : IValidatableObject
{
    /// <summary>Field of a record that holds the cursor's value.</summary>
    [Required]
    public required string Field { get; init; }

    /// <summary>What its values are.</summary>
    public required CursorType Type { get; init; }

    /// <summary>
    /// How the source writes days and instants where that is not ISO 8601, in records and in the parameters below:
    /// <c>unix-seconds</c>, <c>unix-milliseconds</c>, <c>unix-microseconds</c>, <c>unix-nanoseconds</c>, or a pattern as in .NET (<c>yyyyMMdd</c>).
    /// </summary>
    public string? Format { get; init; }

    /// <summary>Query parameter that asks for records from a value on; for sources asked by HTTP. Null where the request has <c>{cursor}</c> or <c>{from}</c>.</summary>
    public string? Parameter { get; init; }

    /// <summary>Query parameter that asks for records up to a value; null for none, or where the request has <c>{to}</c>.</summary>
    public string? ToParameter { get; init; }

    /// <summary>Value for the first run; null leaves the parameter out.</summary>
    public string? Start { get; init; }

    /// <summary>How far each run goes back behind the cursor, for records that come late: days, time or count according to the type (<c>2d</c>, <c>30m</c>, <c>100</c>); default none.</summary>
    public string? Overlap { get; init; }

    /// <summary>How much of the time that the data speak about one request asks for, for sources that limit it (<c>30d</c>): the rest follows in further requests. For days and instants with a start; default all at once.</summary>
    public TimeSpan? Step { get; init; }

    /// <summary>How far before now a run ends, for sources whose newest records still change; default none.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Whether the source takes the end of a window as belonging to it, so that the next window begins one day or step of precision later; default false.</summary>
    public bool ToIsIncluded { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var isTime = Type is CursorType.Date or CursorType.Timestamp;
        if (Format is not null && !isTime)
            yield return new("a 'format' is for days and instants.", [nameof(Format)]);
        else if (Format is not null && InstantFormat.FaultOf(Format, mustBeRead: true) is { } fault)
            yield return new($"'{Format}' {fault}", [nameof(Format)]);
        else if (isTime && Start is not null && !IsValue(Start))
            yield return new($"'start' is '{Start}': expected {(Type is CursorType.Date ? "a day such as 2024-01-31" : "an instant such as 2024-01-31T00:00:00Z")}{(Format is null ? "" : $", or one written as '{Format}'")}.", [nameof(Start)]);
        if (Step is { } step && (!isTime || step <= TimeSpan.Zero || (Type is CursorType.Date && step.Ticks % TimeSpan.TicksPerDay != 0)))
            yield return new($"'step' is '{step}': expected {(isTime ? Type is CursorType.Date ? "whole days such as 30d" : "a time above 0 such as 6h" : "none, because only days and instants are asked for in steps")}.", [nameof(Step)]);
        if (Step is not null && Start is null)
            yield return new("a 'step' needs a 'start', where the first window begins.", [nameof(Step)]);
        if (Delay is { } delay && (!isTime || delay < TimeSpan.Zero))
            yield return new("a 'delay' is a time of 0 or more, for days and instants.", [nameof(Delay)]);
        if (ToIsIncluded && !isTime)
            yield return new("'toIsIncluded' is for days and instants.", [nameof(ToIsIncluded)]);
        if (Overlap is null)
            yield break;
        var expected = Type switch
        {
            CursorType.Date when !Duration.TryParse(Overlap, out var days) || days < TimeSpan.Zero || days.Ticks % TimeSpan.TicksPerDay != 0 => "whole days such as 2d",
            CursorType.Timestamp when !Duration.TryParse(Overlap, out var time) || time < TimeSpan.Zero => Duration.Rule,
            CursorType.Integer when !ulong.TryParse(Overlap, NumberStyles.None, CultureInfo.InvariantCulture, out _) => "a count such as 100",
            CursorType.Text => "none, because text has no distance",
            _ => null,
        };
        if (expected is not null)
            yield return new($"'overlap' is '{Overlap}': expected {expected}.", [nameof(Overlap)]);
    }

    bool IsValue(string text) =>
        (Format is not null && InstantFormat.TryRead(Format, text, out _))
        || (Type is CursorType.Date
            ? DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _));
}
