using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Contracts;

/// <summary>How many requests a vendor allows one key, whoever of us makes them: shared by all workers. <c>requestsPerSecond</c> holds for each process beside it.</summary>
public sealed record QuotaDefinition : IValidatableObject
{
    /// <summary>Name of the budget; sources with the same name share it. Default the source's id with the name of its secret.</summary>
    [StringLength(200, MinimumLength = 1)]
    public string? Key { get; init; }

    /// <summary>Requests, or weight where requests have one, in any stretch of time as long as <see cref="Per"/>; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int Permits { get; init; } = 1;

    /// <summary>That stretch of time; 100 ms to 31 days, default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "31.00:00:00")]
    public TimeSpan Per { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Requests that may be made at once; spreads the others over <see cref="Per"/>. Default all of them.</summary>
    [Range(1, 1_000_000)]
    public int? Burst { get; init; }

    /// <summary>Further limits of the same key, such as one per day.</summary>
    public IReadOnlyList<QuotaLimit> Also { get; init; } = [];

    /// <summary>All limits.</summary>
    /// <returns>
    /// That of <see cref="Permits"/>; that of <see cref="Burst"/>, which is so many in the time in which the rate brings so many; those of <see cref="Also"/>.
    /// </returns>
    public IReadOnlyList<QuotaLimit> Limits() =>
    [
        new() { Permits = Permits, Per = Per },
        .. Burst is { } burst && burst < Permits ? [new QuotaLimit { Permits = burst, Per = Per * ((double)burst / Permits) }] : Array.Empty<QuotaLimit>(),
        .. Also,
    ];

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Burst > Permits)
            yield return new($"'burst' is {Burst}: expected at most 'permits', which is {Permits}.", [nameof(Burst)]);
        foreach (var same in Limits().GroupBy(l => l.Per).Where(g => g.Count() > 1))
            yield return new($"two limits are for the same time ({same.Key}): keep the lower one.", [nameof(Also)]);
    }
}

/// <summary>One limit.</summary>
public sealed record QuotaLimit
{
    /// <summary>Requests in any stretch of time as long as <see cref="Per"/>; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int Permits { get; init; } = 1;

    /// <summary>That stretch of time; 100 ms to 31 days, default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "31.00:00:00")]
    public TimeSpan Per { get; init; } = TimeSpan.FromSeconds(1);
}
