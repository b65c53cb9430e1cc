namespace DataIngestion.Collect;

/// <summary>Where one slice of a dataset stands: a line of <c>slices.ndjson</c> in the landing folder of the run that committed it.</summary>
internal sealed record SliceState
{
    /// <summary>Values of its partitions, <c>name=value</c> joined by <c>&amp;</c>, without days and without those that are asked for in batches.</summary>
    public required string Key { get; init; }

    /// <summary>Values that were asked for together with one cursor; empty where there are no batches.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Where the next run continues; null from the beginning.</summary>
    public string? Cursor { get; init; }

    /// <summary>Content hashes of the records at the cursor.</summary>
    public IReadOnlyList<string> BoundaryHashes { get; init; } = [];

    /// <summary>Days that have been asked for, as ranges; for date partitions.</summary>
    public IReadOnlyList<string> Days { get; init; } = [];

    /// <summary>Validators of answers that the next run may ask for conditionally.</summary>
    public IReadOnlyList<KnownAnswer> Answers { get; init; } = [];
}

/// <summary>What is known of an answer, to ask whether it has changed.</summary>
/// <param name="Name">What was asked: path and query, without secrets.</param>
/// <param name="ETag">Its entity tag.</param>
/// <param name="LastModified">Its date.</param>
internal sealed record KnownAnswer(string Name, string? ETag, string? LastModified)
{
    /// <summary>What is known by an answer's name and kept headers; null where it had no validator.</summary>
    public static KnownAnswer? Of(string name, IReadOnlyDictionary<string, string> headers) =>
        (headers.GetValueOrDefault("ETag"), headers.GetValueOrDefault("Last-Modified")) is var (tag, modified) && (tag ?? modified) is not null ? new(name, tag, modified) : null;
}
