using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace DataIngestion.Contracts;

/// <summary>What a source is, which decides the manager that runs it.</summary>
public enum SourceKind
{
    /// <summary>An HTTP API that is asked (ApiManager).</summary>
    Api,

    /// <summary>Files: put into the drop container, or fetched from where the connection leads (FileManager).</summary>
    File,

    /// <summary>Other sources, run together (BatchManager).</summary>
    Batch,

    /// <summary>An endless stream, taken in windows (StreamManager).</summary>
    Stream,

    /// <summary>Tables, collections or keys that are queried (ApiManager).</summary>
    Database,
}

/// <summary>One source: <c>configs/sources/{id}.yaml</c>.</summary>
public sealed record SourceDefinition : IValidatableObject
{
    /// <summary>Its id; see <see cref="ConfigurationId"/>.</summary>
    [Required]
    public required string Source { get; init; }

    /// <summary>Its name for people.</summary>
    public string? Title { get; init; }

    /// <summary>What it is.</summary>
    public required SourceKind Kind { get; init; }

    /// <summary>
    /// Whether it runs by its schedule; default true. One that is not enabled is checked, listed and can be run, read and tested by hand,
    /// but nothing starts it.
    /// </summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What a reader has to know: what is not public, what was not tried, what the vendor has to switch on.</summary>
    public string? Notes { get; init; }

    /// <summary>Market on whose days there is news, by its MIC (ISO 10383), or <c>daily</c>, <c>weekdays</c>, or the publisher's own words. Told to people; nothing is decided by it.</summary>
    public string? Calendar { get; init; }

    /// <summary>Where its documentation is.</summary>
    public Uri? Docs { get; init; }

    /// <summary>What its owner allows.</summary>
    public string? Licence { get; init; }

    /// <summary>Id of the workflow that runs it; default: the workflow named like the kind (<c>api</c>, <c>file</c> …).</summary>
    public string? Workflow { get; init; }

    /// <summary>How it is reached. A file source without one takes what is dropped.</summary>
    public ConnectionDefinition? Connection { get; init; }

    /// <summary>
    /// An Airbyte low-code manifest that says what is asked and how, as a file in <c>configs/manifests</c>; datasets name its streams.
    /// Null where the definition says it itself.
    /// </summary>
    public string? Manifest { get; init; }

    /// <summary>Values for the manifest's <c>config</c>; a mapping's names are joined by a dot. Secrets are references.</summary>
    public IReadOnlyDictionary<string, string> Config { get; init; } = new Dictionary<string, string>();

    /// <summary>What it offers.</summary>
    public IReadOnlyList<SourceDatasetDefinition> Datasets { get; init; } = [];

    /// <summary>Ids of the sources it consists of; for batch sources.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>How many members run at once; 1 to 100, default 4.</summary>
    [Range(1, 100)]
    public int MaxParallel { get; init; } = 4;

    /// <summary>When it runs by itself; null only on request.</summary>
    public ScheduleDefinition? Schedule { get; init; }

    /// <summary>Sources that may stand in when this one fails for good, in order.</summary>
    public IReadOnlyList<string> Fallbacks { get; init; } = [];

