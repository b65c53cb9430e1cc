namespace DataIngestion.Connect;

/// <summary>What one reading reads, settled.</summary>
/// <param name="Name">What is read, for people.</param>
/// <param name="Statement">The statement.</param>
/// <param name="Selected">Columns that it gives, in order.</param>
/// <param name="Order">Columns that order the rows: the cursor, then the key.</param>
/// <param name="HasCursor">Whether the first of them is the cursor.</param>
/// <param name="Range">Which rows.</param>
internal sealed record SqlScan(string Name, SqlStatement Statement, IReadOnlyList<SqlColumn> Selected, IReadOnlyList<SqlColumn> Order, bool HasCursor, SqlRange Range)
{
    /// <summary>Nothing is left to read.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>Rows whose cursor has no value: no run ever reads them.</summary>
    public long RowsWithoutCursor { get; init; }
}
