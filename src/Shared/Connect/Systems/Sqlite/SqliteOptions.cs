namespace DataIngestion.Connect;

/// <summary>Options of a SQLite file.</summary>
public sealed record SqliteOptions
{
    /// <summary>
    /// Whether nobody writes the file while it is read, which is neither locked nor checked then: for read-only media, where a database
    /// with a write-ahead log cannot be opened otherwise. Default false.
    /// </summary>
    public bool Immutable { get; init; }
}
