using System.Security.Cryptography;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace DataIngestion.Recover;

/// <summary>Backups in a container of a storage account.</summary>
/// <param name="container">The container; it is created when it is missing.</param>
/// <param name="folder">A folder in it, ending with <c>/</c>; empty for the container itself.</param>
public sealed class ContainerTarget(BlobContainerClient container, string folder = "") : IBackupTarget
{
    // Smaller contents are read once and kept; larger ones are read twice, to know their name before they are written.
    const int Kept = 8 << 20;

    static readonly BlobUploadOptions Transfer = new() { TransferOptions = new() { InitialTransferSize = Kept, MaximumTransferSize = Kept, MaximumConcurrency = 2 } };

    bool _isThere;

    /// <summary>The target at <c>https://{account}.blob.core.windows.net/{container}[/{folder}]</c>.</summary>
    /// <exception cref="InvalidOperationException">The text is no such address.</exception>
    public static ContainerTarget At(string address, TokenCredential identity)
    {
        var path = Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.Query.Length == 0 ? uri.AbsolutePath.Trim('/') : "";
        if (path.Length == 0)
            throw new InvalidOperationException($"'{address}' is no place of backups: expected https://ACCOUNT.blob.core.windows.net/CONTAINER, with a folder if need be.");
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var service = new BlobServiceClient(new Uri(uri!.GetLeftPart(UriPartial.Authority)), identity);
        return slash < 0 ? new(service.GetBlobContainerClient(path)) : new(service.GetBlobContainerClient(path[..slash]), path[(slash + 1)..] + "/");
    }

    /// <inheritdoc />
    public string Name => folder.Length == 0 ? container.Uri.ToString() : $"{container.Uri}/{folder.TrimEnd('/')}";

    /// <inheritdoc />
    public async Task<StoredObject> StoreAsync(Func<CancellationToken, Task<Stream>> open, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(open);
        await CreateAsync(cancellationToken);
        await using var content = await open(cancellationToken);
        var head = new byte[Kept + 1];
        var read = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        if (read <= Kept)
            return await StoreAsync(Convert.ToHexStringLower(SHA256.HashData(head.AsSpan(0, read))), read, new MemoryStream(head, 0, read, writable: false), cancellationToken);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head.AsSpan(0, read));
        var length = (long)read;
        for (int more; (more = await content.ReadAsync(head, cancellationToken)) > 0; length += more)
            hash.AppendData(head.AsSpan(0, more));
        var name = Convert.ToHexStringLower(hash.GetHashAndReset());

        await using var again = await open(cancellationToken);
        await using var checkedAgain = new VerifiedStream(again, name, length, "the source");
        return await StoreAsync(name, length, checkedAgain, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<Stream?> TryOpenAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await container.GetBlobClient(folder + name).OpenReadAsync(new BlobOpenReadOptions(allowModifications: false) { BufferSize = 4 << 20 }, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public async Task WriteAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        await CreateAsync(cancellationToken);
        await container.GetBlobClient(folder + name).UploadAsync(content, Transfer, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<string>> ListAsync(string below, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        try
        {
            await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, folder + below, cancellationToken))
                names.Add(blob.Name[folder.Length..]);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            // No container, no backups.
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <inheritdoc />
    public async Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        await container.GetBlobClient(folder + name).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    async Task<StoredObject> StoreAsync(string hash, long length, Stream content, CancellationToken cancellationToken)
    {
        var blob = container.GetBlobClient(folder + TargetNames.ObjectOf(hash));
        if (await blob.ExistsAsync(cancellationToken))
            return new(hash, length, IsNew: false);
        try
        {
            await blob.UploadAsync(content, new BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All }, TransferOptions = Transfer.TransferOptions }, cancellationToken);
            return new(hash, length, IsNew: true);
        }
        catch (RequestFailedException there) when (there.Status is 409 or 412)
        {
            return new(hash, length, IsNew: false);
        }
    }

    async Task CreateAsync(CancellationToken cancellationToken)
    {
        if (_isThere)
            return;
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        _isThere = true;
    }
}
