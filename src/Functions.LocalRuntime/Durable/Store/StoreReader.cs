using Microsoft.Data.Sqlite;
using Microsoft.DurableTask.Client;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>A reading connection; used by one caller at a time.</summary>
internal sealed class StoreReader : IDisposable
{
    const string Columns =
        "key, id, name, status, execution, created, updated, input, output, custom_status, failure, parent, parent_execution, parent_task, parent_id, parent_name";

    readonly SqliteConnection _connection;
    readonly Statement _byKey;
    readonly Statement _byId;
    readonly Statement _inbox;
    readonly Statement _history;
    readonly Statement _activities;
    readonly Statement _ready;

    public StoreReader(string path)
    {
        _connection = Schema.OpenForReading(path);
        _byKey = new(_connection, $"SELECT {Columns} FROM instances WHERE key = $1", 1);
        _byId = new(_connection, $"SELECT {Columns} FROM instances WHERE id = $1", 1);
        _inbox = new(_connection, "SELECT seq, execution, kind, at, task, name, data FROM inbox WHERE instance = $1 ORDER BY seq LIMIT $2", 2);
        _history = new(_connection, "SELECT kind, at, task, name, data FROM history WHERE instance = $1 ORDER BY seq", 1);
        _activities = new(
            _connection, "SELECT seq, instance, execution, instance_id, task, name, input FROM activities WHERE seq > $1 ORDER BY seq LIMIT $2", 2);
        _ready = new(_connection, "SELECT DISTINCT instance FROM inbox", 0);
    }

    public InstanceRow? Find(long key) => ReadOne(_byKey, key);

    public InstanceRow? Find(string instanceId) => ReadOne(_byId, instanceId);

    /// <summary>The oldest messages of an instance.</summary>
    public List<InboxMessage> Inbox(long key, int limit)
    {
        var messages = new List<InboxMessage>();
        using var rows = _inbox.Query(key, limit);
        while (rows.Read())
            messages.Add(new(rows.GetInt64(0), rows.GetInt32(1), ReadEvent(rows, 2)));
        return messages;
    }

    /// <summary>The history, row by row while it is enumerated.</summary>
    public IEnumerable<HistoryEvent> History(long key)
    {
        using var rows = _history.Query(key);
        while (rows.Read())
            yield return ReadEvent(rows, 0);
    }

    public List<ActivityWork> Activities(long after, int limit)
    {
        var work = new List<ActivityWork>();
        using var rows = _activities.Query(after, limit);
        while (rows.Read())
        {
            work.Add(new(
                rows.GetInt64(0), rows.GetInt64(1), rows.GetInt32(2), rows.GetString(3), rows.GetInt32(4), rows.GetString(5), Text(rows, 6)));
        }

        return work;
    }

    /// <summary>Instances that have messages.</summary>
    public List<long> Ready()
    {
        var keys = new List<long>();
        using var rows = _ready.Query();
        while (rows.Read())
            keys.Add(rows.GetInt64(0));
        return keys;
    }

    /// <summary>A page of instances in the order of their creation.</summary>
    /// <param name="after">The key the page begins after.</param>
    public List<InstanceRow> Query(OrchestrationQuery filter, long after, int limit)
    {
        using var command = _connection.CreateCommand();
        var where = new List<string> { "key > $after" };
        command.Parameters.AddWithValue("$after", after);
        command.Parameters.AddWithValue("$limit", limit);
        if (filter.CreatedFrom is { } from)
        {
            where.Add("created >= $from");
            command.Parameters.AddWithValue("$from", from.UtcTicks);
        }

        if (filter.CreatedTo is { } to)
        {
            where.Add("created <= $to");
            command.Parameters.AddWithValue("$to", to.UtcTicks);
        }

        if (filter.Statuses?.Distinct().Select(status => (int)status).ToArray() is { Length: > 0 } statuses)
            where.Add($"status IN ({string.Join(',', statuses)})");
        if (!string.IsNullOrEmpty(filter.InstanceIdPrefix))
        {
            where.Add("substr(id, 1, length($prefix)) = $prefix");
            command.Parameters.AddWithValue("$prefix", filter.InstanceIdPrefix);
        }

#pragma warning disable CA2100 // column names, numbers and parameters
        command.CommandText = $"SELECT {Columns} FROM instances WHERE {string.Join(" AND ", where)} ORDER BY key LIMIT $limit";
#pragma warning restore CA2100
        var page = new List<InstanceRow>();
        using var rows = command.ExecuteReader();
        while (rows.Read())
            page.Add(ReadInstance(rows));
        return page;
    }

    public void Dispose()
    {
        Statement[] all = [_byKey, _byId, _inbox, _history, _activities, _ready];
        foreach (var statement in all)
            statement.Dispose();
        _connection.Dispose();
    }

    static InstanceRow? ReadOne(Statement statement, object id)
    {
        using var rows = statement.Query(id);
        return rows.Read() ? ReadInstance(rows) : null;
    }

    static InstanceRow ReadInstance(SqliteDataReader rows) => new(
        rows.GetInt64(0),
        rows.GetString(1),
        rows.GetString(2),
        (OrchestrationRuntimeStatus)rows.GetInt32(3),
        rows.GetInt32(4),
        Time(rows, 5),
        Time(rows, 6),
        Text(rows, 7),
        Text(rows, 8),
        Text(rows, 9),
        Text(rows, 10),
        rows.IsDBNull(11) ? null : new(rows.GetInt64(11), rows.GetInt32(12), rows.GetInt32(13), rows.GetString(14), rows.GetString(15)));

    static HistoryEvent ReadEvent(SqliteDataReader rows, int first) =>
        new((HistoryKind)rows.GetInt32(first), Time(rows, first + 1), rows.GetInt32(first + 2), Text(rows, first + 3), Text(rows, first + 4));

    static DateTime Time(SqliteDataReader rows, int column) => new(rows.GetInt64(column), DateTimeKind.Utc);

    static string? Text(SqliteDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
}
