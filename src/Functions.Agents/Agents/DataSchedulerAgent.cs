using Azure.Storage.Blobs;
using DataIngestion.Contracts;
using DataIngestion.Schedule;
using DataIngestion.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Agents;

/// <summary>Makes ingestions begin: by the clock, and when a file is dropped.</summary>
public sealed class DataSchedulerAgent(
    Scheduler scheduler, PlatformConfiguration configuration, BlobStore blobs, MessageQueues queues, TimeProvider time, ILogger<DataSchedulerAgent> logger)
{
    /// <summary>At every tick of <c>SchedulerInterval</c>: requests every run that has fallen due.</summary>
    [Function(nameof(DataSchedulerAgent))]
    public Task RunDueAsync([TimerTrigger("%SchedulerInterval%")] TimerInfo timer, CancellationToken cancellationToken) =>
        scheduler.RunAsync(configuration, time.GetUtcNow(), cancellationToken);

    /// <summary>For every version of a file in the drop container: requests a run of the source that its folder names.</summary>
    [Function("FileDropped")]
    public async Task FileDroppedAsync(
        [BlobTrigger(Containers.Drop + "/{source}/{name}")] BlobClient dropped, string source, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dropped);
        var path = new LakePath(dropped.BlobContainerName, dropped.Name);
        if (await blobs.FindAsync(path, cancellationToken) is not { } file)
            return; // removed again before we looked
        if (!configuration.Sources.TryGetValue(source, out var definition) || definition is not { Kind: SourceKind.File, Connection: null })
        {
            logger.LogWarning("'{Path}' was dropped, but there is no source of dropped files '{Source}': add one to the configuration, or move the file", path, source);
            return;
        }

        await queues.SendAsync(Queues.IngestionRequests, new IngestionRequest
        {
            Run = RunId.From(source, file.ModifiedAt, $"{path} {file.ETag}"),
            Source = source,
            Cause = IngestionCause.Drop,
            RequestedAt = time.GetUtcNow(),
            File = new(path, file.ETag.ToString(), file.Length, file.ModifiedAt),
        }, cancellationToken: cancellationToken);
    }
}
