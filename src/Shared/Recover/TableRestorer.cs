using Azure;
using Azure.Data.Tables;
using DataIngestion.Storage;

namespace DataIngestion.Recover;

/// <summary>Brings tables back to a backup. Rows that the backup does not have stay.</summary>
internal sealed class TableRestorer(StorageClients clients, IBackupTarget target)
{
    const int MaxTransaction = 100;

    /// <summary>Counts the rows that were written after the backup and differ from it.</summary>
    /// <param name="manifest">The backup.</param>
    /// <param name="newer">Gets the tables with such rows.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<long> CompareAsync(Manifest manifest, List<string> newer, CancellationToken cancellationToken)
    {
        var count = 0L;
        await EachAsync(manifest, async (table, rows) =>
        {
            var changed = 0L;
            await foreach (var (row, writtenAt, here) in rows)
            {
                if (here is not null && !TableRows.AreEqual(row, here) && here.Timestamp > writtenAt)
                    changed++;
            }

            if (changed > 0)
                newer.Add($"{changed} rows of table {table}");
            count += changed;
        }, cancellationToken);
        return count;
    }

    /// <summary>Writes what is missing or differs.</summary>
    /// <returns>How many rows.</returns>
    public async Task<long> RestoreAsync(Manifest manifest, bool dryRun, CancellationToken cancellationToken)
    {
        var count = 0L;
        await EachAsync(manifest, async (table, rows) =>
        {
            var client = clients.Tables.GetTableClient(table);
            if (!dryRun)
                await client.CreateIfNotExistsAsync(cancellationToken);
            var batch = new List<TableTransactionAction>();
            await foreach (var (row, _, here) in rows)
            {
                if (here is not null && TableRows.AreEqual(row, here))
                    continue;
                count++;
                if (dryRun)
                    continue;
                if (batch.Count == MaxTransaction || (batch.Count > 0 && batch[0].Entity.PartitionKey != row.PartitionKey))
                    await SubmitAsync(client, batch, cancellationToken);
                batch.Add(new(TableTransactionActionType.UpsertReplace, row));
            }

            await SubmitAsync(client, batch, cancellationToken);
        }, cancellationToken);
        return count;
    }

    async Task EachAsync(Manifest manifest, Func<string, IAsyncEnumerable<(TableEntity Row, DateTimeOffset WrittenAt, TableEntity? Here)>, Task> act, CancellationToken cancellationToken)
    {
        await foreach (var entry in manifest.ReadAsync(cancellationToken))
        {
            if (entry.Table is { } table)
                await act(table, RowsAsync(entry, cancellationToken));
        }
    }

    // Both sides come in the order of their keys.
    async IAsyncEnumerable<(TableEntity Row, DateTimeOffset WrittenAt, TableEntity? Here)> RowsAsync(
        BackupEntry entry, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var content = await Restore.OpenAsync(target, entry, cancellationToken);
        await using var verified = new VerifiedStream(content, entry.Sha256, entry.Length, $"table '{entry.Table}' in the backup");
        using var reader = new StreamReader(verified);
        await using var here = HereAsync(entry.Table!, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var more = await here.MoveNextAsync();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var (row, writtenAt) = TableRows.Read(line);
            while (more && Compare(here.Current, row) < 0)
                more = await here.MoveNextAsync();
            yield return (row, writtenAt, more && Compare(here.Current, row) == 0 ? here.Current : null);
        }
    }

    async IAsyncEnumerable<TableEntity> HereAsync(string table, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = clients.Tables.GetTableClient(table).QueryAsync<TableEntity>(cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (rows)
        {
            while (true)
            {
                try
                {
                    if (!await rows.MoveNextAsync())
                        yield break;
                }
                catch (RequestFailedException missing) when (missing.Status == 404)
                {
                    yield break;
                }

                yield return rows.Current;
            }
        }
    }

    static async Task SubmitAsync(TableClient client, List<TableTransactionAction> batch, CancellationToken cancellationToken)
    {
        if (batch.Count > 0)
            await client.SubmitTransactionAsync(batch, cancellationToken);
        batch.Clear();
    }

    static int Compare(TableEntity one, TableEntity other) =>
        string.CompareOrdinal(one.PartitionKey, other.PartitionKey) is var order and not 0 ? order : string.CompareOrdinal(one.RowKey, other.RowKey);
}
