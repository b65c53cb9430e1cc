using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MongoDB.Bson;

namespace DataIngestion.Connect;

/// <summary>Options of a connection to MongoDB.</summary>
internal sealed record MongoDbConnectionOptions
{
    /// <summary>Whether the connection is encrypted; default true.</summary>
    public bool Encrypt { get; init; } = true;

    /// <summary>Name of the replica set; null talks to the one server of the base address.</summary>
    public string? ReplicaSet { get; init; }

    /// <summary>Further members of the replica set, or routers, as <c>host:port</c>.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Database that knows the user; default <c>admin</c>.</summary>
    [Required]
    public string AuthSource { get; init; } = "admin";

    /// <summary>Whether a secondary may be read where there is one; default false.</summary>
    public bool SecondaryPreferred { get; init; }
}

/// <summary>What is read of MongoDB.</summary>
internal enum MongoDbMode
{
    /// <summary>Documents of a collection.</summary>
    Find,

    /// <summary>Its changes, as a change stream.</summary>
    Changes,
}

/// <summary>How documents are written as JSON.</summary>
internal enum MongoDbJson
{
    /// <summary>Numbers as numbers, dates in ISO 8601, object ids in hexadecimal, binary as base64.</summary>
    Plain,

    /// <summary>Canonical Extended JSON 2.0, which keeps every type.</summary>
    Canonical,
}

/// <summary>What a change stream gives of an updated document.</summary>
internal enum MongoDbFullDocument
{
    /// <summary>What was changed only.</summary>
    Default,

    /// <summary>The document as it is when the event is read.</summary>
    UpdateLookup,

    /// <summary>The document after the change, where the server kept it.</summary>
    WhenAvailable,
}

/// <summary>Options of reading MongoDB.</summary>
internal sealed record MongoDbReadOptions : IValidatableObject
{
    /// <summary>What is read; default <see cref="MongoDbMode.Find"/>.</summary>
    public MongoDbMode Mode { get; init; } = MongoDbMode.Find;

    /// <summary>Filter, in Extended JSON; default all. For changes it filters events.</summary>
    public string? Filter { get; init; }

    /// <summary>Projection, in Extended JSON; <c>_id</c> and the cursor's field stay in it. For <c>find</c>.</summary>
    public string? Projection { get; init; }

    /// <summary>Documents asked for at once; 1 to 100,000, default 1,000.</summary>
    [Range(1, 100_000)]
    public int BatchSize { get; init; } = 1000;

    /// <summary>How documents are written; default <see cref="MongoDbJson.Plain"/>.</summary>
    public MongoDbJson Json { get; init; } = MongoDbJson.Plain;

    /// <summary>What a change stream gives of an updated document; default <see cref="MongoDbFullDocument.UpdateLookup"/>.</summary>
    public MongoDbFullDocument FullDocument { get; init; } = MongoDbFullDocument.UpdateLookup;

    /// <summary>Moment, in ISO 8601, from which changes are read until there is a position; null from the moment at which a run begins.</summary>
    public string? StartAt { get; init; }

    /// <summary><see cref="StartAt"/>, read.</summary>
    internal DateTimeOffset? Start => DateTimeOffset.TryParse(StartAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start) ? start : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, text) in (ReadOnlySpan<(string, string?)>)[(nameof(Filter), Filter), (nameof(Projection), Projection)])
        {
            if (text is not null && !BsonDocument.TryParse(text, out _))
                return [new($"'{text}' is no document in Extended JSON.", [name])];
        }

        if (StartAt is not null && Start is null)
            return [new($"'{StartAt}' is no moment: expected ISO 8601, such as 2026-01-31T00:00:00Z.", [nameof(StartAt)])];
        return Mode == MongoDbMode.Changes && Projection is not null ? [new("changes have no projection.", [nameof(Projection)])] : [];
    }
}
