using Microsoft.Data.Sqlite;
using Microsoft.DurableTask.Client;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>The statements of the writing connection. All but the transaction's own run inside one.</summary>
internal sealed class WriteStatements : IDisposable
{
    readonly SqliteConnection _connection;
    readonly Statement _begin;
    readonly Statement _commit;
    readonly Statement _rollBack;
    readonly Statement _findById;
    readonly Statement _findByKey;
    readonly Statement _insertInstance;
    readonly Statement _updateInstance;
    readonly Statement _restartInstance;
    readonly Statement _deleteInstance;
    readonly Statement _children;
    readonly Statement _post;
    readonly Statement _postInFront;
    readonly Statement _clearInbox;
    readonly Statement _emptyInbox;
    readonly Statement _append;
    readonly Statement _clearHistory;
    readonly Statement _insertActivity;
    readonly Statement _deleteActivity;
    readonly Statement _insertTimer;
    readonly Statement _deleteTimer;
    readonly Statement _clearTimers;
    readonly Statement _dueTimers;
    readonly Statement _nextTimer;
    readonly Statement _input;
    long _lastActivity;

    public WriteStatements(SqliteConnection connection)
    {
        _connection = connection;
        _begin = new(connection, "BEGIN IMMEDIATE", 0);
        _commit = new(connection, "COMMIT", 0);
        _rollBack = new(connection, "ROLLBACK", 0);
        _findById = new(connection, "SELECT key, status, execution FROM instances WHERE id = $1", 1);
        _findByKey = new(connection, "SELECT key, status, execution FROM instances WHERE key = $1", 1);
        _insertInstance = new(
            connection,
            "INSERT INTO instances (id, name, status, execution, created, updated, input, parent, parent_execution, parent_task, parent_id, parent_name) "
            + "VALUES ($1, $2, $3, 0, $4, $4, $5, $6, $7, $8, $9, $10) RETURNING key",
            10);
        _updateInstance = new(
            connection, "UPDATE instances SET status = $2, execution = $3, updated = $4, output = $5, custom_status = $6, failure = $7 WHERE key = $1", 7);
        _restartInstance = new(connection, "UPDATE instances SET input = $2 WHERE key = $1", 2);
        _deleteInstance = new(connection, "DELETE FROM instances WHERE key = $1", 1);
        _children = new(connection, "SELECT key, status, execution FROM instances WHERE parent = $1", 1);
        _post = new(connection, "INSERT INTO inbox SELECT $1, COALESCE((SELECT MAX(seq) FROM inbox WHERE instance = $1), 0) + 1, $2, $3, $4, $5, $6, $7", 7);
        _postInFront = new(connection, "INSERT INTO inbox SELECT $1, COALESCE((SELECT MIN(seq) FROM inbox WHERE instance = $1), 0) - 1, $2, $3, $4, $5, $6, $7", 7);
        _clearInbox = new(connection, "DELETE FROM inbox WHERE instance = $1 AND seq <= $2", 2);
        _emptyInbox = new(connection, "DELETE FROM inbox WHERE instance = $1", 1);
        _append = new(connection, "INSERT INTO history (instance, seq, kind, at, task, name, data) VALUES ($1, $2, $3, $4, $5, $6, $7)", 7);
        _clearHistory = new(connection, "DELETE FROM history WHERE instance = $1", 1);
        _insertActivity = new(connection, "INSERT INTO activities (seq, instance, execution, instance_id, task, name, input) VALUES ($1, $2, $3, $4, $5, $6, $7)", 7);
        _deleteActivity = new(connection, "DELETE FROM activities WHERE seq = $1", 1);
        _insertTimer = new(connection, "INSERT OR REPLACE INTO timers (instance, execution, task, fire_at) VALUES ($1, $2, $3, $4)", 4);
        _deleteTimer = new(connection, "DELETE FROM timers WHERE instance = $1 AND execution = $2 AND task = $3", 3);
        _clearTimers = new(connection, "DELETE FROM timers WHERE instance = $1", 1);
        _dueTimers = new(connection, "SELECT instance, execution, task, fire_at FROM timers WHERE fire_at <= $1 ORDER BY fire_at, instance, task LIMIT $2", 2);
        _nextTimer = new(connection, "SELECT MIN(fire_at) FROM timers", 0);
        _input = new(connection, "SELECT name, input FROM instances WHERE key = $1", 1);
        using var last = new Statement(connection, "SELECT COALESCE(MAX(seq), 0) FROM activities", 0);
        _lastActivity = (long)last.Scalar()!;
    }

    public void Begin() => _begin.Execute();

    public void Commit() => _commit.Execute();

