namespace DataIngestion.Contracts;

/// <summary>One raw artefact in landing.</summary>
public sealed record LandedArtefact
{
    /// <summary>Where it lies.</summary>
    public required LakePath Path { get; init; }

    /// <summary>The answer as it arrived, where this artefact holds the records that were taken out of it; null where it is the answer itself.</summary>
    public LakePath? Raw { get; init; }

    /// <summary>Its name at the source: a file name, or the request's path and query without secrets.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes.</summary>
    public long Length { get; init; }

    /// <summary>SHA-256 of the bytes, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>When we learned it: becomes <c>_known_at</c> of its rows.</summary>
    public DateTimeOffset KnownAt { get; init; }

    /// <summary>Media type that the source declared.</summary>
    public string? ContentType { get; init; }

    /// <summary>Response headers worth keeping (ETag, Last-Modified, Date), without secrets.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Values of the request's partitions, by name; columns may take them.</summary>
    public IReadOnlyDictionary<string, string> Partition { get; init; } = new Dictionary<string, string>();

    /// <summary>Records that the collector counted in it; null where it had no need to look inside.</summary>
    public long? Records { get; init; }

    /// <summary>
    /// Zero-based places, ascending, of records that an earlier run landed already (or that lie outside the window asked for). The
    /// bytes stay as they were received; whoever reads the records counts past these places and takes no row from them.
    /// </summary>
    public IReadOnlyList<long> SkipRecords { get; init; } = [];
}

/// <summary>What one run landed of one dataset: <c>manifest.json</c> in the run's landing folder. Written last and once.</summary>
public sealed record LandingManifest
{
    /// <summary>Version of this document's shape.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>The run.</summary>
    public required string Run { get; init; }

    /// <summary>The earlier run whose answers these are, where it was replayed.</summary>
    public string? ReplayOf { get; init; }

    /// <summary>Source id.</summary>
    public required string Source { get; init; }

    /// <summary>Dataset id.</summary>
    public required string Dataset { get; init; }

    /// <summary>The artefacts to convert, in the order in which they were received.</summary>
    public required IReadOnlyList<LandedArtefact> Artefacts { get; init; }

    /// <summary>Artefacts that were landed too but hold no new record: empty last pages, and pages seen whole by an earlier run. Not to be converted.</summary>
    public IReadOnlyList<LandedArtefact> Passed { get; init; } = [];

    /// <summary>Requests that it took, retries included.</summary>
    public int Requests { get; init; }

    /// <summary>Those that repeated a failed one.</summary>
    public int Retries { get; init; }

    /// <summary>Cursor it started from.</summary>
    public string? FromCursor { get; init; }

    /// <summary>Cursor for the next run.</summary>
    public string? NextCursor { get; init; }

    /// <summary>Content hashes of the records at the cursor's boundary, which the next run would otherwise take for new.</summary>
    public IReadOnlyList<string> BoundaryHashes { get; init; } = [];

    /// <summary>Where the dataset's slices stand after this run, in place of one cursor; null where it has none, or none has moved.</summary>
    public LakePath? Slices { get; init; }

    /// <summary>What people should know of the collection, although it did not fail.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
