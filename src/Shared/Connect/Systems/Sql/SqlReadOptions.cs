namespace DataIngestion.Connect;

/// <summary>What is read of a database: the table or view named by <c>object</c>, or a query.</summary>
public record SqlReadOptions
{
    /// <summary>
    /// A SELECT instead of a table. <c>{from}</c> and <c>{to}</c> become bound parameters: where the run begins (null at first when
    /// the cursor has no <c>start</c>) and the end of its window, by default the database's time.
    /// </summary>
    public string? Query { get; init; }

    /// <summary>Columns to read; default all. Cursor and key must be among them.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>
    /// Condition in SQL that every row must meet. It is trusted configuration and goes into the statement as it is written; what is
    /// not known in advance belongs into a query's parameters.
    /// </summary>
    public string? Where { get; init; }

    /// <summary>
    /// Columns that tell rows apart, so that reading may stop and continue between any two; default the table's primary key. Without
    /// them a part ends where the cursor's value changes, or not at all without a cursor.
    /// </summary>
    public IReadOnlyList<string> Key { get; init; } = [];
}
