using Azure.Storage.Blobs;
using DataIngestion.Agents.Drops;
using DataIngestion.Contracts;
using DataIngestion.Schedule;
using DataIngestion.Storage;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Agents;

/// <summary>Makes ingestions begin: by the clock, and when a file is dropped.</summary>
public sealed class DataSchedulerAgent(Scheduler scheduler, Lookout lookout, PlatformConfiguration configuration, DroppedFiles drops, TimeProvider time)
{
    /// <summary>At every tick of <c>SchedulerInterval</c>: requests every run that has fallen due, and looks at what is late and what waits.</summary>
    [Function(nameof(DataSchedulerAgent))]
    public async Task RunDueAsync([TimerTrigger("%SchedulerInterval%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        try
        {
            await scheduler.RunAsync(configuration, time.GetUtcNow(), cancellationToken);
        }
        finally
        {
            await lookout.LookAsync(configuration, cancellationToken);
        }
    }

    /// <summary>For every version of a file in the drop container, found by looking there: requests a run. Disabled where Event Grid tells, see <see cref="FileDroppedEventAsync"/>.</summary>
    [Function("FileDropped")]
    public Task FileDroppedAsync(
        [BlobTrigger(Containers.Drop + "/{source}/{name}", Connection = StorageConnection.Data)] BlobClient dropped, string source, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dropped);
        return drops.RequestAsync(new LakePath(dropped.BlobContainerName, dropped.Name), cancellationToken);
    }

    /// <summary>For every file that Event Grid says was dropped: requests a run, the same as <see cref="FileDroppedAsync"/> does.</summary>
    [Function("FileDroppedEvent")]
    public Task FileDroppedEventAsync([QueueTrigger(Queues.DroppedFiles)] string message, CancellationToken cancellationToken) =>
        drops.RequestAsync(BlobCreatedEvent.Read(message), cancellationToken);
}
