using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>One partition for each record of other streams (<c>SubstreamPartitionRouter</c>). The parents are asked for along the way, page by page.</summary>
internal sealed class SubstreamRouter : PartitionRouter
{
    readonly List<Parent> _parents = [];

    public SubstreamRouter(Part part, LowCodeRun run, ParentWork parents)
    {
        foreach (var config in part.Children("parent_stream_configs"))
        {
            if (config.Has("lazy_read_pointer"))
                throw config.Fault("'lazy_read_pointer' cannot be run: leave it out, the children are asked for then.");
            _parents.Add(new(
                parents.Stream(config.Needed("stream"), config.Flag("incremental_dependency")),
                [.. config.NeededExpression("parent_key").Text(run.Context).Trim('/').Split('/')],
                config.NeededExpression("partition_field").Text(run.Context),
                config.Plain("extra_fields") is List<object?> extra
                    ? [.. extra.Select(path => (IReadOnlyList<string>)[.. (path is List<object?> steps ? steps : [path]).Select(step => config.Evaluated(step, "extra_fields").Text(run.Context))])]
                    : [],
                InjectedOption.Of(config, "request_option")));
        }

        if (_parents.Count == 0)
            throw part.Fault("'parent_stream_configs' is missing.");
    }

    public override IEnumerable<Step> Find(Action<StreamSlice> found)
    {
        foreach (var parent in _parents)
        {
            foreach (var step in parent.Stream.Read((record, slice) => Add(parent, record, slice, found), isData: false))
                yield return step;
        }
    }

    public override void Put(RequestOptions options, StreamSlice slice, TemplateContext context)
    {
        foreach (var parent in _parents)
        {
            if (slice.Partition.Find(parent.Field) is { } value && Operators.Truth(value))
                parent.Option?.Put(options, value, context);
        }
    }

    static void Add(Parent parent, LowCodeMap record, StreamSlice slice, Action<StreamSlice> found)
    {
        if (!DataPath.TryFind(record, parent.Key, out var value))
            return; // as on the platform that manifests are written for: it has no children
        found(new()
        {
            Partition = new() { [parent.Field] = value, ["parent_slice"] = slice.Partition },
            Extra = new(parent.Extra.Select(path => KeyValuePair.Create(string.Join('.', path), DataPath.TryFind(record, path, out var extra) ? JsonValues.Copy(extra) : null))),
        });
    }

    sealed record Parent(LowCodeStream Stream, IReadOnlyList<string> Key, string Field, IReadOnlyList<IReadOnlyList<string>> Extra, InjectedOption? Option);
}
