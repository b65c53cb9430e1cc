using DataIngestion.Contracts;
using DataIngestion.Storage;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Agents.Drops;

/// <summary>
/// Requests a run for a file in the drop container, whoever noticed it. The run's id follows from the file's path and version, so a file
/// that is noticed twice, or in both ways, is ingested once.
/// </summary>
public sealed class DroppedFiles(PlatformConfiguration configuration, BlobStore blobs, MessageQueues queues, TimeProvider time, ILogger<DroppedFiles> logger)
{
    /// <summary>Requests a run for the version of the file that is there now. One that was noticed and replaced since is noticed again.</summary>
    /// <param name="dropped">What Event Grid told.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task RequestAsync(BlobCreatedEvent dropped, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dropped);
        return RequestAsync(dropped.Path, cancellationToken);
    }

    /// <summary>Requests a run of the source that the file's folder names.</summary>
    /// <param name="path">Where the file lies: <c>drop/{source}/{name}</c>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RequestAsync(LakePath path, CancellationToken cancellationToken)
    {
        if (await blobs.FindAsync(path, cancellationToken) is not { } file)
            return; // removed again before we looked
        var slash = path.Name.IndexOf('/', StringComparison.Ordinal);
        var source = slash > 0 ? path.Name[..slash] : "";
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
            TraceParent = RunTrace.Current,
            File = new(path, file.ETag.ToString(), file.Length, file.ModifiedAt),
        }, cancellationToken: cancellationToken);
    }
}
