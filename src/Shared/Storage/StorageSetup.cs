using Azure;
using Microsoft.Extensions.Hosting;

namespace DataIngestion.Storage;

/// <summary>Creates, at start, the containers, queues and tables that are missing, so that nothing fails later for want of one.</summary>
internal sealed class StorageSetup(BlobStore blobs, MessageQueues queues, IEnumerable<IStorageTable> tables) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await blobs.CreateContainersAsync(cancellationToken);
            await queues.CreateQueuesAsync(cancellationToken);
            foreach (var table in tables)
                await table.CreateAsync(cancellationToken);
        }
        catch (RequestFailedException refused) when (refused.Status is 401 or 403)
        {
            throw new InvalidOperationException(
                "The storage account refuses this identity: it needs the roles 'Storage Blob Data Contributor', 'Storage Queue Data Contributor' and 'Storage Table Data Contributor'.", refused);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>A store that keeps its rows in a table of its own.</summary>
public interface IStorageTable
{
    /// <summary>Creates the table if it is missing.</summary>
    Task CreateAsync(CancellationToken cancellationToken = default);
}