    /// <summary>Whether its data come as answers to HTTP requests rather than from another system.</summary>
    [JsonIgnore]
    public bool IsAskedByHttp => Connection is { System: ConnectionDefinition.Http };

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!ConfigurationId.IsValid(Source))
            yield return new($"'{Source}' is not a source id: expected {ConfigurationId.Rule}.", [nameof(Source)]);
        if (Kind is SourceKind.Api or SourceKind.Stream or SourceKind.Database && Connection is null)
            yield return new("a source of this kind needs a 'connection'.", [nameof(Connection)]);
        if (Connection is not null && IsAskedByHttp && Kind is SourceKind.File or SourceKind.Database)
            yield return new("a source of this kind needs a connection with a 'system', such as sftp or postgresql.", [nameof(Connection)]);
        if (Kind is SourceKind.Api && Connection is { System: not ConnectionDefinition.Http } other)
            yield return new($"'{other.System}' is not asked by HTTP: expected another 'kind' (file, stream or database).", [nameof(Kind)]);
        if (Kind is SourceKind.Batch && Members.Count == 0)
            yield return new("a batch source needs 'members'.", [nameof(Members)]);
        if (Kind is not SourceKind.Batch && Datasets.Count == 0)
            yield return new("a source needs at least one entry in 'datasets'.", [nameof(Datasets)]);
        foreach (var twice in Datasets.GroupBy(d => d.Dataset).Where(g => g.Count() > 1))
            yield return new($"the dataset '{twice.Key}' is listed twice.", [nameof(Datasets)]);
        for (var i = 0; i < Datasets.Count; i++)
        {
            var dataset = Datasets[i];
            var at = $"{nameof(Datasets)}[{i}]";
            if (Kind is SourceKind.Api && Manifest is not null && dataset.Stream is null)
                yield return new($"the dataset '{dataset.Dataset}' needs the 'stream' of the manifest that it is.", [at]);
            if (Kind is SourceKind.Api or SourceKind.Stream && Manifest is null && (IsAskedByHttp || Connection is null) && dataset.Request is null)
                yield return new($"the dataset '{dataset.Dataset}' needs a 'request'.", [at]);
            if (Kind is SourceKind.Database or SourceKind.Stream && Connection is not null && !IsAskedByHttp && dataset.Read is null)
                yield return new($"the dataset '{dataset.Dataset}' needs 'read', which says what is read of the system.", [at]);
            if (IsAskedByHttp && dataset.Cursor is { Parameter: null } && dataset.Request is { } asked && !asked.Names("{cursor") && !asked.Names("{from"))
                yield return new("a cursor over HTTP needs the 'parameter' that carries it, or a request with {cursor} or {from}.", [$"{at}.{nameof(SourceDatasetDefinition.Cursor)}"]);
            if (IsAskedByHttp && dataset.Pagination is { Kind: not (PaginationKind.Link or PaginationKind.Url), Parameter: null or "" } && dataset.Request?.Names("{page}") is not true)
                yield return new("this kind of pagination needs a 'parameter', or a request with {page}.", [$"{at}.{nameof(SourceDatasetDefinition.Pagination)}"]);
            if (dataset.Format.Format is "csv" or "tsv" or "ndjson" && dataset.Pagination is { } pages && (pages.NextPath ?? pages.MorePath ?? pages.TotalPath) is { } inBody)
                yield return new($"'{inBody}' lies nowhere: {dataset.Format.Format} has records and nothing beside them.", [$"{at}.{nameof(SourceDatasetDefinition.Pagination)}"]);
            foreach (var (path, message) in PlaceholderChecks.Of(dataset))
                yield return new(message, [$"{at}.{path}"]);
            foreach (var (column, mapping) in dataset.Columns.Where(c => c.Value.Partition is not null))
            {
                var partition = dataset.Partitions.FirstOrDefault(p => p.Name == mapping.Partition);
                if (partition is null)
                    yield return new($"there is no partition '{mapping.Partition}': {Suggestion.Phrase(mapping.Partition!, [.. dataset.Partitions.Select(p => p.Name)])}", [$"{at}.{nameof(SourceDatasetDefinition.Columns)}[{column}]"]);
                else if (partition.Batch > 1)
                    yield return new($"the partition '{partition.Name}' is asked for in batches, so that nobody knows which value a record belongs to: expected a field of the record.", [$"{at}.{nameof(SourceDatasetDefinition.Columns)}[{column}]"]);
            }

            var partitions = $"{at}.{nameof(SourceDatasetDefinition.Partitions)}";
            foreach (var twice in dataset.Partitions.GroupBy(p => p.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
                yield return new($"the partition '{twice.Key}' is listed twice.", [partitions]);
            if (dataset.Partitions.Count(p => p.Dates is not null) > 1 || dataset.Partitions.Count(p => p.Batch > 1) > 1)
                yield return new("at most one partition is of 'dates', and at most one is asked for in batches.", [partitions]);
            if (dataset.Cursor is not null && dataset.Partitions.Any(p => p.Dates is not null))
                yield return new("which days are done is remembered: leave the 'cursor' out, or ask by its 'step' instead of by 'dates'.", [partitions]);
            foreach (var (partition, p) in dataset.Partitions.Select((partition, p) => (partition, p)))
            {
                if (partition.Parameter is null && dataset.Request is { } request && !request.Names($"{{{partition.Name}}}") && !request.Names($"{{{partition.Name}:"))
                    yield return new($"nothing carries the partition '{partition.Name}': expected a 'parameter', or a request with {{{partition.Name}}}.", [$"{at}.{nameof(SourceDatasetDefinition.Partitions)}[{p}]"]);
                if (partition.Parent is { } parent && (parent.Dataset == dataset.Dataset || !Datasets.Any(d => d.Dataset == parent.Dataset)))
                    yield return new($"there is no other dataset '{parent.Dataset}' in this source: {Suggestion.Phrase(parent.Dataset, [.. Datasets.Select(d => d.Dataset).Where(d => d != dataset.Dataset)])}", [$"{at}.{nameof(SourceDatasetDefinition.Partitions)}[{p}].{nameof(PartitionDefinition.Parent)}"]);
            }

            if (CircleFrom(dataset) is { } circle)
                yield return new($"the values of '{dataset.Dataset}' come from itself ({circle}): expected a parent that can be asked first.", [partitions]);
            if (Kind is SourceKind.File && dataset.Files is null)
                yield return new($"the dataset '{dataset.Dataset}' needs 'files', a pattern of file names such as '*.csv'.", [at]);
        }
    }

    // The way back to a dataset along its partitions' parents; null where it does not lead back.
    string? CircleFrom(SourceDatasetDefinition start)
    {
        HashSet<string> seen = [];
        return Follow(start, start.Dataset);

        string? Follow(SourceDatasetDefinition dataset, string way)
        {
            foreach (var parent in dataset.Partitions.Select(p => p.Parent?.Dataset).OfType<string>())
            {
                if (parent == start.Dataset)
                    return $"{way} → {parent}";
                if (seen.Add(parent) && Datasets.FirstOrDefault(d => d.Dataset == parent) is { } above && Follow(above, $"{way} → {parent}") is { } circle)
                    return circle;
            }

            return null;
        }
    }
}

