using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using DataIngestion.Contracts;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

/// <summary>What a driver's exceptions mean.</summary>
internal interface ISqlFailures
{
    /// <summary>Whether a fault is the database's or of the way to it.</summary>
    bool Is(Exception fault);

    /// <summary>The failure that such a fault is.</summary>
    StepFailedException Of(SourceSite site, Exception fault);
}

/// <summary>A session by an ADO.NET driver. Rows become NDJSON.</summary>
internal sealed class AdoConnection(SourceSite site, DbConnection session, SqlDialect dialect, ISqlFailures failures, ILogger logger) : ISourceConnection, ISqlSession
{
    DbTransaction? _transaction;

    public SqlDialect Dialect => dialect;

    public bool CanBeReused => session.State is ConnectionState.Open;

    /// <summary>Begins a transaction that sees one moment; default repeatable read.</summary>
    public Func<CancellationToken, ValueTask<DbTransaction>>? BeginAsync { get; init; }

    /// <summary>Longest that a statement may take.</summary>
    public TimeSpan StatementTimeout => site.Connection.Limits.TotalTimeout;

    public Task<string> ProbeAsync(CancellationToken cancellationToken) => GuardedAsync(async () =>
    {
        await using var command = session.CreateCommand();
        command.CommandText = dialect.VersionSql;
        return System.Convert.ToString(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture)!;
    });

    public async IAsyncEnumerable<SourceObject> DiscoverAsync(string? pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var found in await GuardedAsync(() => CatalogueAsync(null, cancellationToken)))
        {
            if (pattern is null || FileNamePattern.IsMatch(pattern, found.Name))
                yield return found;
        }
    }

    public Task<ISourceReader> ReadAsync(SourceRead read, CancellationToken cancellationToken) => GuardedAsync(async () =>
    {
        var options = OptionsBinder.Bind<SqlReadOptions>(read.Read.Options);
        _transaction = BeginAsync is null ? await session.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken) : await BeginAsync(cancellationToken);
        try
        {
            var scan = await new SqlPlanner(this, site, logger).PlanAsync(read, options, cancellationToken);
            return (ISourceReader)new AdoRowReader(site, EndAsync, read, scan, failures, Command(scan.Statement));
        }
        catch
        {
            await EndAsync();
            throw;
        }
    });

    public async Task<IReadOnlyList<SqlColumn>> ColumnsOfTableAsync(string name, CancellationToken cancellationToken)
    {
        var parts = SqlDialect.PartsOf(name);
        var from = dialect.QuoteName(name);
        if (dialect.CatalogueSql(parts) is null)
            return await ColumnsOfAsync(new($"SELECT * FROM {from}", []), cancellationToken);
        if (await CatalogueAsync(parts, cancellationToken) is not [var found, ..])
            return [];

        // The catalogue knows keys and types, the driver what it gives.
        var driver = await ColumnsOfAsync(new($"SELECT * FROM {from}", []), cancellationToken);
        return [.. found.Columns.Select(c => new SqlColumn(c.Name, c.Type, c.Nullable, c.Key) { ClrType = driver.FirstOrDefault(d => d.Name == c.Name)?.ClrType })];
    }

    public async Task<IReadOnlyList<SqlColumn>> ColumnsOfAsync(SqlStatement statement, CancellationToken cancellationToken)
    {
        await using var command = Command(statement);
        await using var rows = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, cancellationToken);
        return [.. Enumerable.Range(0, rows.FieldCount).Select(i => new SqlColumn(rows.GetName(i), rows.GetDataTypeName(i), Nullable: true, Key: false) { ClrType = rows.GetFieldType(i) })];
    }

    public async Task<SqlValue?> ValueAsync(SqlStatement statement, CancellationToken cancellationToken)
    {
        await using var command = Command(statement);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        if (!await rows.ReadAsync(cancellationToken) || await rows.IsDBNullAsync(0, cancellationToken))
            return null;
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new SqlJson(["v"], []))
            json.Write(rows, buffer);
        return RowFields.OfJson(buffer.WrittenSpan, ["v"])[0];
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();

    async ValueTask EndAsync()
    {
        if (Interlocked.Exchange(ref _transaction, null) is { } transaction)
            await transaction.DisposeAsync();
    }

    DbCommand Command(SqlStatement statement)
    {
        var command = session.CreateCommand();
        command.CommandText = statement.Text;
        command.CommandTimeout = (int)Math.Min(Math.Ceiling(StatementTimeout.TotalSeconds), int.MaxValue);
        command.Transaction = _transaction;
        for (var i = 0; i < statement.Bindings.Count; i++)
            dialect.Bind(command, i, statement.Bindings[i]);

        return command;
    }

    async Task<List<SourceObject>> CatalogueAsync(IReadOnlyList<string>? parts, CancellationToken cancellationToken)
    {
        var found = new List<SourceObject>();
        if (dialect.CatalogueSql(parts) is not { } sql)
            return found;
        var bindings = parts is null ? [] : (SqlBinding[])[new(parts.Count > 1 ? new(parts[^2]) : null, null), new(new(parts[^1]), null)];
        await using var command = Command(new(sql, []));
        for (var i = 0; i < bindings.Length; i++)
            dialect.Bind(command, i, bindings[i]);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new List<SourceColumn>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var table = rows.IsDBNull(0) ? SqlName.Format(Text(rows, 1)) : SqlName.Format(Text(rows, 0), Text(rows, 1));
            if (found.Count == 0 || found[^1].Name != table)
            {
                columns = [];
                found.Add(new(table, Text(rows, 2), columns) { Size = rows.IsDBNull(3) ? null : System.Convert.ToInt64(rows.GetValue(3), CultureInfo.InvariantCulture) });
            }

            columns.Add(new(Text(rows, 4), Text(rows, 5), IsTrue(rows, 6), IsTrue(rows, 7)));
        }

        return found;
    }

    // Catalogues of some drivers give names as bytes.
    static string Text(DbDataReader rows, int ordinal) => rows.GetValue(ordinal) is byte[] bytes ? Encoding.UTF8.GetString(bytes) : System.Convert.ToString(rows.GetValue(ordinal), CultureInfo.InvariantCulture)!;

    static bool IsTrue(DbDataReader rows, int ordinal) => System.Convert.ToInt64(rows.GetValue(ordinal), CultureInfo.InvariantCulture) != 0;

    async Task<T> GuardedAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception fault) when (failures.Is(fault))
        {
            throw failures.Of(site, fault);
        }
    }
}
