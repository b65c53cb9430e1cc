using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Values of a list (<c>ListPartitionRouter</c>).</summary>
internal sealed class ListRouter : PartitionRouter
{
    readonly IReadOnlyList<object?> _values;
    readonly string _field;
    readonly InjectedOption? _option;

    public ListRouter(Part part, LowCodeRun run)
    {
        _field = part.NeededExpression("cursor_field").Text(run.Context);
        _option = InjectedOption.Of(part, "request_option");
        _values = part.Plain("values") is List<object?> list
            ? [.. list.Select((item, i) => part.Evaluated(item, $"values[{i}]").Value(run.Context))]
            : part.NeededExpression("values").Value(run.Context) switch
            {
                List<object?> values => values,
                LowCodeTuple values => [.. values],
                string text => [.. text.Split(['\n', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
                var other => throw part.Fault($"'values' is {ValueNames.Of(other)}: expected a list."),
            };
    }

    public override IEnumerable<Step> Find(Action<StreamSlice> found)
    {
        foreach (var value in _values)
            found(new() { Partition = new() { [_field] = value } });
        return [];
    }

    public override void Put(RequestOptions options, StreamSlice slice, TemplateContext context)
    {
        if (slice.Partition.Find(_field) is { } value && Operators.Truth(value))
            _option?.Put(options, value, context);
    }
}

/// <summary>All combinations of the partitions of several routers (<c>CartesianProductStreamSlicer</c>).</summary>
internal sealed class ProductRouter(IReadOnlyList<PartitionRouter> routers) : PartitionRouter
{
    public override IEnumerable<Step> Find(Action<StreamSlice> found)
    {
        List<StreamSlice> combined = [StreamSlice.Whole];
        foreach (var router in routers)
        {
            List<StreamSlice> next = [];
            foreach (var step in router.Find(next.Add))
                yield return step;
            combined = [.. from one in combined from other in next select Together(one, other)];
        }

        combined.ForEach(found);
    }

    public override void Put(RequestOptions options, StreamSlice slice, TemplateContext context)
    {
        foreach (var router in routers)
            router.Put(options, slice, context);
    }

    static StreamSlice Together(StreamSlice one, StreamSlice other) => new()
    {
        Partition = Merged(one.Partition, other.Partition),
        Extra = Merged(one.Extra, other.Extra),
    };

    static LowCodeMap Merged(LowCodeMap one, LowCodeMap other)
    {
        var merged = new LowCodeMap(one);
        foreach (var (name, value) in other)
            merged[name] = value;
        return merged;
    }
}

/// <summary>The partitions of several routers one after another, each value once (<c>UnionPartitionRouter</c>).</summary>
internal sealed class UnionRouter(Part part, LowCodeRun run, IReadOnlyList<PartitionRouter> routers) : PartitionRouter
{
    readonly string _field = part.NeededExpression("partition_field").Text(run.Context);

    public override IEnumerable<Step> Find(Action<StreamSlice> found)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var router in routers)
        {
            foreach (var step in router.Find(slice => Add(slice, seen, found)))
                yield return step;
        }
    }

    public override void Put(RequestOptions options, StreamSlice slice, TemplateContext context)
    {
        foreach (var router in routers)
            router.Put(options, slice, context);
    }

    void Add(StreamSlice slice, HashSet<string> seen, Action<StreamSlice> found)
    {
        var value = slice.Partition.Find(_field) ?? slice.Partition.FirstOrDefault(entry => entry.Key != "parent_slice").Value;
        if (seen.Add(JsonValues.Write(value)))
            found(slice with { Partition = new() { [_field] = value } });
    }
}

/// <summary>Several partitions in one request (<c>GroupingPartitionRouter</c>).</summary>
internal sealed class GroupingRouter(Part part, LowCodeRun run, PartitionRouter inner) : PartitionRouter
{
    readonly long _size = part.Expression("group_size")?.Whole(run.Context) is { } size and > 0 ? size : throw part.Fault("'group_size' is missing: expected a number over 0.");
    readonly bool _isDistinct = part.Flag("deduplicate", otherwise: true);

    public override IEnumerable<Step> Find(Action<StreamSlice> found)
    {
        List<StreamSlice> group = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var step in inner.Find(slice => Add(slice, group, seen, found)))
            yield return step;
        if (group.Count > 0)
            found(Together(group));
    }

    // Its values go into requests by templates.
    public override void Put(RequestOptions options, StreamSlice slice, TemplateContext context)
    {
    }

    void Add(StreamSlice slice, List<StreamSlice> group, HashSet<string> seen, Action<StreamSlice> found)
    {
        var value = slice.Partition.FirstOrDefault(entry => entry.Key != "parent_slice").Value;
        if (_isDistinct && !seen.Add(JsonValues.Write(value)))
            return;
        group.Add(slice);
        if (group.Count < _size)
            return;
        found(Together(group));
        group.Clear();
    }

    static StreamSlice Together(List<StreamSlice> group) => new()
    {
        Partition = new(group[0].Partition.Keys.Select(name => KeyValuePair.Create(name, (object?)group.ConvertAll(slice => slice.Partition.Find(name))))),
        Extra = new(group.SelectMany(slice => slice.Extra.Keys).Distinct().Select(name => KeyValuePair.Create(name, (object?)group.ConvertAll(slice => slice.Extra.Find(name))))),
    };
}
