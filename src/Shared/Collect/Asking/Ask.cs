using DataIngestion.Connect;

namespace DataIngestion.Collect;

/// <summary>One request of a dialogue.</summary>
/// <param name="Request">What is asked.</param>
internal sealed record Ask(SourceRequest Request)
{
    /// <summary>Whether the answer holds records. An answer that does not (the number of an export's job, say) is landed too, because what follows depends on it.</summary>
    public bool IsData { get; init; } = true;

    /// <summary>Whether the answer is a large file, fetched with range resume and checksums.</summary>
    public bool IsDownload { get; init; }

    /// <summary>Whether the answer never ends and a window of it is taken.</summary>
    public bool IsWindow { get; init; }

    /// <summary>Whether a download is refused that has neither a length nor a checksum to be checked by.</summary>
    public bool MustBeChecked { get; init; }

    /// <summary>Statuses from 400 on that are answers rather than failures: they are landed, without data.</summary>
    public IReadOnlyList<int> Accepts { get; init; } = [];

    /// <summary>What the answer is called where the request's name would give something away; null otherwise.</summary>
    public string? Name { get; init; }

    /// <summary>What the answer is called.</summary>
    public string Called => Name ?? Request.Name;

    /// <summary>Response headers that the dialogue needs again, besides those that are always kept.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>
    /// Finds the address of what follows in the answer's body, seekable and at its start: absolute, or relative to the answer's own. It is
    /// checked, freed of secrets and kept as <see cref="PageNote.Next"/>. Null where the body holds none.
    /// </summary>
    public Func<PageNote, Stream, CancellationToken, ValueTask<string?>>? FindAddress { get; init; }
}

/// <summary>What was read in an answer.</summary>
/// <param name="Records">Its records; null where nobody had to count.</param>
/// <param name="Next">What is asked next; null when that was all.</param>
internal sealed record PageReading(long? Records, Ask? Next);
