using Microsoft.Data.Sqlite;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>Where tests look at, disturb or end the store.</summary>
internal sealed class StoreProbe
{
    /// <summary>Runs inside each transaction; what it throws is taken as thrown by SQLite.</summary>
    public Action<SqliteConnection>? BeforeCommit { get; init; }

    /// <summary>Runs after each commit, before anyone hears of it.</summary>
    public Action<SqliteConnection>? AfterCommit { get; init; }
}

/// <summary>Thrown by a probe to end the store as the death of the process would.</summary>
internal sealed class StoreAbandonedException : Exception;
