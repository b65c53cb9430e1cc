using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Connect;

/// <summary>Which of several hosts is taken.</summary>
public enum PostgreSqlTarget
{
    /// <summary>The first that lets us in.</summary>
    Any,

    /// <summary>The first that is not in recovery.</summary>
    Primary,

    /// <summary>The first that is in recovery.</summary>
    Standby,

    /// <summary>The first that is in recovery; where there is none, the first.</summary>
    PreferStandby,
}

/// <summary>Options of a connection to PostgreSQL.</summary>
public sealed record PostgreSqlOptions
{
    /// <summary>Further hosts, <c>name</c> or <c>name:port</c>, tried in order behind the base address's.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Which of the hosts is taken; default any.</summary>
    public PostgreSqlTarget Target { get; init; }

    /// <summary>Whether the connection is encrypted, as the connection's <c>tls</c> says; default true.</summary>
    public bool Encrypt { get; init; } = true;

    /// <summary>Schemas in which names without one are looked for; default the server's setting.</summary>
    public IReadOnlyList<string> SearchPath { get; init; } = [];

    /// <summary>Longest that one statement may take, its rows included; default the limits' <c>totalTimeout</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "7.00:00:00")]
    public TimeSpan? StatementTimeout { get; init; }

    /// <summary>Longest wait for a lock; default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>How rows are landed.</summary>
public enum PostgreSqlFormat
{
    /// <summary>As the server's COPY writes CSV: null is empty, an empty text is "".</summary>
    Csv,

    /// <summary>As the server's row_to_json writes rows: types of JSON are kept.</summary>
    Ndjson,
}

/// <summary>What is read.</summary>
public enum PostgreSqlMode
{
    /// <summary>The rows that there are.</summary>
    Rows,

    /// <summary>Changes as they are committed, by logical replication.</summary>
    Changes,
}

/// <summary>What becomes of a reading whose replication slot is gone.</summary>
public enum PostgreSqlSlotLoss
{
    /// <summary>It fails: changes may be lost, and somebody has to know.</summary>
    Fail,

    /// <summary>It begins anew with a snapshot of all rows.</summary>
    Snapshot,
}

/// <summary>What is read of PostgreSQL.</summary>
public sealed record PostgreSqlReadOptions : SqlReadOptions
{
    /// <summary>Rows or changes; default rows.</summary>
    public PostgreSqlMode Mode { get; init; }

    /// <summary>Format of rows; default csv. Changes are always NDJSON.</summary>
    public PostgreSqlFormat Format { get; init; }

    /// <summary>For changes: further tables beside <c>object</c>.</summary>
    public IReadOnlyList<string> Tables { get; init; } = [];

    /// <summary>For changes: name of the publication, made when it is missing; default <c>ingest_SOURCE_DATASET</c>.</summary>
    public string? Publication { get; init; }

    /// <summary>For changes: name of the replication slot, made when it is missing; default like the publication.</summary>
    [RegularExpression("[a-z0-9_]{1,63}", ErrorMessage = "a slot's name has up to 63 characters of a-z, 0-9 and _.")]
    public string? Slot { get; init; }

    /// <summary>For changes: whether the first run reads the rows that are there, as they were when the slot began; default true.</summary>
    public bool Snapshot { get; init; } = true;

    /// <summary>For changes: what becomes of a reading whose slot is gone; default fail.</summary>
    public PostgreSqlSlotLoss SlotLoss { get; init; }
}
