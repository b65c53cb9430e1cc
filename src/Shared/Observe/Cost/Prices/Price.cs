using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Observe.Cost;

/// <summary>What a price is for.</summary>
public enum PriceUnit
{
    /// <summary>A second of one GB of memory.</summary>
    GbSecond,

    /// <summary>An execution of a function.</summary>
    Execution,

    /// <summary>A request to a service.</summary>
    Operation,

    /// <summary>A GB kept for a month.</summary>
    GbMonth,

    /// <summary>A GB moved or taken in.</summary>
    Gb,

    /// <summary>An hour of one of the thing.</summary>
    Hour,

    /// <summary>An event taken in; one of more than 64 KB is several.</summary>
    Event,

    /// <summary>A message that the task scheduler dispatches.</summary>
    Action,

    /// <summary>An execution of an availability test.</summary>
    Test,

    /// <summary>A month of one of the thing.</summary>
    Month,
}

/// <summary>How far a price can be relied on.</summary>
public enum PriceStatus
{
    /// <summary>Read on the provider's own page or API by whoever entered it.</summary>
    Published,

    /// <summary>Read where somebody else quotes the provider's page or API.</summary>
    Quoted,

    /// <summary>Entered from elsewhere: look it up before relying on it.</summary>
    Unverified,

    /// <summary>Not found: what it is the price of is counted but not priced.</summary>
    Unknown,
}

/// <summary>One figure of a price list.</summary>
public sealed record Price : IValidatableObject
{
    /// <summary>The price of <see cref="Per"/> units, in the list's currency; nothing where it is not known.</summary>
    [Range(0d, 1_000_000d)]
    public decimal? Amount { get; init; }

    /// <summary>How many units it is for. Default 1.</summary>
    [Range(1d, 1_000_000_000d)]
    public long Per { get; init; } = 1;

    /// <summary>The unit.</summary>
    public required PriceUnit Unit { get; init; }

    /// <summary>Units a month that cost nothing; stated, not deducted, because the whole subscription shares them. Default 0.</summary>
    [Range(0, long.MaxValue)]
    public long Free { get; init; }

    /// <summary>The provider's page that lists it.</summary>
    public required Uri Source { get; init; }

    /// <summary>The day of the figure.</summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>How far it can be relied on.</summary>
    public required PriceStatus Status { get; init; }

    /// <summary>What else there is to know: where it was quoted, what it leaves out.</summary>
    public string? Note { get; init; }

    /// <summary>The price of one unit; null where it is not known.</summary>
    internal decimal? Each => Amount / Per;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Amount is null && Status is not PriceStatus.Unknown)
            yield return new("'amount' is missing: expected the price, or 'status: unknown'.", [nameof(Amount)]);
        if (Amount is not null && Status is PriceStatus.Unknown)
            yield return new("'amount' is given although 'status' is 'unknown': expected how far the figure can be relied on.", [nameof(Status)]);
    }
}

/// <summary>The unit that a price must have, because quantities are counted in it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PricedInAttribute(PriceUnit unit) : Attribute
{
    public PriceUnit Unit { get; } = unit;
}
