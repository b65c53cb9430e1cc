namespace DataIngestion.Connect;

/// <summary>A token as its issuer gave it out.</summary>
/// <param name="Value">What a request carries.</param>
/// <param name="Lifetime">How long it is good for.</param>
/// <param name="Refresh">What the next one is asked for with; null where that is not needed.</param>
internal sealed record IssuedToken(string Value, TimeSpan Lifetime, string? Refresh = null);

/// <summary>A token as it is kept. Times are by the clock of the store, which all workers share.</summary>
internal sealed record Token
{
    static readonly TimeSpan LongestAhead = TimeSpan.FromSeconds(60);
    static readonly TimeSpan LongestMargin = TimeSpan.FromSeconds(10);

    /// <summary>What a request carries; empty when only <see cref="Refresh"/> is there yet.</summary>
    public required string Value { get; init; }

    /// <summary>What the next one is asked for with.</summary>
    public string? Refresh { get; init; }

    /// <summary>When it was asked for, so before it was issued.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>How long it is good for.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>From when on it is not used: 10 s before it ends, or a tenth of its life, since requests take time and clocks differ.</summary>
    public DateTimeOffset UsableUntil => IssuedAt + Lifetime - Least(LongestMargin, Lifetime / 10);

    /// <summary>From when on the next one is asked for: 60 s before it ends, or a fifth of its life.</summary>
    public DateTimeOffset DueAt => IssuedAt + Lifetime - Least(LongestAhead, Lifetime / 5);

    static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
