using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using DataIngestion.Storage.Usage;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Storage;

/// <summary>Clients of one storage account: by connection string, or by identity where only the account's name is configured.</summary>
/// <param name="Blobs">Blob service.</param>
/// <param name="Queues">Queue service; messages are base64, as the Functions host expects.</param>
/// <param name="Tables">Table service.</param>
public sealed record StorageClients(BlobServiceClient Blobs, QueueServiceClient Queues, TableServiceClient Tables)
{
    static readonly BlobClientOptions ForBlobs = new BlobClientOptions().Metered(StorageService.Blob);
    static readonly QueueClientOptions ForQueues = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }.Metered(StorageService.Queue);
    static readonly TableClientOptions ForTables = new TableClientOptions().Metered(StorageService.Table);

    /// <summary>From a connection string.</summary>
    public static StorageClients Connect(string connectionString) =>
        new(new(connectionString, ForBlobs), new(connectionString, ForQueues), new(connectionString, ForTables));

    /// <summary>From <c>{name}</c> (a connection string) or <c>{name}__accountName</c> (with the identity the process has), as the Functions host reads them.</summary>
    /// <param name="configuration">The application's settings.</param>
    /// <param name="name">Name of the connection, e.g. <c>AzureWebJobsStorage</c>.</param>
    /// <exception cref="InvalidOperationException">Neither setting is there.</exception>
    public static StorageClients Connect(IConfiguration configuration, string name)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration[name] is { Length: > 0 } connectionString)
            return Connect(connectionString);

        var account = configuration[$"{name}:accountName"] ?? throw new InvalidOperationException(
            $"No storage account is configured: set '{name}' to a connection string, or '{name}__accountName' to the account's name to use this process's identity.");
        TokenCredential identity = new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = configuration[$"{name}:clientId"] });
        return new(
            new(new Uri($"https://{account}.blob.core.windows.net"), identity, ForBlobs),
            new(new Uri($"https://{account}.queue.core.windows.net"), identity, ForQueues),
            new(new Uri($"https://{account}.table.core.windows.net"), identity, ForTables));
    }
}
