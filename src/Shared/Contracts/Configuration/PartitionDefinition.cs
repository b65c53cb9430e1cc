using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Contracts;

/// <summary>
/// Values that a dataset is asked for one after the other, such as tickers, days or accounts: each is a request of its own (or several
/// together, see <see cref="Batch"/>) with its own pages and its own cursor. Exactly one of <c>values</c>, <c>dates</c> and <c>parent</c>.
/// Several partitions of a dataset are combined, each value with each.
/// </summary>
public sealed record PartitionDefinition : IValidatableObject
{
    /// <summary>Its name: <c>{name}</c> in the request stands for the value, and <c>partition: name</c> in a column takes it (a day as <c>yyyy-MM-dd</c>, however the request writes it). Letters, digits and <c>_</c>.</summary>
    [Required]
    [RegularExpression("[A-Za-z][A-Za-z0-9_]*")]
    public required string Name { get; init; }

    /// <summary>Query parameter that carries it; null where the request has <c>{name}</c>.</summary>
    public string? Parameter { get; init; }

    /// <summary>The values.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>One value a day, or a longer step.</summary>
    public DatePartitionDefinition? Dates { get; init; }

    /// <summary>The values of a field of another dataset of this source, which is asked first.</summary>
    public ParentPartitionDefinition? Parent { get; init; }

    /// <summary>Values that one request asks for together; 1 to 10,000, default 1. For one partition of a dataset.</summary>
    [Range(1, 10_000)]
    public int Batch { get; init; } = 1;

    /// <summary>What stands between the values of a batch; default a comma.</summary>
    public string Separator { get; init; } = ",";

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if ((Values.Count > 0 ? 1 : 0) + (Dates is null ? 0 : 1) + (Parent is null ? 0 : 1) != 1)
            yield return new("a partition has exactly one of 'values', 'dates' and 'parent'.");
        if (Name is "cursor" or "from" or "to" or "page" or "job" or "part")
            yield return new($"'{Name}' stands for something else in a request: expected another name.", [nameof(Name)]);
        foreach (var twice in Values.GroupBy(v => v, StringComparer.Ordinal).Where(g => g.Count() > 1))
            yield return new($"the value '{twice.Key}' is listed twice.", [nameof(Values)]);
        if (Dates is not null && Batch > 1)
            yield return new("days are asked for one at a time: leave 'batch' out, or use the cursor's 'step'.", [nameof(Batch)]);
    }
}

/// <summary>Days that a source publishes one file or answer each for.</summary>
public sealed record DatePartitionDefinition : IValidatableObject
{
    /// <summary>First day ever, <c>yyyy-MM-dd</c>; with a longer step the week, month, quarter or year that it lies in.</summary>
    [Required]
    public required DateOnly From { get; init; }

    /// <summary>How the day is written, as a pattern of .NET; default <c>yyyy-MM-dd</c>.</summary>
    public string Format { get; init; } = "yyyy-MM-dd";

    /// <summary>Days, weeks, months, quarters or years from one value to the next; default day.</summary>
    public DateStep Step { get; init; } = DateStep.Day;

    /// <summary>Whether Saturdays and Sundays are left out; default false.</summary>
    public bool Weekdays { get; init; }

    /// <summary>Time after the end of the day (week, month …) at which it can be asked for, by UTC; default none.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>
    /// Days of the past that each run asks for again, because they may have been corrected, or were not there yet; 0 to 3,650, default 0.
    /// Every other day is asked for once, also one that has no records.
    /// </summary>
    [Range(0, 3650)]
    public int Again { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Weekdays && Step is not DateStep.Day)
            yield return new("'weekdays' leaves out days: expected no 'step', or 'step: day'.", [nameof(Weekdays)]);
        if (!IsPattern(Format))
            yield return new($"'{Format}' is not a pattern for days as in .NET: expected one such as yyyyMMdd.", [nameof(Format)]);
    }

    static bool IsPattern(string format)
    {
        try
        {
            return DateTime.UnixEpoch.ToString(format, System.Globalization.CultureInfo.InvariantCulture).Length > 0 && format.Length > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}

/// <summary>Distance between the values of a date partition.</summary>
public enum DateStep
{
    /// <summary>Every day.</summary>
    Day,

    /// <summary>Every Monday.</summary>
    Week,

    /// <summary>The first day of every month.</summary>
    Month,

    /// <summary>The first day of every quarter.</summary>
    Quarter,

    /// <summary>The first day of every year.</summary>
    Year,
}

/// <summary>Where the values of a partition come from, when another dataset has them.</summary>
public sealed record ParentPartitionDefinition
{
    /// <summary>A dataset of the same source. Its own partitions may have parents, but not in a circle.</summary>
    [Required]
    public required string Dataset { get; init; }

    /// <summary>Field of its records, as they arrive.</summary>
    [Required]
    public required string Field { get; init; }

    /// <summary>Values after which a collection fails rather than asking for ever; default 1,000,000.</summary>
    [Range(1, 100_000_000)]
    public int MaxValues { get; init; } = 1_000_000;
}
