using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Conversion.Specifications;

/// <summary>The content of <c>format-specifications.yaml</c>.</summary>
public sealed record SpecificationFile
{
    /// <summary>Bounds for all formats by the names that sources use.</summary>
    public IReadOnlyDictionary<string, LimitSpecification> Limits { get; init; } = new Dictionary<string, LimitSpecification>();

    /// <summary>The formats by name.</summary>
    public IReadOnlyDictionary<string, FormatSpecification> Formats { get; init; } = new Dictionary<string, FormatSpecification>();
}

/// <summary>A bound on what content may claim.</summary>
public sealed record LimitSpecification : IValidatableObject
{
    /// <summary>What it counts.</summary>
    public required string Summary { get; init; }

    /// <summary>What holds where nothing is said.</summary>
    public required long Default { get; init; }

    /// <summary>The least it may be set to.</summary>
    public required long Minimum { get; init; }

    /// <summary>The most it may be set to.</summary>
    public required long Maximum { get; init; }

    /// <summary>What was expected instead of a number; null where it is allowed.</summary>
    public string? Expected(long number) => number >= Minimum && number <= Maximum ? null : $"{Minimum} to {Maximum}";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Minimum > Maximum)
            yield return new($"'minimum' is {Minimum} and 'maximum' {Maximum}: expected the smaller one first.", [nameof(Minimum)]);
        else if (Expected(Default) is { } expected)
            yield return new($"'default' is {Default}: expected {expected}.", [nameof(Default)]);
    }
}
