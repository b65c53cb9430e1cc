using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>How one dataset is asked for in one collection: which slices it has, and how the source is talked to about each.</summary>
internal interface IInquiry
{
    /// <summary>Whether there may be several slices; each then has a folder in landing.</summary>
    bool IsSliced { get; }

    /// <summary>The slices, in an order that is the same for every attempt of a run.</summary>
    IAsyncEnumerable<Slice> SlicesAsync(CancellationToken cancellationToken);

    /// <summary>Begins the dialogue about a slice.</summary>
    IDialogue Begin(Slice slice);

    /// <summary>Takes down what came of a slice. Called once for each, by several threads, in any order.</summary>
    void Settle(LandedSlice slice);

    /// <summary>Says where the next run continues, once all slices are settled.</summary>
    CursorMove Conclude();
}

/// <summary>Where the next run continues.</summary>
/// <param name="NextCursor">To be committed after publishing; null leaves the stored cursor as it is.</param>
/// <param name="BoundaryHashes">Content hashes of the records at the cursor, which the next run will be given again.</param>
internal sealed record CursorMove(string? NextCursor, IReadOnlyList<string> BoundaryHashes)
{
    /// <summary>Where the slices stand, in place of one cursor for all; null where none has moved.</summary>
    public IReadOnlyList<SliceState>? Slices { get; init; }

    /// <summary>What was landed of other datasets, to know which slices there are.</summary>
    public IReadOnlyList<LandingManifest> Parents { get; init; } = [];
}

/// <summary>A slice in landing.</summary>
/// <param name="Slice">Which one.</param>
/// <param name="Pages">Its answers in order, also those without data.</param>
/// <param name="Nothing">The answer that there is nothing new since the previous run; null where there was none such.</param>
internal sealed record LandedSlice(Slice Slice, IReadOnlyList<LandedPage> Pages, PageNote? Nothing)
{
    /// <summary>Whether the source said that nothing has changed since the previous run.</summary>
    public bool IsUnchanged => Nothing is not null;

    /// <summary>What people should know of it.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
