namespace DataIngestion.Collect;

/// <summary>One part of a collection that is asked for on its own, with its own pages and its own cursor: a ticker, a day, or simply everything.</summary>
internal record Slice
{
    /// <summary>What it is called from run to run, such as <c>symbol=AAPL</c>; empty where a collection has one slice.</summary>
    public string Key { get; init; } = "";

    /// <summary>Values of the request's partitions, by name, as columns take them: days as <c>yyyy-MM-dd</c>.</summary>
    public IReadOnlyDictionary<string, string> Partition { get; init; } = new Dictionary<string, string>();

    /// <summary>The same values as the request writes them.</summary>
    public IReadOnlyDictionary<string, string> Asked { get; init; } = new Dictionary<string, string>();

    /// <summary>Answers of earlier runs that may be asked for conditionally, by name.</summary>
    public IReadOnlyDictionary<string, KnownAnswer> Answers { get; init; } = new Dictionary<string, KnownAnswer>();

    /// <summary>Value that the source is asked from: the cursor moved back by the overlap, the start, or the window's start; null from the beginning.</summary>
    public string? From { get; init; }

    /// <summary>Cursor that it continues from; null from the beginning.</summary>
    public string? FromCursor { get; init; }

    /// <summary>Keeps account of its records.</summary>
    public required RecordLedger Ledger { get; init; }
}