/// <summary>One dataset as a source offers it.</summary>
public sealed record SourceDatasetDefinition
{
    /// <summary>Id of the dataset it goes into; see <see cref="DatasetDefinition"/>.</summary>
    [Required]
    public required string Dataset { get; init; }

    /// <summary>File names that belong to it, with <c>*</c> and <c>?</c>; for file sources. The first dataset whose pattern fits takes the file.</summary>
    public string? Files { get; init; }

    /// <summary>What to ask for, where the source is asked by HTTP.</summary>
    public RequestDefinition? Request { get; init; }

    /// <summary>What to read, where the source is another system.</summary>
    public ReadDefinition? Read { get; init; }

    /// <summary>Name of the manifest's stream that it is, where the source has a manifest.</summary>
    public string? Stream { get; init; }

    /// <summary>Values that it is asked for one by one, such as tickers; empty asks once.</summary>
    public IReadOnlyList<PartitionDefinition> Partitions { get; init; } = [];

    /// <summary>What follows the request, where it submits a job rather than being answered with data.</summary>
    public ExportDefinition? Export { get; init; }

    /// <summary>Answers that mean something else than their status says, first fit first.</summary>
    public IReadOnlyList<AnswerDefinition> Answers { get; init; } = [];

    /// <summary>How answers are split into pages; null means one answer is all.</summary>
    public PaginationDefinition? Pagination { get; init; }

    /// <summary>How later runs fetch only what is new; null fetches all every time.</summary>
    public CursorDefinition? Cursor { get; init; }

    /// <summary>How the bytes are read; what is left out is recognised.</summary>
    public FormatDefinition Format { get; init; } = new();

    /// <summary>Bounds of what is read.</summary>
    public ReadLimitsDefinition Limits { get; init; } = new();

    /// <summary>How the source's fields become the dataset's columns; empty takes all fields as they are.</summary>
    public IReadOnlyDictionary<string, ColumnMapping> Columns { get; init; } = new Dictionary<string, ColumnMapping>();
}

/// <summary>Where a column's values come from. Exactly one of <c>from</c>, <c>template</c>, <c>constant</c>, <c>partition</c> and <c>fileName</c>.</summary>
public sealed record ColumnMapping : IValidatableObject
{
    /// <summary>Name of the source's field.</summary>
    public string? From { get; init; }

