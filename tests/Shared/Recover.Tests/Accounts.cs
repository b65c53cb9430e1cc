using System.Security.Cryptography;
using Azure.Data.Tables;
using Azure.Storage.Blobs.Models;
using DataIngestion.Contracts;
using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.Storage;
using DataIngestion.TestKit;

namespace DataIngestion.Recover.Tests;

/// <summary>Two accounts of a class's own, emptied for each of its tests.</summary>
public sealed class Accounts : IAsyncLifetime
{
    readonly TemporaryFolder _data = new("recover");
    readonly List<AzuriteProcess> _azurites = [];

    public StorageClients Live { get; private set; } = null!;

    public StorageClients Other { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new[] { "live", "other" })
            _azurites.Add(await AzuriteProcess.StartAsync(new(_data.File(name))));
        (Live, Other) = (StorageClients.Connect(_azurites[0].ConnectionString), StorageClients.Connect(_azurites[1].ConnectionString));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var azurite in _azurites)
            await azurite.DisposeAsync();
        _data.Dispose();
    }

    public async Task EmptyAsync()
    {
        await EmptyAsync(Live);
        await EmptyAsync(Other);
    }

    public static async Task EmptyAsync(StorageClients account)
    {
        var cancel = TestContext.Current.CancellationToken;
        await foreach (var container in account.Blobs.GetBlobContainersAsync(cancellationToken: cancel))
            await account.Blobs.DeleteBlobContainerAsync(container.Name, cancellationToken: cancel);
        await foreach (var table in account.Tables.QueryAsync(cancellationToken: cancel))
            await account.Tables.DeleteTableAsync(table.Name, cancel);
    }

    public static async Task PutAsync(StorageClients account, string path, string content, Dictionary<string, string>? metadata = null)
    {
        var at = LakePath.Parse(path);
        var container = account.Blobs.GetBlobContainerClient(at.Container);
        await container.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        await container.GetBlobClient(at.Name).UploadAsync(
            BinaryData.FromString(content), new BlobUploadOptions { HttpHeaders = new() { ContentType = "text/x-test" }, Metadata = metadata }, TestContext.Current.CancellationToken);
    }

    public static async Task<string?> GetAsync(StorageClients account, string path)
    {
        var at = LakePath.Parse(path);
        var blob = account.Blobs.GetBlobContainerClient(at.Container).GetBlobClient(at.Name);
        return await blob.ExistsAsync(TestContext.Current.CancellationToken) ? (await blob.DownloadContentAsync(TestContext.Current.CancellationToken)).Value.Content.ToString() : null;
    }

    public static async Task AddRowAsync(StorageClients account, string table, string row, object value)
    {
        var client = account.Tables.GetTableClient(table);
        await client.CreateIfNotExistsAsync(TestContext.Current.CancellationToken);
        await client.UpsertEntityAsync(new TableEntity("p", row) { ["Value"] = value }, TableUpdateMode.Replace, TestContext.Current.CancellationToken);
    }

    /// <summary>Everything that an account holds, one line a thing.</summary>
    public static async Task<IReadOnlyList<string>> ContentAsync(StorageClients account)
    {
        var cancel = TestContext.Current.CancellationToken;
        var lines = new List<string>();
        await foreach (var container in account.Blobs.GetBlobContainersAsync(cancellationToken: cancel))
        {
            var client = account.Blobs.GetBlobContainerClient(container.Name);
            await foreach (var blob in client.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, null, cancel))
            {
                var content = (await client.GetBlobClient(blob.Name).DownloadContentAsync(cancel)).Value.Content;
                var metadata = string.Join(',', blob.Metadata.Select(m => $"{m.Key}={m.Value}").Order());
                lines.Add($"{container.Name}/{blob.Name} {blob.Properties.ContentType} {metadata} {Convert.ToHexString(SHA256.HashData(content))}");
            }
        }

        await foreach (var table in account.Tables.QueryAsync(cancellationToken: cancel))
        {
            await foreach (var row in account.Tables.GetTableClient(table.Name).QueryAsync<TableEntity>(cancellationToken: cancel))
                lines.Add($"{table.Name} {row.PartitionKey} {row.RowKey} {row["Value"]} {row["Value"].GetType().Name}");
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }
}
