namespace DataIngestion.Collect;

/// <summary>What a stream is asked for one by one.</summary>
internal abstract class PartitionRouter
{
    /// <summary>The router of a retriever: one, or the combinations of several.</summary>
    public static PartitionRouter Of(Part retriever, LowCodeRun run, ParentWork parents)
    {
        List<PartitionRouter> routers = [.. (retriever.Has("partition_router") ? retriever.Children("partition_router") : retriever.Children("stream_slicer")).Select(part => Of1(part, run, parents))];
        return routers.Count switch
        {
            0 => new WholeRouter(),
            1 => routers[0],
            _ => new ProductRouter(routers),
        };
    }

    /// <summary>Whether there is one partition, which is everything.</summary>
    public virtual bool IsWhole => false;

    /// <summary>Finds the partitions.</summary>
    /// <param name="found">Told about each, in order.</param>
    /// <returns>What has to be asked for it.</returns>
    public abstract IEnumerable<Step> Find(Action<StreamSlice> found);

    /// <summary>Puts a partition into a request.</summary>
    public abstract void Put(RequestOptions options, StreamSlice slice, TemplateContext context);

    static PartitionRouter Of1(Part part, LowCodeRun run, ParentWork parents) => part.Type switch
    {
        "ListPartitionRouter" => new ListRouter(part, run),
        "SubstreamPartitionRouter" => new SubstreamRouter(part, run, parents),
        "GroupingPartitionRouter" => new GroupingRouter(part, run, Of1(part.Needed("underlying_partition_router"), run, parents)),
        "UnionPartitionRouter" => new UnionRouter(part, run, [.. part.Children("partition_routers").Select(inner => Of1(inner, run, parents))]),
        "CartesianProductStreamSlicer" => new ProductRouter([.. part.Children("stream_slicers").Select(inner => Of1(inner, run, parents))]),
        "SinglePartitionRouter" => new WholeRouter(),
        _ => throw part.Unknown("partition router"),
    };

    sealed class WholeRouter : PartitionRouter
    {
        public override bool IsWhole => true;

        public override IEnumerable<Step> Find(Action<StreamSlice> found)
        {
            found(StreamSlice.Whole);
            return [];
        }

        public override void Put(RequestOptions options, StreamSlice slice, TemplateContext context)
        {
        }
    }
}
