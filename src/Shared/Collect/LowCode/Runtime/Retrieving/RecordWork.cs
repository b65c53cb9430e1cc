namespace DataIngestion.Collect;

/// <summary>What a stream makes of the records that its retriever finds.</summary>
internal sealed record RecordWork
{
    /// <summary>Name of the stream, for messages.</summary>
    public string Stream { get; init; } = "";

    /// <summary>What changes the records.</summary>
    public IReadOnlyList<Transformation> Transformations { get; init; } = [];

    /// <summary>Their schema, where it is known.</summary>
    public LowCodeMap? Schema { get; init; }

    /// <summary>How only what is new is asked for; null for everything.</summary>
    public StreamCursor? Cursor { get; init; }

    /// <summary>Where the partitions got.</summary>
    public StreamStates States { get; init; } = new(null, SliceStates.None);

    /// <summary>Name of the stream as a parent; null for the one that is read.</summary>
    public string? Parent { get; init; }

    /// <summary>Makes the parents of its partitions.</summary>
    public required ParentWork Parents { get; init; }
}

/// <summary>Makes the streams that others depend on.</summary>
/// <param name="run">The run.</param>
/// <param name="states">Where they got.</param>
/// <param name="depth">Streams above.</param>
internal sealed class ParentWork(LowCodeRun run, StreamStates states, int depth = 0)
{
    const int MaxDepth = 20;

    /// <summary>A parent.</summary>
    /// <param name="part">Its stream.</param>
    /// <param name="isIncremental">Whether it is asked only for what is new, like the stream that depends on it.</param>
    public LowCodeStream Stream(Part part, bool isIncremental) => depth < MaxDepth
        ? new(part, run, isIncremental ? states : new(null, SliceStates.None), part.Text("name") ?? "", new(run, states, depth + 1))
        : throw part.Fault($"streams depend on one another over more than {MaxDepth} levels.");
}