    /// <summary>Ends the transaction if SQLite has not already done so itself.</summary>
    public void RollBack()
    {
        try
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
                _rollBack.Execute();
        }
        catch (SqliteException)
        {
            // The failure that led here is the one to report; the next BEGIN shows whether the connection is usable.
        }
    }

    public InstanceState? Find(string instanceId) => ReadState(_findById, instanceId);

    public InstanceState? Find(long key) => ReadState(_findByKey, key);

    public long InsertInstance(string instanceId, string name, DateTime now, string? input, ParentLink? parent) => (long)_insertInstance.Scalar(
        instanceId, name, (int)OrchestrationRuntimeStatus.Pending, now.Ticks, input, parent?.Key, parent?.Execution, parent?.TaskId, parent?.InstanceId, parent?.Name)!;

    public void UpdateInstance(long key, TurnOutcome outcome) => _updateInstance.Execute(
        key,
        (int)outcome.Status,
        outcome.Execution,
        outcome.Now.Ticks,
        outcome.Output,
        outcome.CustomStatus,
        outcome.Failure is null ? null : Failures.Serialize(outcome.Failure));

    public void ReplaceInput(long key, string? input) => _restartInstance.Execute(key, input);

    /// <summary>Removes an instance with everything that is kept of it, except activities: a running one still looks for its row.</summary>
    public void DeleteInstance(long key)
    {
        _deleteInstance.Execute(key);
        _clearHistory.Execute(key);
        _emptyInbox.Execute(key);
        _clearTimers.Execute(key);
    }

    public List<InstanceState> Children(long key)
    {
        var children = new List<InstanceState>();
        using var rows = _children.Query(key);
        while (rows.Read())
            children.Add(State(rows));
        return children;
    }

    public void Post(long key, int execution, HistoryEvent message) => Post(_post, key, execution, message);

    public void PostInFront(long key, int execution, HistoryEvent message) => Post(_postInFront, key, execution, message);

    public void ClearInbox(long key, long upTo) => _clearInbox.Execute(key, upTo);

    public void EmptyInbox(long key) => _emptyInbox.Execute(key);

    public void Append(long key, long seq, HistoryEvent e) => _append.Execute(key, seq, (int)e.Kind, e.At.Ticks, e.TaskId, e.Name, e.Data);

    public void ClearHistory(long key) => _clearHistory.Execute(key);

    public ActivityWork InsertActivity(long key, int execution, string instanceId, ScheduledActivity activity)
    {
        // Counted here, not by SQLite, which would use the number of a deleted row again.
        var work = new ActivityWork(++_lastActivity, key, execution, instanceId, activity.TaskId, activity.Name, activity.Input);
        _insertActivity.Execute(work.Seq, work.Instance, work.Execution, work.InstanceId, work.TaskId, work.Name, work.Input);
        return work;
    }

    /// <returns>False if the call already has its result.</returns>
    public bool DeleteActivity(long seq) => _deleteActivity.Execute(seq) > 0;

    public void InsertTimer(long key, int execution, int task, DateTime fireAt) => _insertTimer.Execute(key, execution, task, fireAt.Ticks);

    public void DeleteTimer(long key, int execution, int task) => _deleteTimer.Execute(key, execution, task);

    public void ClearTimers(long key) => _clearTimers.Execute(key);

    public List<(long Key, int Execution, int Task, DateTime FireAt)> DueTimers(DateTime now, int limit)
    {
        var due = new List<(long, int, int, DateTime)>();
        using var rows = _dueTimers.Query(now.Ticks, limit);
        while (rows.Read())
            due.Add((rows.GetInt64(0), rows.GetInt32(1), rows.GetInt32(2), Utc(rows.GetInt64(3))));
        return due;
    }

    public DateTime? NextTimer() => _nextTimer.Scalar() is long ticks ? Utc(ticks) : null;

    public (string Name, string? Input) ReadStart(long key)
    {
        using var rows = _input.Query(key);
        return rows.Read() ? (rows.GetString(0), rows.IsDBNull(1) ? null : rows.GetString(1)) : throw new InvalidDataException($"Instance {key} is missing.");
    }

    public void Dispose()
    {
        Statement[] all =
        [
            _begin, _commit, _rollBack, _findById, _findByKey, _insertInstance, _updateInstance, _restartInstance, _deleteInstance, _children, _post, _postInFront,
            _clearInbox, _emptyInbox, _append, _clearHistory, _insertActivity, _deleteActivity, _insertTimer, _deleteTimer, _clearTimers, _dueTimers, _nextTimer, _input,
        ];
        foreach (var statement in all)
            statement.Dispose();
    }

    static void Post(Statement statement, long key, int execution, HistoryEvent message) =>
        statement.Execute(key, execution, (int)message.Kind, message.At.Ticks, message.TaskId, message.Name, message.Data);

    static InstanceState? ReadState(Statement statement, object id)
    {
        using var rows = statement.Query(id);
        return rows.Read() ? State(rows) : null;
    }

    static InstanceState State(SqliteDataReader rows) => new(rows.GetInt64(0), (OrchestrationRuntimeStatus)rows.GetInt32(1), rows.GetInt32(2));

    static DateTime Utc(long ticks) => new(ticks, DateTimeKind.Utc);
}
