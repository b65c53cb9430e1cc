using System.Runtime.CompilerServices;
using DataIngestion.Contracts;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DataIngestion.Connect;

/// <summary>A session with a server.</summary>
internal sealed class PostgreSqlConnection : ISourceConnection, ISqlSession
{
    readonly SourceSite _site;
    readonly PostgreSqlLogin _login;
    readonly ILogger _logger;
    readonly NpgsqlConnection _session;
    PostgreSqlDialect _dialect = new(PostgreSqlFormat.Csv);

    PostgreSqlConnection(SourceSite site, PostgreSqlLogin login, NpgsqlConnection session, ILogger logger) =>
        (_site, _login, _session, _logger) = (site, login, session, logger);

    public SqlDialect Dialect => _dialect;

    /// <summary>Opens a session.</summary>
    public static async Task<PostgreSqlConnection> OpenAsync(SourceSite site, ILogger logger, CancellationToken cancellationToken)
    {
        var login = new PostgreSqlLogin(site, site.Options<PostgreSqlOptions>());
        return new(site, login, await login.OpenAsync(cancellationToken), logger);
    }

    public Task<string> ProbeAsync(CancellationToken cancellationToken) => GuardedAsync(async () =>
    {
        await using var command = new NpgsqlCommand(_dialect.VersionSql, _session);
        var version = (string)(await command.ExecuteScalarAsync(cancellationToken))!;
        return version + await new PostgreSqlSlots(_site, _login, _session).LagAsync(cancellationToken);
    });

    public bool CanBeReused => _session.FullState is System.Data.ConnectionState.Open;

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
        var options = OptionsBinder.Bind<PostgreSqlReadOptions>(read.Read.Options);
        if (options.Mode is PostgreSqlMode.Changes)
            return await ChangesAsync(read, options, cancellationToken);
        _dialect = new(options.Format);

