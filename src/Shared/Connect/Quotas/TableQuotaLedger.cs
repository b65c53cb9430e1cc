using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Connect;

/// <summary>Accounts in the table <c>QuotaAccounts</c>: one row a key, written under its ETag.</summary>
internal sealed class TableQuotaLedger(StorageClients clients) : IQuotaLedger, IStorageTable
{
    const string TableName = "QuotaAccounts";
    const string Row = "account";
    const string Text = "Account";

    // The service has many servers, whose clocks agree this well.
    static readonly TimeSpan FrontEnds = TimeSpan.FromMilliseconds(50);

    readonly TableClient _table = clients.Tables.GetTableClient(TableName);

    public async Task CreateAsync(CancellationToken cancellationToken = default) => await _table.CreateIfNotExistsAsync(cancellationToken);

    public async Task<QuotaPage> ReadAsync(string key, CancellationToken cancellationToken)
    {
        var answer = await _table.GetEntityIfExistsAsync<TableEntity>(PartitionOf(key), Row, cancellationToken: cancellationToken);

        // The Date header is cut to the second. A row's timestamp is exact, and cannot be later than now.
        var date = answer.GetRawResponse().Headers.Date ?? throw new InvalidDataException("The table service answered without a date.");
        var (low, high) = (date - FrontEnds, date.AddSeconds(1) + FrontEnds);
        if (!answer.HasValue)
            return new(null, null, low, high);
        var row = answer.Value!;
        if (row.Timestamp - FrontEnds is { } written && written > low && written < high)
            low = written;
        return new(JsonSerializer.Deserialize<QuotaAccount>(row.GetString(Text), ContractJson.Options), row.ETag.ToString(), low, high);
    }

    public async Task<bool> TryWriteAsync(string key, QuotaAccount account, string? version, CancellationToken cancellationToken)
    {
        var row = new TableEntity(PartitionOf(key), Row) { ["Key"] = key, [Text] = JsonSerializer.Serialize(account, ContractJson.Options) };
        try
        {
            if (version is null)
                await AddAsync(row, cancellationToken);
            else
                await _table.UpdateEntityAsync(row, new ETag(version), TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException lost) when (lost.Status is 409 or 412)
        {
            // It may also have been our own write, whose answer was lost and which the client repeated: the next exchange compares.
            return false;
        }
    }

    async Task AddAsync(TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            await _table.AddEntityAsync(row, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            await CreateAsync(cancellationToken); // tools run without the set-up of the apps
            await _table.AddEntityAsync(row, cancellationToken);
        }
    }

    // Keys may hold what a partition key may not.
    static string PartitionOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16));
}
