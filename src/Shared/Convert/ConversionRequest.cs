using DataIngestion.Tabular;

namespace DataIngestion.Conversion;

/// <summary>How column types are found.</summary>
public enum TypesMode
{
    /// <summary>From every value of the input.</summary>
    Infer,

    /// <summary>Every column is text and every cell is kept as written.</summary>
    Text,
}

/// <summary>What happens when the input does not have the expected schema.</summary>
public enum SchemaPolicy
{
    /// <summary>New columns are added, and a type is widened (at last to text) so that every value fits.</summary>
    Evolve,

    /// <summary>The conversion fails with what differs.</summary>
    Freeze,

    /// <summary>A row with a value that does not fit is rejected; columns that are not expected are left out and reported.</summary>
    DiscardRow,

    /// <summary>A value that does not fit is reported and becomes null (its row is rejected where null is not allowed).</summary>
    DiscardValue,
}

/// <summary>What a conversion writes.</summary>
public enum OutputFormat
{
    /// <summary>Apache Parquet.</summary>
    Parquet,

    /// <summary>RFC 4180 with a header, UTF-8, lines ended by <c>\n</c>.</summary>
    Csv,

    /// <summary>One JSON object a line, UTF-8.</summary>
    Ndjson,

    /// <summary>Apache Avro, an object container file.</summary>
    Avro,

    /// <summary>Apache Arrow IPC: the file format, which is Feather V2.</summary>
    Arrow,
}

/// <summary>Where rows came from: the values of <c>_source</c>, <c>_run</c> and <c>_known_at</c>; <c>_row</c> is the record's number in the input, from 1.</summary>
public sealed record LineageStamp(string Source, string Run, DateTimeOffset KnownAt);

/// <summary>What to convert, and how.</summary>
public sealed record ConversionRequest
{
    /// <summary>What is known about the format.</summary>
    public FormatHint Hint { get; init; } = FormatHint.None;

    /// <summary>The file's name, for recognition and messages.</summary>
    public string? Name { get; init; }

    /// <summary>The file to read where the input is a zip archive; null for the only one.</summary>
    public string? Entry { get; init; }

    /// <summary>The columns that are expected, matched by name; null to take what the input has.</summary>
    public DataSchema? Schema { get; init; }

    /// <summary>Where the columns of <see cref="Schema"/> come from; empty matches them by name. With a mapping the schema is whole: nothing is added to it.</summary>
    public IReadOnlyList<MappedColumn> Mapping { get; init; } = [];

    /// <summary>What becomes of records before their fields are mapped; null for nothing. Not for formats of typed columns.</summary>
    public RecordShaping? Shaping { get; init; }

    /// <summary>Rules that a row can break by its values; a row that does is rejected.</summary>
    public IReadOnlyList<IRowCheck> Checks { get; init; } = [];

    /// <summary>Zero-based places, ascending, of records that are passed over: neither rows in nor rejected.</summary>
    public IReadOnlyList<long> SkipRecords { get; init; } = [];

    /// <summary>How types are found where <see cref="Schema"/> does not give them.</summary>
    public TypesMode Types { get; init; }

    /// <summary>What happens when the input does not have <see cref="Schema"/>.</summary>
    public SchemaPolicy Policy { get; init; }

    /// <summary>Adds the columns <c>_source</c>, <c>_run</c>, <c>_row</c> and <c>_known_at</c>; null for none.</summary>
    public LineageStamp? Lineage { get; init; }

    /// <summary>
    /// Whether types are always inferred from every value before the first row is written, so that the report tells about all of them. Otherwise
    /// they may be found in the first rows and every later value checked against them, in one reading; schema and rows are the same either way.
    /// </summary>
    public bool ProfileFirst { get; init; }

    /// <summary>Bounds.</summary>
    public ConversionLimits Limits { get; init; } = new();

    /// <summary>Threads that read, parse and encode, from 1. Default: the machine's processors. The output does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>The format of the output.</summary>
    public OutputFormat Output { get; init; }

    /// <summary>How a Parquet file is written.</summary>
    public ParquetWriteOptions Parquet { get; init; } = new();

    /// <summary>How an Avro file is written.</summary>
    public AvroWriteOptions Avro { get; init; } = new();

    /// <summary>How an Arrow file is written.</summary>
    public ArrowWriteOptions Arrow { get; init; } = new();
}