    /// <summary>Fields that count, in this order, where the one of <see cref="From"/> has no value.</summary>
    public IReadOnlyList<string> Or { get; init; } = [];

    /// <summary>
    /// Text put together of fields and partitions: <c>{year}-{period}</c>. Where one of the fields has no value, the column has none.
    /// </summary>
    public string? Template { get; init; }

    /// <summary>
    /// The part of the field's value that <c>{value}</c> stands for: <c>edgar/data/*/{value}.txt</c>; <c>*</c> and <c>?</c> stand for any characters.
    /// A value that does not fit is none. With <see cref="From"/> or <see cref="Template"/>.
    /// </summary>
    public string? Part { get; init; }

    /// <summary>The same value in every row.</summary>
    public string? Constant { get; init; }

    /// <summary>The value of this partition of the request, for sources whose records do not repeat what they were asked for.</summary>
    public string? Partition { get; init; }

    /// <summary>
    /// The part of the file's name that <c>{value}</c> stands for, for files that do not repeat it inside: <c>TRADES_{value}.gz</c>. As in
    /// <see cref="SourceDatasetDefinition.Files"/>, <c>*</c> and <c>?</c> stand for any characters.
    /// </summary>
    public string? FileName { get; init; }

    /// <summary>The value where the field is empty or not there, written as the field's values are. With <see cref="From"/> or <see cref="Template"/>.</summary>
    public string? Default { get; init; }

    /// <summary>What the field's values become, such as <c>{ "0": P, "1": C }</c>; others stay. With <see cref="From"/>.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>How the values are written where that is not usual: a pattern of dates or times, as in .NET (<c>MM/dd/yyyy</c>).</summary>
    public string? Format { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if ((From is null ? 0 : 1) + (Template is null ? 0 : 1) + (Constant is null ? 0 : 1) + (Partition is null ? 0 : 1) + (FileName is null ? 0 : 1) != 1)
            yield return new("a column needs exactly one of 'from', 'template', 'constant', 'partition' and 'fileName'.");
        if (FileName is not null && !FileNamePattern.HasValue(FileName))
            yield return new($"'{FileName}' says nothing about where the value stands: expected one {FileNamePattern.Value} in it, such as 'TRADES_{FileNamePattern.Value}.gz'.", [nameof(FileName)]);
        if (From is null && Template is null && Default is not null)
            yield return new("'default' is for a field: expected 'from' or 'template'.", [nameof(Default)]);
        if (From is null && Template is null && Values.Count > 0)
            yield return new("'values' are those of a field: expected 'from' or 'template'.", [nameof(Values)]);
        if (Part is not null && From is null && Template is null)
            yield return new("'part' is of a field: expected 'from' or 'template'.", [nameof(Part)]);
        if (Part is not null && !FileNamePattern.HasValue(Part))
            yield return new($"'{Part}' says nothing about where the value stands: expected one {FileNamePattern.Value} in it, such as 'FX{FileNamePattern.Value}CAD'.", [nameof(Part)]);
        if (From is null && Or.Count > 0)
            yield return new("'or' names fields that stand in for another: expected 'from'.", [nameof(Or)]);
        if (Template is not null && !Template.Contains('{', StringComparison.Ordinal))
            yield return new($"the template '{Template}' names no field: expected one in braces, or 'constant'.", [nameof(Template)]);
    }
}

/// <summary>When a source runs by itself.</summary>
public sealed record ScheduleDefinition : IValidatableObject
{
    /// <summary>Five-field cron expression; exactly one of <c>cron</c> and <c>every</c>.</summary>
    public string? Cron { get; init; }

    /// <summary>Interval, counted from the Unix epoch so that all instances agree; at least 1 s.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>IANA time zone in which <see cref="Cron"/> is read; default UTC.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Cron is null == Every is null)
            yield return new("a schedule needs exactly one of 'cron' and 'every'.");
        if (Every is { } every && every < TimeSpan.FromSeconds(1))
            yield return new($"'{every}' is too often: expected at least 1s.", [nameof(Every)]);
    }
}
