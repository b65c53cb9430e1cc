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
