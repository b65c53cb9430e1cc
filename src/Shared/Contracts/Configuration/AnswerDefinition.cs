using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Contracts;

/// <summary>What an answer means.</summary>
public enum AnswerMeaning
{
    /// <summary>There is nothing to be had: no records, and no further page.</summary>
    Empty,

    /// <summary>Something that goes away: it is asked again.</summary>
    Retry,

    /// <summary>We asked too often: it is asked again later, and less often.</summary>
    Limited,

    /// <summary>It is final: the run fails.</summary>
    Failed,
}

/// <summary>
/// An answer that means something else than its status says: an error under 200, "no data" under 404. The first rule that fits counts.
/// All conditions given must hold; at least one is needed.
/// </summary>
public sealed record AnswerDefinition : IValidatableObject
{
    /// <summary>HTTP status; null for every one.</summary>
    [Range(100, 599)]
    public int? Status { get; init; }

    /// <summary>A value in a JSON body, as property names separated by dots; the rule fits where there is one.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// What the value at the path has to be, or one of its elements where it is a list: one of these, in any case. Empty for any value but
    /// null, false, 0 and what is empty, which vendors write where there is no error.
    /// </summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Text that the value at the path contains, or without a path the first 4 KiB of the body; in any case.</summary>
    public string? Contains { get; init; }

    /// <summary>What it means.</summary>
    public required AnswerMeaning Means { get; init; }

    /// <summary>Where a JSON body says why; null takes the value at <see cref="Path"/>.</summary>
    public string? MessagePath { get; init; }

    /// <summary>Time before it is asked again; null as the limits say.</summary>
    public TimeSpan? Wait { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Status is null && Path is null && Contains is null)
            yield return new("a rule about answers needs at least one of 'status', 'path' and 'contains'.");
        if (Values.Count > 0 && Path is null)
            yield return new("'values' are looked for at a 'path'.", [nameof(Values)]);
        if (Wait is not null && Means is not (AnswerMeaning.Retry or AnswerMeaning.Limited))
            yield return new("'wait' is for answers that are asked for again.", [nameof(Wait)]);
    }
}
