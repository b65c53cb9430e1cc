namespace DataIngestion.Collect;

/// <summary>What a stream is asked for at a time: a partition, a window of time, or both.</summary>
internal sealed record StreamSlice
{
    /// <summary>Everything at once.</summary>
    public static StreamSlice Whole { get; } = new();

    /// <summary>Values of the partition.</summary>
    public LowCodeMap Partition { get; init; } = [];

    /// <summary>Bounds of the window.</summary>
    public LowCodeMap Window { get; init; } = [];

    /// <summary>What else is known, such as fields of the parent's record.</summary>
    public LowCodeMap Extra { get; init; } = [];

    /// <summary>What the partition is called in the state; empty where there is none.</summary>
    public string Key => Partition.Count == 0 ? "" : JsonValues.Write(new LowCodeMap(Partition.OrderBy(p => p.Key, StringComparer.Ordinal)));

    /// <summary>As templates see it.</summary>
    public LowCodeMap ToValue() => new(Partition.Concat(Window))
    {
        Attributes = new Dictionary<string, object?>(StringComparer.Ordinal) { ["partition"] = Partition, ["cursor_slice"] = Window, ["extra_fields"] = Extra },
    };
}
