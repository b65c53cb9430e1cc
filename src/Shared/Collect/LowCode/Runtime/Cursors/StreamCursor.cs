namespace DataIngestion.Collect;

/// <summary>How a stream is asked only for what is new.</summary>
internal abstract class StreamCursor
{
    /// <summary>The cursor of a stream; null where it has none.</summary>
    public static StreamCursor? Of(Part? part, LowCodeRun run) => part?.Type switch
    {
        null => null,
        "DatetimeBasedCursor" => new DatetimeCursor(part, run),
        "IncrementingCountCursor" => new CountCursor(part, run),
        _ => throw part.Unknown("cursor"),
    };

    /// <summary>Whether one cursor stands for all partitions.</summary>
    public bool IsGlobal { get; protected init; }

    /// <summary>Whether records come newest first, so that pages end where known ones begin.</summary>
    public bool IsFeed { get; protected init; }

    /// <summary>The windows that are asked for one after another.</summary>
    /// <param name="state">Where the last run got; null from the start.</param>
    public abstract IEnumerable<LowCodeMap> Windows(string? state);

    /// <summary>Puts a window's bounds into a request.</summary>
    public abstract void Put(RequestOptions options, StreamSlice slice, TemplateContext context);

    /// <summary>Keeps account of a partition's records.</summary>
    /// <param name="state">Where the last run got; null from the start.</param>
    public abstract CursorTrack Track(string? state);
}

/// <summary>How far the records of a partition get.</summary>
internal abstract class CursorTrack
{
    /// <summary>Where the next run continues.</summary>
    public abstract string? State { get; }

    /// <summary>Whether a record is wanted.</summary>
    public abstract bool IsWanted(LowCodeMap record);

    /// <summary>Whether a record, and all that follow it in a feed, were there before.</summary>
    public abstract bool IsOld(LowCodeMap record);

    /// <summary>Notes a record of the stream.</summary>
    public abstract void Note(LowCodeMap record);
}
