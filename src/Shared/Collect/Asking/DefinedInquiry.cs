using System.Runtime.CompilerServices;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>A dataset that is asked for as its definition says.</summary>
internal sealed class DefinedInquiry(SourceDefinition source, SourceDatasetDefinition dataset, CollectPlan plan, LandingManifest? previous, CursorValues? values) : IInquiry
{
    public bool IsSliced => false;

    public async IAsyncEnumerable<Slice> SlicesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        cancellationToken.ThrowIfCancellationRequested();
        yield return new()
        {
            From = plan.From,
            FromCursor = plan.FromCursor,
            Ledger = new(values, plan.FromCursor, previous?.BoundaryHashes ?? [], plan.Window),
        };
    }

    public IDialogue Begin(Slice slice) => new DefinedDialogue(source, dataset, plan, slice, previous);

    public CursorMove Conclude(IReadOnlyList<LandedSlice> slices)
    {
        var (slice, pages, _) = slices[0];

        // A source without a cursor remembers the validator of its only answer, so that the next run finds this manifest.
        var next = dataset.Cursor is not null ? slice.Ledger.NextCursor : plan.Window is null ? Validators.CursorOf(dataset, pages) : null;
        return new(next, slice.Ledger.BoundaryHashes);
    }
}
