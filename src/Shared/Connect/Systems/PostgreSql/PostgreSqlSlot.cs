using System.Text;
using System.Text.RegularExpressions;
using DataIngestion.Contracts;
using Npgsql;
using Npgsql.Replication;
using NpgsqlTypes;

namespace DataIngestion.Connect;

/// <summary>How a reading of changes begins: behind a position, or with a snapshot of all rows.</summary>
/// <param name="Replication">Session that streams; it keeps an exported snapshot while nothing else is done with it.</param>
/// <param name="Slot">Name of the slot.</param>
/// <param name="Publication">Name of the publication.</param>
/// <param name="Position">Where streaming begins.</param>
/// <param name="Snapshot">Name of the exported snapshot; null when rows are not read.</param>
internal sealed record PostgreSqlSlot(LogicalReplicationConnection Replication, string Slot, string Publication, NpgsqlLogSequenceNumber Position, string? Snapshot);

/// <summary>Finds or makes publication and slot.</summary>
internal sealed partial class PostgreSqlSlots(SourceSite site, PostgreSqlLogin login, NpgsqlConnection session)
{
    /// <summary>Prepares to read a dataset's changes.</summary>
    public async Task<PostgreSqlSlot> PrepareAsync(SourceRead read, PostgreSqlReadOptions options, CancellationToken cancellationToken)
    {
        var (publication, slot) = NamesOf(site.Source.Source, read.Dataset.Dataset, options);
        if (await ScalarAsync("SELECT setting FROM pg_settings WHERE name = 'wal_level'", cancellationToken) is not "logical")
            throw site.Fail("configuration-invalid", "Change capture needs 'wal_level = logical' in postgresql.conf, and a restart of the server.", isTransient: false);
        await EnsurePublicationAsync(publication, Tables(read, options), cancellationToken);

        var position = read.Position is { } text
            ? NpgsqlLogSequenceNumber.TryParse(text, out var lsn) ? lsn : throw site.Fail("cursor-invalid", $"The stored position '{text}' is no LSN: ask for a full refresh to set it anew.", isTransient: false)
            : (NpgsqlLogSequenceNumber?)null;
        var state = await ScalarAsync("SELECT CASE WHEN active THEN 'active' WHEN wal_status = 'lost' THEN 'lost' ELSE 'ready' END FROM pg_replication_slots WHERE slot_name = $1 AND database = current_database()", cancellationToken, slot);
        if (state is "active")
            throw site.Fail("source-unavailable", $"The replication slot '{slot}' is in use: another run reads it, or one that broke off is not yet noticed.", isTransient: true);
        if (position is not null && state is null or "lost" && options.SlotLoss is PostgreSqlSlotLoss.Fail)
        {
            throw site.Fail(
                "source-changed",
                $"The replication slot '{slot}' is {(state is null ? "gone" : "lost: the server has removed WAL that it needs")}; changes behind {position} cannot be read any more. Ask for a full refresh, or set 'slotLoss: snapshot'.",
                isTransient: false);
        }

        var replication = await OpenAsync(cancellationToken);
        try
        {
            if (position is { } known && state is "ready")
                return new(replication, slot, publication, known, null);
            if (position is null && !options.Snapshot && state is "ready")
                return new(replication, slot, publication, default, null);
            if (state is not null)
                await replication.DropReplicationSlot(slot, wait: false, cancellationToken); // of a first run that never landed: its snapshot is gone
            var mode = options.Snapshot || position is not null ? LogicalSlotSnapshotInitMode.Export : LogicalSlotSnapshotInitMode.NoExport;
            var made = await replication.CreatePgOutputReplicationSlot(slot, false, mode, false, cancellationToken);
            return new(replication, slot, publication, made.ConsistentPoint, made.SnapshotName);
        }
        catch
        {
            await replication.DisposeAsync();
            throw;
        }
    }

    /// <summary>Names of publication and slot.</summary>
    public static (string Publication, string Slot) NamesOf(string source, string dataset, PostgreSqlReadOptions options)
    {
        var name = NotInNames.Replace($"ingest_{source}_{dataset}".ToLowerInvariant(), "_");
        name = name.Length > 63 ? name[..63] : name;
        return (options.Publication ?? name, options.Slot ?? name);
    }