        // Everything that is asked, the rows too, is as of one moment.
        var transaction = await _session.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        try
        {
            var scan = await new SqlPlanner(this, _site, _logger).PlanAsync(read, options, cancellationToken);
            if (!scan.IsEmpty)
                await BindAsync(scan.Statement, cancellationToken);
            return (ISourceReader)new PostgreSqlCopyReader(_site, _session, transaction, read, scan, options.Format, _login.StatementTimeout);
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    });

    public async Task<IReadOnlyList<SqlColumn>> ColumnsOfTableAsync(string name, CancellationToken cancellationToken) =>
        await CatalogueAsync(_dialect.QuoteName(name), cancellationToken) is [var found, ..] ? [.. found.Columns.Select(c => new SqlColumn(c.Name, c.Type, c.Nullable, c.Key))] : [];

    public async Task<IReadOnlyList<SqlColumn>> ColumnsOfAsync(SqlStatement statement, CancellationToken cancellationToken)
    {
        await BindAsync(statement, cancellationToken);
        var (names, types) = (new List<string>(), new List<uint>());
        await using (var describe = new NpgsqlCommand(statement.Text, _session))
        await using (var reader = await describe.ExecuteReaderAsync(System.Data.CommandBehavior.SchemaOnly, cancellationToken))
        {
            for (var i = 0; i < reader.FieldCount; i++)
            {
                names.Add(reader.GetName(i));
                types.Add(reader.GetDataTypeOID(i));
            }
        }

        await using var name = new NpgsqlCommand("SELECT format_type(t, NULL) FROM unnest($1::oid[]) WITH ORDINALITY AS types (t, n) ORDER BY n", _session)
        {
            Parameters = { new() { Value = types.ToArray(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid | NpgsqlTypes.NpgsqlDbType.Array } },
        };
        var columns = new List<SqlColumn>();
        await using var rows = await name.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            columns.Add(new(names[columns.Count], rows.GetString(0), Nullable: true, Key: false));
        return columns;
    }

    public async Task<SqlValue?> ValueAsync(SqlStatement statement, CancellationToken cancellationToken)
    {
        await BindAsync(statement, cancellationToken);
        await using var command = new NpgsqlCommand(statement.Text, _session)
        {
            CommandTimeout = (int)Math.Min(Math.Ceiling(_login.StatementTimeout.TotalSeconds) + 1, int.MaxValue), // it may have to read the table
        };
        return await command.ExecuteScalarAsync(cancellationToken) switch
        {
            null or DBNull => null,
            var value => new SqlValue(System.Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!),
        };
    }

    public async ValueTask DisposeAsync() => await _session.DisposeAsync();

    async Task<ISourceReader> ChangesAsync(SourceRead read, PostgreSqlReadOptions options, CancellationToken cancellationToken)
    {
        _dialect = new(PostgreSqlFormat.Ndjson);
        var slots = new PostgreSqlSlots(_site, _login, _session);
        var slot = await slots.PrepareAsync(read, options, cancellationToken);
        if (slot.Snapshot is null)
            return new PostgreSqlChangeReader(_site, slot, read, DescribeAsync, (lsn, stop) => slots.AdvanceAsync(slot.Slot, lsn, stop));
        NpgsqlTransaction? transaction = null;
        try
        {
            transaction = await _session.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
            await using (var share = new NpgsqlCommand($"SET TRANSACTION SNAPSHOT '{slot.Snapshot.Replace("'", "''", StringComparison.Ordinal)}'", _session))
                await share.ExecuteNonQueryAsync(cancellationToken);
            var scans = new List<SqlScan>();
            foreach (var table in await slots.PublishedAsync(slot.Publication, cancellationToken))
                scans.Add(await SnapshotAsync(table, slot, cancellationToken));
            return new PostgreSqlSnapshotReader(_site, slot, read, scans, _session, transaction);
        }
        catch
        {
            if (transaction is not null)
                await transaction.DisposeAsync();
            await slot.Replication.DisposeAsync();
            throw;
        }
    }

    // A table's rows with the members that changes have too.
    async Task<SqlScan> SnapshotAsync(string table, PostgreSqlSlot slot, CancellationToken cancellationToken)
    {
        if (await CatalogueAsync(table, cancellationToken) is not [var found, ..])
            throw _site.Fail("forbidden", $"The published table {table} cannot be read: grant SELECT on it to this user.", isTransient: false);
        var columns = found.Columns.Select(c => new SqlColumn(c.Name, c.Type, c.Nullable, c.Key)).ToList();
        var text = $"SELECT 'r' AS _op, {Literal(found.Name)} AS _table, {Literal(slot.Position.ToString())} AS _lsn, {string.Join(", ", columns.Select(_dialect.Selected))}\nFROM {table} {SqlDialect.Alias}";
        return new(found.Name, new(text, []), columns, [], HasCursor: false, new());

        static string Literal(string value) => $"E'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
    }

    async Task<string> DescribeAsync(Npgsql.Replication.PgOutput.Messages.RelationMessage relation, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT string_agg(n || ' ' || format_type(t, m) || CASE WHEN k THEN ' key' ELSE '' END, ', ' ORDER BY o) FROM unnest($1::text[], $2::oid[], $3::int[], $4::boolean[]) WITH ORDINALITY AS c (n, t, m, k, o)", _session)
        {
            Parameters =
            {
                new() { Value = relation.Columns.Select(c => c.ColumnName).ToArray() },
                new() { Value = relation.Columns.Select(c => c.DataTypeId).ToArray(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid | NpgsqlTypes.NpgsqlDbType.Array },
                new() { Value = relation.Columns.Select(c => c.TypeModifier).ToArray() },
                new() { Value = relation.Columns.Select(c => c.Flags.HasFlag(Npgsql.Replication.PgOutput.Messages.RelationMessage.Column.ColumnFlags.PartOfKey)).ToArray() },
            },
        };
        return await command.ExecuteScalarAsync(cancellationToken) as string ?? "";
    }

    async Task BindAsync(SqlStatement statement, CancellationToken cancellationToken)
    {
        var names = statement.Bindings.Select((_, i) => PostgreSqlDialect.Setting(i)).ToArray();
        if (names.Length == 0)
            return;
        await using var command = new NpgsqlCommand("SELECT set_config(s, v, true) FROM unnest($1::text[], $2::text[]) AS settings (s, v)", _session)
        {
            Parameters = { new() { Value = names }, new() { Value = statement.Bindings.Select(b => b.Value?.Text ?? "").ToArray() } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    async Task<List<SourceObject>> CatalogueAsync(string? name, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(_dialect.CatalogueSql(name is null ? null : [name]), _session);
        if (name is not null)
            command.Parameters.Add(new() { Value = name });
        var found = new List<SourceObject>();
        var columns = new List<SourceColumn>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var table = SqlName.Format(rows.GetString(0), rows.GetString(1));
            if (found.Count == 0 || found[^1].Name != table)
            {
                columns = [];
                found.Add(new(table, rows.GetString(2), columns) { Size = rows.IsDBNull(3) ? null : rows.GetInt64(3) });
            }

            columns.Add(new(rows.GetString(4), rows.GetString(5), rows.GetBoolean(6), rows.GetBoolean(7)));
        }

        return found;
    }

    async Task<T> GuardedAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception fault) when (PostgreSqlFailures.Is(fault))
        {
            throw PostgreSqlFailures.Of(_site, fault);
        }
    }
}
