using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>A partition with its values, wherever they came from.</summary>
/// <param name="Definition">The partition.</param>
/// <param name="Values">Its values in order; empty for days.</param>
internal sealed record PartitionValues(PartitionDefinition Definition, IReadOnlyList<string> Values);

/// <summary>Slices that have one state between them: one slice, or one for each of its days.</summary>
internal sealed class SliceGroup
{
    /// <summary>Key of its state.</summary>
    public required string Key { get; init; }

    /// <summary>Values that are asked for together; empty where there are no batches.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Values by partition, without days.</summary>
    public required IReadOnlyDictionary<string, string> Partition { get; init; }

    /// <summary>Where it stood; null where it was never asked for.</summary>
    public SliceState? Before { get; init; }
}

/// <summary>
/// The slices of a dataset with partitions, in an order that follows from the definition, the values and the states alone. They are made
/// one by one as they are asked for.
/// </summary>
internal sealed class SlicePlan(IReadOnlyList<PartitionValues> partitions, SliceStates states)
{
    readonly List<PartitionValues> _single = [.. partitions.Where(p => p.Definition is { Dates: null, Batch: 1 })];
    readonly PartitionValues? _batched = partitions.FirstOrDefault(p => p.Definition.Batch > 1);

    /// <summary>The partition by days; null where there is none.</summary>
    public PartitionDefinition? Dates { get; } = partitions.FirstOrDefault(p => p.Definition.Dates is not null)?.Definition;

    /// <summary>The groups of slices.</summary>
    public IEnumerable<SliceGroup> Groups()
    {
        foreach (var values in Combinations(0))
        {
            var key = string.Join('&', values.Select(v => $"{v.Key}={Uri.EscapeDataString(v.Value)}"));
            if (_batched is null)
            {
                yield return new() { Key = key, Partition = values, Before = states.Find(key) };
                continue;
            }

            foreach (var batch in Batches(key, _batched))
            {
                yield return new()
                {
                    Key = key,
                    Values = batch,
                    Partition = new Dictionary<string, string>(values) { [_batched.Definition.Name] = string.Join(_batched.Definition.Separator, batch) },
                    Before = Common(batch.Select(value => states.Find(key, value))),
                };
            }
        }
    }

    IEnumerable<Dictionary<string, string>> Combinations(int from)
    {
        if (from == _single.Count)
        {
            yield return [];
            yield break;
        }

        foreach (var value in _single[from].Values)
        {
            foreach (var rest in Combinations(from + 1))
            {
                Dictionary<string, string> all = new() { [_single[from].Definition.Name] = value };
                foreach (var (name, other) in rest)
                    all[name] = other;
                yield return all;
            }
        }
    }

    // One request asks from one cursor: only values that stand at the same place go together. One that is new catches up first.
    IEnumerable<string[]> Batches(string key, PartitionValues batched) => batched.Values
        .GroupBy(value => states.Find(key, value) is { } state ? $"{state.Cursor}\n{string.Join(',', state.Days)}" : "", StringComparer.Ordinal)
        .SelectMany(same => same.Chunk(batched.Definition.Batch));

    static SliceState? Common(IEnumerable<SliceState?> states) => states.OfType<SliceState>().Distinct(ReferenceEqualityComparer.Instance).Cast<SliceState>().ToList() switch
    {
        [] => null,
        [var one] => one,
        var several => several[0] with
        {
            BoundaryHashes = [.. several.SelectMany(s => s.BoundaryHashes).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Answers = [.. several.SelectMany(s => s.Answers)],
        },
    };
}
