namespace DataIngestion.Contracts;

/// <summary>What made an ingestion begin.</summary>
public enum IngestionCause
{
    /// <summary>A schedule fell due.</summary>
    Schedule,

    /// <summary>Somebody asked over HTTP or from the command line.</summary>
    Request,

    /// <summary>A file was put into the drop container.</summary>
    Drop,

    /// <summary>Part of a backfill.</summary>
    Backfill,

    /// <summary>A dead letter, or an earlier run, was replayed.</summary>
    Replay,
}

/// <summary>A file in the drop container, pinned to the version that was seen.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="ETag">Its version; another version is another run.</param>
/// <param name="Length">Bytes.</param>
/// <param name="ModifiedAt">When it was put there. It becomes the rows' <c>_known_at</c>.</param>
public sealed record DroppedFile(LakePath Path, string ETag, long Length, DateTimeOffset ModifiedAt);

/// <summary>A half-open interval of the time that the data speaks about.</summary>
/// <param name="From">First instant that belongs to it.</param>
/// <param name="To">First instant after it.</param>
public sealed record TimeWindow(DateTimeOffset From, DateTimeOffset To);

/// <summary>Asks for one run of one source. The only message on <see cref="Queues.IngestionRequests"/>.</summary>
public sealed record IngestionRequest
{
    /// <summary>The version this code writes and the only one it reads.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>Version of this message's shape.</summary>
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>The run, see <see cref="RunId"/>; the same run asked for twice happens once.</summary>
    public required string Run { get; init; }

    /// <summary>Id of the source to ingest.</summary>
    public required string Source { get; init; }

    /// <summary>One of the source's datasets, or null for all of them.</summary>
    public string? Dataset { get; init; }

    /// <summary>What made it begin.</summary>
    public IngestionCause Cause { get; init; } = IngestionCause.Request;

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>The file to ingest; only for file sources.</summary>
    public DroppedFile? File { get; init; }

    /// <summary>Only this window, leaving the live cursor alone; null continues from the cursor.</summary>
    public TimeWindow? Window { get; init; }

    /// <summary>An earlier run of the source to be done again from what it landed, without asking the source and leaving the live cursor alone; null asks the source.</summary>
    public string? ReplayOf { get; init; }

    /// <summary>Ignore the cursor and fetch everything; the cursor is set anew at the end.</summary>
    public bool FullRefresh { get; init; }

    /// <summary>W3C <c>traceparent</c> of what asked for the run, so that its trace goes on; null for none.</summary>
    public string? TraceParent { get; init; }
}
