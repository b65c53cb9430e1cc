using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using DataIngestion.Storage.Usage;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Storage;

/// <summary>Clients of the platform's storage. Queues are those of the Functions host, whose triggers listen there; blobs and tables are the data's.</summary>
/// <param name="Blobs">Blob service of the data account.</param>
/// <param name="Queues">Queue service of the host account; messages are base64, as the Functions host expects.</param>
/// <param name="Tables">Table service of the data account.</param>
public sealed record StorageClients(BlobServiceClient Blobs, QueueServiceClient Queues, TableServiceClient Tables)
{
    static readonly BlobClientOptions ForBlobs = new BlobClientOptions().Metered(StorageService.Blob);
    static readonly QueueClientOptions ForQueues = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }.Metered(StorageService.Queue);
    static readonly TableClientOptions ForTables = new TableClientOptions().Metered(StorageService.Table);

    /// <summary>One account for everything, from a connection string.</summary>
    public static StorageClients Connect(string connectionString) => Connect(connectionString, connectionString);

    /// <summary>Two accounts, from connection strings.</summary>
    /// <param name="host">Of the account with the queues.</param>
    /// <param name="data">Of the account with blobs and tables.</param>
    public static StorageClients Connect(string host, string data) => new(new(data, ForBlobs), new(host, ForQueues), new(data, ForTables));

    /// <summary>
    /// From the settings: queues in <see cref="StorageConnection.Host"/>; blobs and tables in <see cref="StorageConnection.Data"/> if there is one, else in the same account.
    /// Where only the data account is configured, as for a tool that reads, its queues serve.
    /// </summary>
    /// <param name="settings">The application's settings.</param>
    /// <exception cref="InvalidOperationException">No account is configured, or not wholly.</exception>
    public static StorageClients Connect(IConfiguration settings)
    {
        var host = StorageConnection.Find(settings, StorageConnection.Host);
        var data = StorageConnection.Find(settings, StorageConnection.Data) ?? host ?? throw new InvalidOperationException(
            $"No storage account is configured: set '{StorageConnection.Host}' to a connection string, or '{StorageConnection.Host}__accountName' to the account's name to use this process's identity.");
        host ??= data;
        return new(
            data.ConnectionString is { } blobs ? new(blobs, ForBlobs) : new(data.Service("blob"), data.Identity, ForBlobs),
            host.ConnectionString is { } queues ? new(queues, ForQueues) : new(host.Service("queue"), host.Identity, ForQueues),
            data.ConnectionString is { } tables ? new(tables, ForTables) : new(data.Service("table"), data.Identity, ForTables));
    }
}
