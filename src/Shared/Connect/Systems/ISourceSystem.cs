using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// One kind of system that data come from, such as PostgreSQL or SFTP; not HTTP, which has requests of its own. It has no state of its
/// own: everything that is open hangs on an <see cref="ISourceConnection"/>. Register it with <c>AddSystem</c>.
/// </summary>
public interface ISourceSystem
{
    /// <summary>Its name in a connection's <c>system</c>, such as <c>postgresql</c>.</summary>
    string Name { get; }

    /// <summary>The kinds of sources that it can be.</summary>
    IReadOnlyList<SourceKind> Kinds { get; }

    /// <summary>The schemes that its base address may have.</summary>
    IReadOnlyList<string> Schemes { get; }

    /// <summary>The kinds of authentication that it can use, such as <c>basic</c>; empty when it knows none.</summary>
    IReadOnlyList<string> Authentication { get; }

    /// <summary>Record that <see cref="ConnectionDefinition.Options"/> are bound to.</summary>
    Type ConnectionOptions { get; }

    /// <summary>Record that <see cref="ReadDefinition.Options"/> are bound to.</summary>
    Type ReadOptions { get; }

    /// <summary>What is wrong with a dataset beyond what its options say themselves, such as a missing <c>object</c> or <c>cursor</c>.</summary>
    /// <returns>Findings about <paramref name="dataset"/>.</returns>
    IEnumerable<ConfigurationFinding> Check(SourceDefinition source, SourceDatasetDefinition dataset) => [];

    /// <summary>Opens a connection: network, encryption, log-in. Pooling, retry and timeouts are the caller's.</summary>
    /// <exception cref="StepFailedException">It cannot be opened; says whether trying again may help.</exception>
    Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken);
}

/// <summary>An open connection to a system, used by one caller at a time.</summary>
public interface ISourceConnection : IAsyncDisposable
{
    /// <summary>Whether it may be used again after work that ended well. False when it knows that it is broken or spent.</summary>
    bool CanBeReused => true;

    /// <summary>Asks the system something cheap that shows that it is up and lets us in.</summary>
    /// <returns>What it said, in one line: product, version.</returns>
    Task<string> ProbeAsync(CancellationToken cancellationToken);

    /// <summary>Lists what can be read, with its columns where the system knows them.</summary>
    /// <param name="pattern">Names, with <c>*</c> and <c>?</c>; null for all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    IAsyncEnumerable<SourceObject> DiscoverAsync(string? pattern, CancellationToken cancellationToken);

    /// <summary>Begins reading a dataset. The reader must be disposed before the connection is used for anything else.</summary>
    Task<ISourceReader> ReadAsync(SourceRead read, CancellationToken cancellationToken);
}

/// <summary>Reads a dataset part by part. A part becomes one artefact in landing.</summary>
public interface ISourceReader : IAsyncDisposable
{
    /// <summary>
    /// Writes the next part. It may wait for the writer: that is the back-pressure. A part that fails midway is asked for again from
    /// the position before it, so nothing of it may count as read.
    /// </summary>
    /// <returns>The part; null when there is nothing more to read now.</returns>
    /// <exception cref="StepFailedException">The system failed; says whether trying again may help.</exception>
    Task<SourcePart?> ReadNextAsync(Stream destination, CancellationToken cancellationToken);

    /// <summary>
    /// Called when a part is durable in landing: the moment to acknowledge messages and to confirm positions. It may be called
    /// again for a part of an earlier attempt, whose acknowledgement may or may not have reached the system.
    /// </summary>
    Task LandedAsync(SourcePart part, CancellationToken cancellationToken);
}

/// <summary>Something that can be read.</summary>
/// <param name="Name">What <see cref="ReadDefinition.Object"/> has to be to read it.</param>
/// <param name="Kind">Word for people: table, view, topic, queue, file.</param>
/// <param name="Columns">Its columns in order; empty where the system does not know them.</param>
public sealed record SourceObject(string Name, string Kind, IReadOnlyList<SourceColumn> Columns)
{
    /// <summary>Rows, messages or bytes, by estimate or count; null where the system does not say.</summary>
    public long? Size { get; init; }

    /// <summary>When it changed last.</summary>
    public DateTimeOffset? ModifiedAt { get; init; }
}

/// <summary>A column as the system declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The system's own type, such as <c>numeric(18,6)</c>.</param>
/// <param name="Nullable">Whether a row may lack a value.</param>
/// <param name="Key">Whether it belongs to the primary key.</param>
public sealed record SourceColumn(string Name, string Type, bool Nullable, bool Key);

/// <summary>What is to be read, and from where on.</summary>
public sealed record SourceRead
{
    /// <summary>The dataset as configured.</summary>
    public required SourceDatasetDefinition Dataset { get; init; }

    /// <summary>The run that reads; every attempt of it reads with the same name.</summary>
    public required string Run { get; init; }

    /// <summary>When the run began: the same for every attempt, so that "older than a minute" means the same to each.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Position behind the last part that was landed, by this run or an earlier one; null from the beginning.</summary>
    public string? Position { get; init; }

    /// <summary>Position that the run set out from; null from the beginning.</summary>
    public string? RunPosition { get; init; }

    /// <summary>Parts that earlier attempts of this run have landed, oldest first.</summary>
    public IReadOnlyList<SourcePart> Landed { get; init; } = [];

    /// <summary>Only this window, instead of continuing from a position: the position is null then, and the next run's is not moved.</summary>
    public TimeWindow? Window { get; init; }

    /// <summary>The dataset's <c>read</c>, or its defaults.</summary>
    public ReadDefinition Read => Dataset.Read ?? new();
}

/// <summary>A part of a dataset, written.</summary>
public sealed record SourcePart
{
    /// <summary>Name for people, and the end of the artefact's name: a file name, or what was read.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Where reading continues behind this part, in the system's own words: at most 4,000 characters. Null for the last part of what
    /// cannot be continued: this run asks for no further part, and the next one reads from the beginning.
    /// </summary>
    public string? Position { get; init; }

    /// <summary>When we learned it: becomes <c>_known_at</c> of its rows.</summary>
    public required DateTimeOffset KnownAt { get; init; }

    /// <summary>Media type, such as <c>application/x-ndjson</c> or <c>text/csv</c>; null where only the content tells.</summary>
    public string? ContentType { get; init; }

    /// <summary>Records, where they were counted.</summary>
    public long? Records { get; init; }

    /// <summary>What else is worth keeping, without secrets: ETag, LSN, offsets.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
