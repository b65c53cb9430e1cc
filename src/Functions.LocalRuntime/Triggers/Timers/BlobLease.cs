using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;

namespace DataIngestion.LocalRuntime.Triggers.Timers;

/// <summary>A lock in storage that one instance holds at a time, and that a dead instance loses after 15 s.</summary>
internal sealed class BlobLease(BlobClient blob)
{
    /// <summary>The shortest lease storage gives.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(15);

    readonly BlobLeaseClient _lease = blob.GetBlobLeaseClient();

    /// <summary>Takes or renews the lease; false while another instance holds it.</summary>
    public async Task<bool> TryHoldAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The same lease id again renews it.
            await _lease.AcquireAsync(Length, cancellationToken: cancellationToken);
            return true;
        }
        catch (RequestFailedException held) when (held.ErrorCode == "LeaseAlreadyPresent")
        {
            return false;
        }
        catch (RequestFailedException missing) when (missing.ErrorCode is "BlobNotFound" or "ContainerNotFound")
        {
            await CreateAsync(cancellationToken);
            return await TryHoldAsync(cancellationToken);
        }
    }

    /// <summary>Lets another instance have it now.</summary>
    public async Task ReleaseAsync()
    {
        try
        {
            await _lease.ReleaseAsync();
        }
        catch (RequestFailedException)
        {
            // Not held, or storage is away: it runs out by itself.
        }
    }

    async Task CreateAsync(CancellationToken cancellationToken)
    {
        await blob.GetParentBlobContainerClient().CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        try
        {
            await blob.UploadAsync(BinaryData.FromString(""), overwrite: false, cancellationToken);
        }
        catch (RequestFailedException exists) when (exists.ErrorCode is "BlobAlreadyExists" or "LeaseIdMissing")
        {
            // Another instance was quicker.
        }
    }
}
