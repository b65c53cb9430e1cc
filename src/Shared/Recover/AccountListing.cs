using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Recover;

/// <summary>Blobs of an account as entries without a hash.</summary>
internal static class AccountListing
{
    /// <summary>Those of a container, by name. A container that is not there has none; a name that no path can have is left out.</summary>
    public static async IAsyncEnumerable<BackupEntry> ReadAsync(
        StorageClients clients, string container, string? prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var client = clients.Blobs.GetBlobContainerClient(container);
        if (!await client.ExistsAsync(cancellationToken))
            yield break;
        await foreach (var blob in client.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, prefix, cancellationToken))
        {
            var at = blob.Properties;
            yield return Entry(new(container, blob.Name), at.ContentLength ?? 0, at.ETag ?? default, at.LastModified ?? default, at.ContentType, blob.Metadata);
        }
    }

    public static BackupEntry Entry(LakePath path, long length, ETag version, DateTimeOffset modifiedAt, string? contentType, IDictionary<string, string>? metadata) => new()
    {
        Path = path,
        Length = length,
        Sha256 = "",
        ETag = version.ToString("H").Trim('"'),
        ModifiedAt = modifiedAt,
        ContentType = contentType,
        Metadata = metadata is { Count: > 0 } ? new SortedDictionary<string, string>(metadata, StringComparer.Ordinal) : null,
    };

    public static BlobClient Client(StorageClients clients, LakePath path) => clients.Blobs.GetBlobContainerClient(path.Container).GetBlobClient(path.Name);
}