    /// <summary>How far behind the server the slots of a source are; empty when it has none.</summary>
    public async Task<string> LagAsync(CancellationToken cancellationToken)
    {
        var slots = site.Source.Datasets
            .Select(d => (d.Dataset, Options: OptionsBinder.Bind<PostgreSqlReadOptions>((d.Read ?? new()).Options)))
            .Where(d => d.Options.Mode is PostgreSqlMode.Changes)
            .Select(d => NamesOf(site.Source.Source, d.Dataset, d.Options).Slot).ToArray();
        var text = new StringBuilder();
        if (slots.Length == 0)
            return "";
        await using var command = new NpgsqlCommand(
            "SELECT slot_name::text, active, pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, confirmed_flush_lsn)::bigint FROM pg_replication_slots WHERE slot_name = ANY ($1) ORDER BY 1", session)
        {
            Parameters = { new() { Value = slots } },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            text.Append($"; slot {rows.GetString(0)} {(rows.GetBoolean(1) ? "in use" : "idle")}, {rows.GetInt64(2):N0} bytes behind");
        return text.ToString();
    }

    /// <summary>Tells the server that everything up to a position is landed, while nothing is streamed.</summary>
    public async Task AdvanceAsync(string slot, NpgsqlLogSequenceNumber position, CancellationToken cancellationToken) =>
        await ScalarAsync("SELECT pg_replication_slot_advance(slot_name, $2::pg_lsn)::text FROM pg_replication_slots WHERE slot_name = $1 AND confirmed_flush_lsn < $2::pg_lsn AND NOT active", cancellationToken, slot, position.ToString());

    /// <summary>The tables to read, as their names stand in statements.</summary>
    public static IReadOnlyList<string> Tables(SourceRead read, PostgreSqlReadOptions options)
    {
        var dialect = new PostgreSqlDialect(PostgreSqlFormat.Ndjson);
        return [.. (read.Read.Object is { } first ? [first, .. options.Tables] : options.Tables).Select(dialect.QuoteName)];
    }

    /// <summary>The tables of a publication, as their names stand in statements.</summary>
    public async Task<IReadOnlyList<string>> PublishedAsync(string publication, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT format('%I.%I', schemaname, tablename) FROM pg_publication_tables WHERE pubname = $1 ORDER BY 1", session) { Parameters = { new() { Value = publication } } };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var tables = new List<string>();
        while (await rows.ReadAsync(cancellationToken))
            tables.Add(rows.GetString(0));
        return tables;
    }

    async Task EnsurePublicationAsync(string publication, IReadOnlyList<string> tables, CancellationToken cancellationToken)
    {
        var quoted = new PostgreSqlDialect(PostgreSqlFormat.Ndjson).Quote(publication);
        if (await ScalarAsync("SELECT 'yes' FROM pg_publication WHERE pubname = $1", cancellationToken, publication) is not null)
        {
            foreach (var table in tables)
            {
                if (await ScalarAsync("SELECT 'yes' FROM pg_publication p, pg_get_publication_tables(p.pubname) t WHERE p.pubname = $1 AND t.relid = to_regclass($2)", cancellationToken, publication, table) is null)
                    throw site.Fail("configuration-invalid", $"The publication '{publication}' does not have the table {table}: let its owner say ALTER PUBLICATION {quoted} ADD TABLE {table}.", isTransient: false);
            }

            return;
        }

        if (tables.Count == 0)
            throw site.Fail("not-found", $"There is no publication '{publication}': name 'object' or 'tables' to have it made.", isTransient: false);
        var statement = $"CREATE PUBLICATION {quoted} FOR TABLE {string.Join(", ", tables)}";
        try
        {
            await using var command = new NpgsqlCommand($"BEGIN READ WRITE; {statement}; COMMIT", session);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException refused)
        {
            await using var rollback = new NpgsqlCommand("ROLLBACK", session);
            await rollback.ExecuteNonQueryAsync(cancellationToken);
            if (refused.SqlState is "42710")
                return; // somebody was faster
            if (refused.SqlState is not "42501")
                throw;
            throw site.Fail("forbidden", $"This user may not make the publication ({refused.MessageText}): let the tables' owner say {statement}.", isTransient: false, refused);
        }
    }

    async Task<LogicalReplicationConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var limit = site.Connection.Limits.AttemptTimeout;
        var replication = new LogicalReplicationConnection(login.ReplicationSettings().ConnectionString)
        {
            WalReceiverTimeout = limit,
            WalReceiverStatusInterval = limit / 4,
        };
        try
        {
            await replication.Open(cancellationToken);
            return replication;
        }
        catch (PostgresException refused) when (refused.SqlState is "42501" or "28000")
        {
            await replication.DisposeAsync();
            throw site.Fail("forbidden", $"This user may not replicate ({refused.MessageText}): ALTER ROLE … REPLICATION, and let pg_hba.conf admit it.", isTransient: false, refused);
        }
        catch
        {
            await replication.DisposeAsync();
            throw;
        }
    }

    async Task<string?> ScalarAsync(string statement, CancellationToken cancellationToken, params string[] values)
    {
        await using var command = new NpgsqlCommand(statement, session);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    [GeneratedRegex("[^a-z0-9_]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotInNames { get; }
}
