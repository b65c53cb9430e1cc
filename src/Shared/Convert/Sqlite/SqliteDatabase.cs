using System.Buffers.Binary;
using DataIngestion.Conversion.Formats;
using SQLitePCL;

namespace DataIngestion.Conversion.Sqlite;

/// <summary>
/// A copy of a database, opened for reading alone. A file that is not trusted is opened as sqlite.org/security.html advises: defensive, its schema not trusted
/// (no function with side effects runs from a view), no triggers, extensions or memory mapping, checks of cell sizes, low limits, and an end to statements that only compute.
/// </summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    const int HeaderBytes = 100;
    const int WalMode = 2;
    const int MostSqlBytes = 1_000_000;
    const int StepsBetweenLooks = 100_000;

    static readonly (int Option, int Value)[] Guards =
    [
        (raw.SQLITE_DBCONFIG_DEFENSIVE, 1), (raw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0), (raw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0),
        (raw.SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0), (raw.SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0),
    ];

    static readonly string[] Settings = ["PRAGMA query_only=ON", "PRAGMA cell_size_check=ON", "PRAGMA mmap_size=0", "PRAGMA cache_size=-8192", "PRAGMA temp_store=FILE"];

    readonly string _path;
    readonly sqlite3 _handle;
    readonly delegate_progress _look;
    readonly List<string> _notes = [];
    SqliteRows? _reading;

    static SqliteDatabase() => Batteries_V2.Init();

    SqliteDatabase(string path, long length)
    {
        (_path, Length) = (path, length);
        var opened = raw.sqlite3_open_v2($"file:{path}?immutable=1", out _handle, raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_URI | raw.SQLITE_OPEN_PRIVATECACHE, null);
        _look = _ => _reading is { IsToStop: true } ? 1 : 0;
        try
        {
            Check(opened);
            foreach (var (option, value) in Guards)
                Check(raw.sqlite3_db_config(_handle, option, value, out _));
            raw.sqlite3_progress_handler(_handle, StepsBetweenLooks, _look, null);
            foreach (var setting in Settings)
                Check(raw.sqlite3_exec(_handle, setting));
        }
        catch
        {
            _handle.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>What people should know about the file.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Copies the content and opens it.</summary>
    /// <exception cref="InvalidDataException">It is no database, or cut off.</exception>
    /// <exception cref="NotSupportedException">It is in the middle of a transaction.</exception>
    public static async ValueTask<SqliteDatabase> OpenAsync(Stream content, ConversionLimits limits, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderBytes];
        content.Position = 0;
        var read = await content.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, cancellationToken);
        CheckHeader(header.AsSpan(0, read), content.Length);
        var beside = Beside(content);
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            content.Position = 0;
            await using (var copy = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous))
                await content.CopyToAsync(copy, 1 << 20, cancellationToken);
            var database = new SqliteDatabase(path, content.Length);
            database.Bound(limits);
            if (beside is not null)
                database._notes.Add(beside);
            else if (header[19] == WalMode)
                database._notes.Add("The database is in WAL mode: what its -wal file held when it was copied is not in it. Have it checkpointed before it is delivered.");
            return database;
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>The tables and views; virtual tables, whose rows only code knows, and what SQLite keeps for itself are not read.</summary>
    public TableList Tables()
    {
        var (tables, views, isVirtual) = (new List<string>(), new List<string>(), new List<string>());
        using (var list = Query("PRAGMA main.table_list", long.MaxValue, CancellationToken.None))
        {
            while (list.Next())
            {
                var (name, kind) = (list.Text(1), list.Text(2));
                if (!name.StartsWith("sqlite_", StringComparison.OrdinalIgnoreCase))
                    (kind switch { "table" => tables, "view" => views, _ => isVirtual }).Add(name);
            }
        }

        if (isVirtual.Count > 0 && !_notes.Exists(n => n.StartsWith("Virtual", StringComparison.Ordinal)))
            _notes.Add($"Virtual tables and what they are stored in are not read: {string.Join(", ", isVirtual.Order(StringComparer.Ordinal).Take(10))}.");
        tables.Sort(StringComparer.Ordinal);
        views.Sort(StringComparer.Ordinal);
        return new([.. tables, .. views], tables.Count == 1 ? tables[0] : null);
    }

    /// <summary>All rows of a table or view.</summary>
    public SqliteRows Rows(string table, CancellationToken cancellationToken) =>
        Query($"SELECT * FROM main.\"{table.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", SqliteRows.MostRows(Length), cancellationToken);

    SqliteRows Query(string sql, long mostRows, CancellationToken cancellationToken)
    {
        // The statement is compiled under the same watch as it runs.
        var rows = new SqliteRows(this, mostRows, cancellationToken);
        _reading = rows;
        Check(raw.sqlite3_prepare_v2(_handle, sql, out var statement));
        rows.Begin(statement);
        return rows;
    }

    /// <summary>Fails with a sentence where SQLite says so.</summary>
    public void Check(int code)
    {
        if (code is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)
            return;
        var why = _handle.IsInvalid ? raw.sqlite3_errstr(code).utf8_to_string() : raw.sqlite3_errmsg(_handle).utf8_to_string();
        throw (code & 0xFF) switch
        {
            raw.SQLITE_INTERRUPT => new InvalidDataException("The SQLite database computes without giving a row, and is not read further. Have the view delivered as a table."),
            raw.SQLITE_TOOBIG => new InvalidDataException("The SQLite database has a value or statement that is longer than the limit 'recordBytes' allows."),
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new InvalidDataException($"The SQLite database is damaged, cut off or encrypted: {why}."),
            raw.SQLITE_NOMEM => new InvalidDataException("The SQLite database asks for more memory than there is."),
            _ => new InvalidDataException($"The SQLite database cannot be read: {why}."),
        };
    }

    public ValueTask DisposeAsync()
    {
        _handle.Dispose();
        File.Delete(_path);
        return ValueTask.CompletedTask;
    }

    void Bound(ConversionLimits limits)
    {
        raw.sqlite3_limit(_handle, raw.SQLITE_LIMIT_LENGTH, Math.Max(limits.MaxRecordBytes, MostSqlBytes));
        raw.sqlite3_limit(_handle, raw.SQLITE_LIMIT_SQL_LENGTH, MostSqlBytes);
        raw.sqlite3_limit(_handle, raw.SQLITE_LIMIT_EXPR_DEPTH, 100);
        raw.sqlite3_limit(_handle, raw.SQLITE_LIMIT_ATTACHED, 0);
        raw.sqlite3_limit(_handle, raw.SQLITE_LIMIT_VDBE_OP, 250_000);
        raw.sqlite3_limit(_handle, raw.SQLITE_LIMIT_WORKER_THREADS, 0);
        raw.sqlite3_limit(_handle, raw.SQLITE_LIMIT_TRIGGER_DEPTH, 1);
    }

    /// <summary>The header of the file format (sqlite.org/fileformat2.html, 1.3).</summary>
    static void CheckHeader(ReadOnlySpan<byte> header, long length)
    {
        if (!header.StartsWith("SQLite format 3\0"u8))
            throw new InvalidDataException("The content is not a SQLite 3 database, or is encrypted.");
        if (header.Length < HeaderBytes)
            throw new InvalidDataException($"The SQLite database is cut off: it has {length} bytes.");
        var pageSize = BinaryPrimitives.ReadUInt16BigEndian(header[16..]) is 1 ? 65_536L : BinaryPrimitives.ReadUInt16BigEndian(header[16..]);
        var pages = BinaryPrimitives.ReadUInt32BigEndian(header[28..]);
        var isCounted = header[24..28].SequenceEqual(header[92..96]);
        if (isCounted && pages * pageSize > length)
            throw new InvalidDataException($"The SQLite database is cut off: it has {length} bytes of {pages * pageSize}.");
    }

    /// <summary>What lies beside a file and belongs to it: a journal means that a transaction was not finished, a write-ahead log that rows are missing.</summary>
    static string? Beside(Stream content)
    {
        if (content is not FileStream { Name.Length: > 0 } file)
            return null;
        if (new FileInfo(file.Name + "-journal") is { Exists: true, Length: > 0 } journal && IsHot(journal))
            throw new NotSupportedException($"Beside the SQLite database lies the journal '{journal.Name}' of a transaction that was not finished: open it once with SQLite, or have a backup delivered.");
        return new FileInfo(file.Name + "-wal") is { Exists: true, Length: > 0 } wal
            ? $"Beside the SQLite database lies '{wal.Name}' with {wal.Length} bytes of changes that are not in it, and are not read. Have it checkpointed."
            : null;
    }

    static bool IsHot(FileInfo journal)
    {
        using var file = journal.OpenRead();
        return file.ReadByte() > 0;
    }
}
