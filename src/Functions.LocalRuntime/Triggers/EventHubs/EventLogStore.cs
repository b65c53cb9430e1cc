using System.Text;
using Microsoft.Data.Sqlite;

namespace DataIngestion.LocalRuntime.Triggers.EventHubs;

/// <summary>The log's file. Writers take turns outside; every read has a connection of its own from the pool.</summary>
internal sealed class EventLogStore : IDisposable
{
    const string Schema = """
        CREATE TABLE IF NOT EXISTS hubs (name TEXT PRIMARY KEY, partitions INTEGER NOT NULL, turn INTEGER NOT NULL, bytes INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS events (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, hub TEXT NOT NULL, partition INTEGER NOT NULL, key TEXT, body BLOB NOT NULL, at INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS events_by_partition ON events (hub, partition, seq);
        CREATE INDEX IF NOT EXISTS events_by_hub ON events (hub, seq);
        CREATE TABLE IF NOT EXISTS checkpoints (
            hub TEXT NOT NULL, grp TEXT NOT NULL, partition INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (hub, grp, partition)) WITHOUT ROWID;
        """;

    readonly string _connection;
    readonly SqliteConnection _writer;

    public EventLogStore(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _connection = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30 }.ToString();
        _writer = Open();
        Run(_writer, "PRAGMA journal_mode = WAL;");
        Run(_writer, "PRAGMA synchronous = NORMAL;");
        Run(_writer, Schema);
    }

    public IReadOnlyList<long> Append(string hub, IReadOnlyList<EventToAppend> events, int partitions, DateTimeOffset at)
    {
        using var transaction = _writer.BeginTransaction(deferred: false);
        var (count, turn) = Hub(hub, partitions);
        var sequences = new long[events.Count];
        var bytes = 0L;
        using (var insert = Command(_writer, "INSERT INTO events (hub, partition, key, body, at) VALUES ($hub, $partition, $key, $body, $at) RETURNING seq"))
        {
            insert.Parameters.AddWithValue("$hub", hub);
            insert.Parameters.AddWithValue("$at", at.UtcTicks);
            var partition = insert.Parameters.Add("$partition", SqliteType.Integer);
            var key = insert.Parameters.Add("$key", SqliteType.Text);
            var body = insert.Parameters.Add("$body", SqliteType.Blob);
            for (var i = 0; i < events.Count; i++)
            {
                partition.Value = events[i].PartitionKey is { } named ? PartitionOf(named, count) : (int)(turn++ % count);
                key.Value = (object?)events[i].PartitionKey ?? DBNull.Value;
                body.Value = events[i].Body.ToArray();
                bytes += events[i].Body.Length;
                sequences[i] = (long)insert.ExecuteScalar()!;
            }
        }

        using (var update = Command(_writer, "UPDATE hubs SET turn = $turn, bytes = bytes + $bytes WHERE name = $hub"))
        {
            update.Parameters.AddWithValue("$turn", turn);
            update.Parameters.AddWithValue("$bytes", bytes);
            update.Parameters.AddWithValue("$hub", hub);
            update.ExecuteNonQuery();
        }

        transaction.Commit();
        return sequences;
    }

    /// <summary>Drops events older than a time, and then the oldest until a hub's bodies fit a size.</summary>
    public void Trim(string hub, DateTimeOffset olderThan, long maxBytes)
    {
        using var transaction = _writer.BeginTransaction(deferred: false);
        using (var old = Command(_writer, "DELETE FROM events WHERE hub = $hub AND at < $at"))
        {
            old.Parameters.AddWithValue("$hub", hub);
            old.Parameters.AddWithValue("$at", olderThan.UtcTicks);
            old.ExecuteNonQuery();
        }

        using (var large = Command(_writer, """
            DELETE FROM events WHERE hub = $hub AND seq <= (
                SELECT max(seq) FROM (SELECT seq, sum(length(body)) OVER (ORDER BY seq DESC) AS kept FROM events WHERE hub = $hub) WHERE kept > $bytes)
            """))
        {
            large.Parameters.AddWithValue("$hub", hub);
            large.Parameters.AddWithValue("$bytes", maxBytes);
            // Only a hub that has grown beyond its size is summed up.
            if (Bytes(hub) > maxBytes)
                large.ExecuteNonQuery();
        }

        using (var recount = Command(_writer, "UPDATE hubs SET bytes = (SELECT coalesce(sum(length(body)), 0) FROM events WHERE hub = $hub) WHERE name = $hub AND bytes > $bytes"))
        {
            recount.Parameters.AddWithValue("$hub", hub);
            recount.Parameters.AddWithValue("$bytes", maxBytes);
            recount.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    public IReadOnlyList<LoggedEvent> Read(string hub, int? partition, long from, int limit)
    {
        using var connection = Open();
        using var query = Command(connection, partition is null
            ? "SELECT seq, partition, key, body, at FROM events WHERE hub = $hub AND seq >= $from ORDER BY seq LIMIT $limit"
            : "SELECT seq, partition, key, body, at FROM events WHERE hub = $hub AND partition = $partition AND seq >= $from ORDER BY seq LIMIT $limit");
        query.Parameters.AddWithValue("$hub", hub);
        query.Parameters.AddWithValue("$from", from);
        query.Parameters.AddWithValue("$limit", limit);
        if (partition is not null)
            query.Parameters.AddWithValue("$partition", partition);
        using var rows = query.ExecuteReader();
        var events = new List<LoggedEvent>();
        while (rows.Read())
        {
            events.Add(new(
                hub, rows.GetInt32(1), rows.GetInt64(0), rows.IsDBNull(2) ? null : rows.GetString(2),
                rows.GetFieldValue<byte[]>(3), new DateTimeOffset(rows.GetInt64(4), TimeSpan.Zero)));
        }

        return events;
    }

    public IReadOnlyList<string> Hubs()
    {
        using var connection = Open();
        using var query = Command(connection, "SELECT name FROM hubs ORDER BY name");
        using var rows = query.ExecuteReader();
        var names = new List<string>();
        while (rows.Read())
            names.Add(rows.GetString(0));
        return names;
    }

    public int PartitionsOf(string hub, int partitions)
    {
        using var connection = Open();
        using var query = Command(connection, """
            INSERT INTO hubs (name, partitions, turn, bytes) VALUES ($hub, $partitions, 0, 0) ON CONFLICT DO UPDATE SET partitions = partitions RETURNING partitions
            """);
        query.Parameters.AddWithValue("$hub", hub);
        query.Parameters.AddWithValue("$partitions", partitions);
        return (int)(long)query.ExecuteScalar()!;
    }

    /// <summary>The sequence a group has done; 0 if it never began, because a new group reads from the start.</summary>
    public long Checkpoint(string hub, string group, int partition)
    {
        using var connection = Open();
        using var query = Command(connection, "SELECT seq FROM checkpoints WHERE hub = $hub AND grp = $group AND partition = $partition");
        query.Parameters.AddWithValue("$hub", hub);
        query.Parameters.AddWithValue("$group", group);
        query.Parameters.AddWithValue("$partition", partition);
        return query.ExecuteScalar() is long sequence ? sequence : 0;
    }

    public void SetCheckpoint(string hub, string group, int partition, long sequence)
    {
        using var update = Command(_writer, """
            INSERT INTO checkpoints (hub, grp, partition, seq) VALUES ($hub, $group, $partition, $seq) ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)
            """);
        update.Parameters.AddWithValue("$hub", hub);
        update.Parameters.AddWithValue("$group", group);
        update.Parameters.AddWithValue("$partition", partition);
        update.Parameters.AddWithValue("$seq", sequence);
        update.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _writer.Dispose();
        using var any = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(any);
    }

    (int Partitions, long Turn) Hub(string hub, int partitions)
    {
        using var query = Command(_writer, """
            INSERT INTO hubs (name, partitions, turn, bytes) VALUES ($hub, $partitions, 0, 0) ON CONFLICT DO UPDATE SET partitions = partitions RETURNING partitions, turn
            """);
        query.Parameters.AddWithValue("$hub", hub);
        query.Parameters.AddWithValue("$partitions", partitions);
        using var row = query.ExecuteReader();
        row.Read();
        return (row.GetInt32(0), row.GetInt64(1));
    }

    long Bytes(string hub)
    {
        using var query = Command(_writer, "SELECT bytes FROM hubs WHERE name = $hub");
        query.Parameters.AddWithValue("$hub", hub);
        return query.ExecuteScalar() is long bytes ? bytes : 0;
    }

    /// <summary>FNV-1a: the same in every process and version, unlike a string's own hash code.</summary>
    static int PartitionOf(string key, int partitions)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(key))
            hash = unchecked((hash ^ b) * 16777619u);
        return (int)(hash % (uint)partitions);
    }

    SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();
        return connection;
    }

    static SqliteCommand Command(SqliteConnection connection, string text)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        return command;
    }

    static void Run(SqliteConnection connection, string text)
    {
        using var command = Command(connection, text);
        command.ExecuteNonQuery();
    }
}
