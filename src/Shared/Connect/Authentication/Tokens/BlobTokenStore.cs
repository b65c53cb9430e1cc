using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Connect;

/// <summary>
/// Keeps them in blobs, <c>control/tokens/{key}.json</c>. The storage account's clock is the fleet's: it is in each of its answers, with
/// the age of the blob, so that no worker's own clock counts.
/// </summary>
internal sealed class BlobTokenStore(StorageClients clients) : ITokenStore
{
    public async Task<StoredToken> ReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var blob = await Client(key).DownloadContentAsync(cancellationToken);
            var details = blob.Value.Details;
            return new(blob.Value.Content.ToArray(), details.ETag.ToString(), details.LastModified, NowOf(blob.GetRawResponse()));
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return new(null, null, default, NowOf(missing.GetRawResponse()));
        }
        catch (RequestFailedException fault)
        {
            throw Away(fault);
        }
    }

    public async Task<string?> TryWriteAsync(string key, byte[] content, string? version, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions
        {
            Conditions = version is null ? new() { IfNoneMatch = ETag.All } : new() { IfMatch = new ETag(version) },
            HttpHeaders = new() { ContentType = "application/json" },
        };
        try
        {
            return (await Client(key).UploadAsync(new BinaryData(content), options, cancellationToken)).Value.ETag.ToString();
        }
        catch (RequestFailedException conflict) when (conflict.Status is 409 or 412 || conflict.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
        catch (RequestFailedException fault)
        {
            throw Away(fault);
        }
    }

    static StepFailedException Away(RequestFailedException fault) => new(
        new()
        {
            Code = "storage-unavailable",
            Message = $"Tokens cannot be shared through the storage account now ({(fault.Status == 0 ? "no answer" : $"{fault.Status} {fault.ErrorCode}")}).",
            IsTransient = fault.Status is 0 or 408 or 429 or >= 500,
            ErrorType = nameof(RequestFailedException),
        },
        fault);

    BlobClient Client(string key) => clients.Blobs.GetBlobContainerClient(Containers.Control).GetBlobClient($"tokens/{key}.json");

    static DateTimeOffset NowOf(Response? response) => response?.Headers.Date ?? throw new StepFailedException(new()
    {
        Code = "storage-unavailable",
        Message = "The storage account's answer has no 'Date': the age of a token cannot be told.",
        IsTransient = true,
    });
}
