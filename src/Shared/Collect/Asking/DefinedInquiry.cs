using System.Runtime.CompilerServices;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>A dataset that is asked for as its definition says: once, or once for each combination of its partitions' values.</summary>
internal sealed class DefinedInquiry(
    SourceDefinition source, SourceDatasetDefinition dataset, CollectPlan plan, LandingManifest? previous, SliceStates states, CursorValues? values, ParentValues parents) : IInquiry
{
    readonly PartitionDefinition? _dates = dataset.Partitions.FirstOrDefault(p => p.Dates is not null);
    readonly SliceMoves _moves = new(dataset.Partitions.FirstOrDefault(p => p.Dates is not null)?.Dates is { } dates ? new(dates) : null, plan.StartedAt);
    readonly List<ParentAnswer> _parents = [];
    CursorMove _only = new(null, []);

    public bool IsSliced => dataset.Partitions.Count > 0;

    public async IAsyncEnumerable<Slice> SlicesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!IsSliced)
        {
            yield return Whole();
            yield break;
        }

        List<PartitionValues> partitions = [];
        foreach (var partition in dataset.Partitions)
            partitions.Add(new(partition, partition.Parent is { } parent ? await ValuesOfAsync(parent, cancellationToken) : partition.Values));
        var slices = new SlicePlan(partitions, states);
        foreach (var group in slices.Groups())
        {
            _moves.Begin(group);
            foreach (var slice in SlicesOf(group))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return slice;
            }
        }
    }

    public IDialogue Begin(Slice slice) => dataset.Export is null ? new DefinedDialogue(source, dataset, plan, slice) : new ExportDialogue(dataset, plan, slice);

    public void Settle(LandedSlice slice)
    {
        if (slice.Slice is GroupedSlice grouped)
        {
            _moves.Add(grouped.Group, grouped.Day, slice);
            return;
        }

        // A source without a cursor remembers the validator of its only answer, so that the next run finds this manifest.
        var ledger = slice.Slice.Ledger;
        _only = new(dataset.Cursor is not null ? ledger.NextCursor : plan.Window is null ? Validators.CursorOf(dataset, slice.Pages) : null, ledger.BoundaryHashes);
    }

    public CursorMove Conclude() => !IsSliced ? _only : new(null, [])
    {
        Slices = plan.Window is null ? states.With([.. _parents.Select(p => p.State).OfType<SliceState>(), .. _moves.States()]) : null,
        Parents = [.. _parents.Select(p => p.Landed)],
    };

    async Task<IReadOnlyList<string>> ValuesOfAsync(ParentPartitionDefinition parent, CancellationToken cancellationToken)
    {
        var answer = await parents.AskAsync(parent, states, cancellationToken);
        _parents.Add(answer);
        return answer.Values;
    }

    Slice Whole()
    {
        var from = SliceStates.IsReference(plan.FromCursor) ? null : plan.FromCursor; // it had partitions once
        return new() { From = plan.From, FromCursor = from, Ledger = new(values, from, previous?.BoundaryHashes ?? [], plan.Window), Answers = Validators.Of(previous) };
    }

    IEnumerable<Slice> SlicesOf(SliceGroup group)
    {
        var before = group.Before;
        var slice = new GroupedSlice
        {
            Group = group,
            Key = group.Key,
            Partition = group.Partition,
            Asked = group.Partition,
            From = plan.Window is not null ? plan.From : before?.Cursor is { } cursor ? values?.Behind(cursor) : dataset.Cursor?.Start,
            FromCursor = before?.Cursor,
            Ledger = new(values, before?.Cursor, before?.BoundaryHashes ?? [], plan.Window),
            Answers = Validators.Of(before?.Answers ?? []),
        };
        if (_dates is not { Dates: { } dates, Name: var name })
            return [slice];
        var days = new DateValues(dates);
        return days.Asked(DayRanges.Parse(before?.Days ?? []), plan.Window, plan.StartedAt).Select(day => slice with
        {
            Day = day,
            Key = $"{group.Key}{(group.Key.Length == 0 ? "" : "&")}{name}={day:yyyy-MM-dd}",
            Partition = new Dictionary<string, string>(group.Partition) { [name] = day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) },
            Asked = new Dictionary<string, string>(group.Partition) { [name] = days.Text(day) },
            Ledger = new(values, from: null, [], plan.Window),
        });
    }

    sealed record GroupedSlice : Slice
    {
        public required SliceGroup Group { get; init; }

        public DateOnly? Day { get; init; }
    }
}
