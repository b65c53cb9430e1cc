using SQLitePCL;

namespace DataIngestion.Conversion.Sqlite;

/// <summary>The rows of one statement.</summary>
internal sealed class SqliteRows(SqliteDatabase database, long mostRows, CancellationToken cancellationToken) : IDisposable
{
    /// <summary>Looks, 100,000 steps of the virtual machine apart, without a row: 500 million steps take a quarter of a minute.</summary>
    const int MostLooks = 5_000;
    const long FreeRows = 4 << 20;
    const int MostRowsPerByte = 1_000;

    sqlite3_stmt? _statement;
    long _rows;
    int _looks;

    /// <summary>How many rows a file may have: each of a table takes two bytes, but a view may multiply them.</summary>
    public static long MostRows(long fileLength) => Math.Max(FreeRows, fileLength * MostRowsPerByte);

    /// <summary>Called while SQLite computes.</summary>
    public bool IsToStop => ++_looks > MostLooks || cancellationToken.IsCancellationRequested;

    public int Columns => raw.sqlite3_column_count(_statement);

    public void Begin(sqlite3_stmt statement) => _statement = statement;

    /// <summary>Goes to the next row; false at the end.</summary>
    public bool Next()
    {
        _looks = 0;
        var code = raw.sqlite3_step(_statement);
        cancellationToken.ThrowIfCancellationRequested();
        database.Check(code);
        if (code == raw.SQLITE_ROW && ++_rows > mostRows)
            throw new InvalidDataException($"The SQLite database gives more than {mostRows} rows out of {database.Length} bytes, and is not read further.");
        return code == raw.SQLITE_ROW;
    }

    public string NameOf(int column) => raw.sqlite3_column_name(_statement, column).utf8_to_string() ?? "";

    /// <summary>The type that the table declares; empty for expressions.</summary>
    public string DeclaredTypeOf(int column) => raw.sqlite3_column_decltype(_statement, column).utf8_to_string() ?? "";

    /// <summary>The storage class of a value: one of SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_TEXT, SQLITE_BLOB, SQLITE_NULL.</summary>
    public int ClassOf(int column) => raw.sqlite3_column_type(_statement, column);

    public long Integer(int column) => raw.sqlite3_column_int64(_statement, column);

    public double Real(int column) => raw.sqlite3_column_double(_statement, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string() ?? "";

    /// <summary>Bytes, or text as UTF-8; valid until the next row.</summary>
    public ReadOnlySpan<byte> Bytes(int column)
    {
        // Text of a database in UTF-16 is converted when it is asked for as text; its bytes are asked for after that, because a NUL does not end them.
        if (ClassOf(column) == raw.SQLITE_TEXT)
            raw.sqlite3_column_text(_statement, column);
        return raw.sqlite3_column_blob(_statement, column);
    }

    public void Dispose() => _statement?.Dispose();
}
