namespace DataIngestion.Collect;

/// <summary>Gets the records of a stream: partition after partition, window after window.</summary>
internal abstract class Retriever
{
    readonly RecordWork _work;

    protected Retriever(Part part, LowCodeRun run, RecordWork work)
    {
        (_work, Run) = (work, run);
        Router = PartitionRouter.Of(part, run, work.Parents);
        Selector = new(part.Needed("record_selector"), work.Transformations, work.Schema);
    }

    /// <summary>The run.</summary>
    protected LowCodeRun Run { get; }

    /// <summary>What is asked for one by one.</summary>
    protected PartitionRouter Router { get; }

    /// <summary>Takes records out of answers.</summary>
    protected RecordSelector Selector { get; }

    /// <summary>Name of the stream, for messages.</summary>
    protected string Stream => _work.Stream;

    /// <summary>The retriever of a component.</summary>
    public static Retriever Of(Part part, LowCodeRun run, RecordWork work) => part.Type switch
    {
        "SimpleRetriever" or "" => new SimpleRetriever(part, run, work),
        "AsyncRetriever" => new AsyncRetriever(part, run, work),
        _ => throw part.Unknown("retriever"),
    };

    /// <summary>Gets all records.</summary>
    /// <param name="found">Told about each, with what was asked for.</param>
    /// <param name="isData">Whether the records are what is collected, or only lead to it.</param>
    public IEnumerable<Step> Read(Action<LowCodeMap, StreamSlice> found, bool isData)
    {
        // Partitions are asked for as soon as they are known, so that a million of them are never kept.
        var waiting = new Queue<StreamSlice>();
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var step in Router.Find(waiting.Enqueue))
        {
            foreach (var inner in ReadWaiting(waiting, seen, found, isData))
                yield return inner;
            yield return step;
        }

        foreach (var inner in ReadWaiting(waiting, seen, found, isData))
            yield return inner;
    }

    /// <summary>Gets the records of one slice.</summary>
    /// <param name="slice">What is asked for.</param>
    /// <param name="found">Told about each record.</param>
    /// <param name="track">Keeps account of them; null where nothing does.</param>
    /// <param name="isData">Whether the records are what is collected.</param>
    public abstract IEnumerable<Step> ReadSlice(StreamSlice slice, Action<LowCodeMap> found, CursorTrack? track, bool isData);

    /// <summary>Puts a slice into a request.</summary>
    protected void Put(RequestOptions options, StreamSlice slice, TemplateContext context)
    {
        Router.Put(options, slice, context);
        _work.Cursor?.Put(options, slice, context);
    }

    /// <summary>Whether pages end behind a record, because what follows was there before.</summary>
    protected bool EndsBehind(LowCodeMap? last, CursorTrack? track) => _work.Cursor is { IsFeed: true } && last is not null && track?.IsOld(last) is true;

    IEnumerable<Step> ReadWaiting(Queue<StreamSlice> waiting, HashSet<string> seen, Action<LowCodeMap, StreamSlice> found, bool isData)
    {
        while (waiting.TryDequeue(out var partition))
        {
            if (_work.Cursor is not { } cursor)
            {
                foreach (var step in ReadSlice(partition, record => found(record, partition), track: null, isData))
                    yield return step;
                continue;
            }

            if (!seen.Add(partition.Key))
                continue;
            var key = StreamStates.KeyOf(_work.Parent, cursor.IsGlobal ? "" : partition.Key);
            var track = _work.States.Track(key, cursor);
            foreach (var window in cursor.Windows(_work.States.Find(key)))
            {
                var slice = partition with { Window = window };
                foreach (var step in ReadSlice(slice, record => found(record, slice), track, isData))
                    yield return step;
            }
        }
    }
}
