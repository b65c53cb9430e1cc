using Microsoft.Extensions.Configuration;

namespace DataIngestion.Storage.Access;

/// <summary>The platform's storage as resources with roles.</summary>
public sealed class StorageResources(StorageClients clients, IConfiguration settings)
{
    /// <summary>The data's blobs.</summary>
    public AzureResource Blobs { get; } = Of(settings, StorageConnection.Data, "blobs", "Storage Blob Data Contributor", clients.Blobs.Uri);

    /// <summary>The host's queues.</summary>
    public AzureResource Queues { get; } = Of(settings, StorageConnection.Host, "queues", "Storage Queue Data Contributor", clients.Queues.Uri);

    /// <summary>The platform's tables, in the data account.</summary>
    public AzureResource Tables { get; } = Of(settings, StorageConnection.Data, "tables", "Storage Table Data Contributor", clients.Tables.Uri);

    static AzureResource Of(IConfiguration settings, string connection, string service, string role, Uri address)
    {
        var found = StorageConnection.Find(settings, connection) ?? StorageConnection.Find(settings, connection == StorageConnection.Data ? StorageConnection.Host : StorageConnection.Data);
        return AzureResource.Storage(service, role, address, found?.Name ?? connection) with { ClientId = found?.ClientId };
    }
}
