using System.ComponentModel.DataAnnotations;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Options of a connection to Redis.</summary>
internal sealed record RedisConnectionOptions
{
    /// <summary>Further nodes of a cluster, or further sentinels, as <c>host:port</c>.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>Name of the primary that the sentinels know; the addresses are those of sentinels then.</summary>
    public string? ServiceName { get; init; }

    /// <summary>User at the sentinels, where they have one.</summary>
    public string? SentinelUser { get; init; }

    /// <summary>Reference to the password at the sentinels, where they have one.</summary>
    [Secret]
    public string? SentinelPassword { get; init; }
}

/// <summary>What is read of Redis.</summary>
internal enum RedisMode
{
    /// <summary>Every key that fits the pattern, with its value.</summary>
    Keys,

    /// <summary>Every hash whose key fits the pattern, a column a field.</summary>
    Hashes,

    /// <summary>The entries of a stream.</summary>
    Stream,
}

/// <summary>Where a stream is read from when there is no position yet.</summary>
internal enum RedisStart
{
    /// <summary>Its oldest entry.</summary>
    Beginning,

    /// <summary>What is added from now on.</summary>
    Now,
}

/// <summary>What happens when entries were trimmed before they were read.</summary>
internal enum RedisGap
{
    /// <summary>The part says so in its headers.</summary>
    Report,

    /// <summary>The run fails.</summary>
    Fail,
}

/// <summary>Options of reading Redis.</summary>
internal sealed record RedisReadOptions : IValidatableObject
{
    /// <summary>What is read; default <see cref="RedisMode.Keys"/>.</summary>
    public RedisMode Mode { get; init; } = RedisMode.Keys;

    /// <summary>Keys or entries asked for at once; 1 to 10,000, default 500.</summary>
    [Range(1, 10_000)]
    public int PageSize { get; init; } = 500;

    /// <summary>Elements of one list, set, sorted set or hash above which reading fails, because a value is held in memory; default 1,000,000.</summary>
    [Range(1, 100_000_000)]
    public long MaxElements { get; init; } = 1_000_000;

    /// <summary>Keys that are remembered so that one that SCAN returns twice is landed once; about 80 bytes each, default 1,000,000.</summary>
    [Range(0, 50_000_000)]
    public int RememberedKeys { get; init; } = 1_000_000;

    /// <summary>Where a stream is read from first; default <see cref="RedisStart.Beginning"/>.</summary>
    public RedisStart From { get; init; } = RedisStart.Beginning;

    /// <summary>What happens when entries of a stream were trimmed before they were read; default <see cref="RedisGap.Report"/>.</summary>
    public RedisGap OnGap { get; init; } = RedisGap.Report;

    /// <summary>Consumer group to read a stream with; made when it does not exist. Null reads by our own position, which needs no right to write.</summary>
    public string? Group { get; init; }

    /// <summary>Our name in the group, the same for every run; default <c>ingest</c>.</summary>
    [Required]
    public string Consumer { get; init; } = "ingest";

    /// <summary>How long entries may lie with another consumer of the group before they are taken over; null never takes any over.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan? ClaimAfter { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Group is not null && Mode != RedisMode.Stream)
            yield return new("a consumer group reads a stream: expected 'mode: stream'.", [nameof(Group)]);
        if (ClaimAfter is not null && Group is null)
            yield return new("entries are taken over within a consumer group: expected 'group'.", [nameof(ClaimAfter)]);
    }
}
