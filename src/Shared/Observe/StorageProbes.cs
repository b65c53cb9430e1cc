using Azure.Storage.Queues;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.Storage.Access;

namespace DataIngestion.Observe;

/// <summary>Is the blob service there, with the container that everything begins in?</summary>
internal sealed class BlobProbe(StorageClients clients, StorageResources resources, StorageSetup setup) : AccessProbe
{
    public override string Name => "storage:blobs";

    protected override AzureResource Resource => resources.Blobs;

    protected override async Task<HealthAnswer> AskAsync(CancellationToken cancellationToken)
    {
        await setup.EnsureBlobsAsync(cancellationToken);
        return await clients.Blobs.GetBlobContainerClient(Containers.Landing).ExistsAsync(cancellationToken)
            ? new(HealthStatus.Pass)
            : new(HealthStatus.Fail, $"the container '{Containers.Landing}' does not exist.");
    }
}

/// <summary>Is the queue service there, and how much work waits?</summary>
internal sealed class QueueProbe(StorageClients clients, StorageResources resources, StorageSetup setup) : AccessProbe
{
    public override string Name => "storage:queues";

    protected override AzureResource Resource => resources.Queues;

    protected override async Task<HealthAnswer> AskAsync(CancellationToken cancellationToken)
    {
        await setup.EnsureQueuesAsync(cancellationToken);
        QueueClient queue = clients.Queues.GetQueueClient(Queues.IngestionRequests);
        if (!await queue.ExistsAsync(cancellationToken))
            return new(HealthStatus.Fail, $"the queue '{Queues.IngestionRequests}' does not exist.");
        var properties = await queue.GetPropertiesAsync(cancellationToken);
        return new(HealthStatus.Pass, $"about {properties.Value.ApproximateMessagesCount} requests wait.");
    }
}

/// <summary>Is the table service there?</summary>
internal sealed class TableProbe(StorageClients clients, StorageResources resources, StorageSetup setup) : AccessProbe
{
    public override string Name => "storage:tables";

    protected override AzureResource Resource => resources.Tables;

    protected override async Task<HealthAnswer> AskAsync(CancellationToken cancellationToken)
    {
        await setup.EnsureTablesAsync(cancellationToken);
        await foreach (var page in clients.Tables.QueryAsync(maxPerPage: 1, cancellationToken: cancellationToken).AsPages())
        {
            _ = page;
            break;
        }

        return new(HealthStatus.Pass);
    }
}
