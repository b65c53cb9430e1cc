using Azure;
using Azure.Storage.Blobs.Models;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Cli.Demo;

/// <summary>One file that the demo drops, with the run that it causes.</summary>
internal sealed record DroppedSample(string Source, string Name, string Run);

/// <summary>Puts sample files into the drop container, as a person or a vendor would.</summary>
internal static class DemoFiles
{
    /// <summary>Drops every <c>{source}/{file}</c> of a folder and tells the run that the platform will start for each.</summary>
    public static async Task<IReadOnlyList<DroppedSample>> DropAsync(StorageClients storage, string folder, CancellationToken cancellationToken)
    {
        var drop = storage.Blobs.GetBlobContainerClient(Containers.Drop);
        var blobs = new BlobStore(storage);
        var dropped = new List<DroppedSample>();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var source = Path.GetFileName(Path.GetDirectoryName(file)!);
            var path = new LakePath(Containers.Drop, $"{source}/{Path.GetFileName(file)}");
            await using (var content = File.OpenRead(file))
            {
                try
                {
                    await drop.GetBlobClient(path.Name).UploadAsync(content, new BlobUploadOptions(), cancellationToken);
                }
                catch (RequestFailedException refused)
                {
                    throw new CommandFailedException(ExitCodes.NotReachable, $"'{file}' could not be dropped as '{path}': {refused.ErrorCode}.", refused);
                }
            }

            // The run is named after the version that was dropped, so it is known before it has begun.
            var seen = await blobs.FindAsync(path, cancellationToken)
                ?? throw new CommandFailedException(ExitCodes.Failed, $"'{path}' is gone right after it was dropped: is something else using this storage?");
            dropped.Add(new(source, Path.GetFileName(file), RunId.From(source, seen.ModifiedAt, $"{path} {seen.ETag}")));
        }

        return dropped;
    }
}
