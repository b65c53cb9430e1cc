using Microsoft.Data.Sqlite;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>The tables of the history file. Times are UTC ticks.</summary>
internal static class Schema
{
    const int Version = 1;

    const string Tables = """
        CREATE TABLE instances (
            key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, status INTEGER NOT NULL, execution INTEGER NOT NULL,
            created INTEGER NOT NULL, updated INTEGER NOT NULL, input TEXT, output TEXT, custom_status TEXT, failure TEXT,
            parent INTEGER, parent_execution INTEGER, parent_task INTEGER, parent_id TEXT, parent_name TEXT);
        CREATE INDEX instances_parent ON instances (parent) WHERE parent IS NOT NULL;
        CREATE TABLE history (
            instance INTEGER NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL, at INTEGER NOT NULL, task INTEGER NOT NULL, name TEXT, data TEXT,
            PRIMARY KEY (instance, seq)) WITHOUT ROWID;
        CREATE TABLE inbox (
            instance INTEGER NOT NULL, seq INTEGER NOT NULL, execution INTEGER NOT NULL, kind INTEGER NOT NULL, at INTEGER NOT NULL, task INTEGER NOT NULL,
            name TEXT, data TEXT,
            PRIMARY KEY (instance, seq)) WITHOUT ROWID;
        CREATE TABLE activities (
            seq INTEGER PRIMARY KEY, instance INTEGER NOT NULL, execution INTEGER NOT NULL, instance_id TEXT NOT NULL, task INTEGER NOT NULL,
            name TEXT NOT NULL, input TEXT);
        CREATE TABLE timers (
            instance INTEGER NOT NULL, execution INTEGER NOT NULL, task INTEGER NOT NULL, fire_at INTEGER NOT NULL,
            PRIMARY KEY (instance, execution, task)) WITHOUT ROWID;
        CREATE INDEX timers_due ON timers (fire_at);
        """;

    /// <summary>Opens the file for the one connection that writes, creating it if need be.</summary>
    /// <exception cref="InvalidDataException">The file was written by a newer version.</exception>
    public static SqliteConnection OpenForWriting(string path)
    {
        var connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            // NORMAL: a commit survives the death of the process; losing power may undo the last ones but never tears the file (ADR 0003).
            Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384;");
            var version = Convert.ToInt64(Scalar(connection, "PRAGMA user_version"));
            if (version > Version)
                throw new InvalidDataException($"{path}: the history has format {version}, this program knows up to {Version}. Use the newer program, or move the file away to start afresh.");
            if (version == 0)
                Run(connection, $"BEGIN IMMEDIATE; {Tables} PRAGMA user_version = {Version}; COMMIT;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static SqliteConnection OpenForReading(string path)
    {
        var connection = Open(path, SqliteOpenMode.ReadWrite);
        Run(connection, "PRAGMA query_only = ON; PRAGMA cache_size = -4096;");
        return connection;
    }

    static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 1 }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
