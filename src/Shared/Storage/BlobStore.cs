using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

using DataIngestion.Contracts;

namespace DataIngestion.Storage;

/// <summary>A blob as listed.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Length">Bytes.</param>
/// <param name="ETag">Its version.</param>
/// <param name="ModifiedAt">When this version was written.</param>
public sealed record BlobEntry(LakePath Path, long Length, ETag ETag, DateTimeOffset ModifiedAt);

/// <summary>
/// The lake's blobs. Nothing is overwritten by accident: data is written once (<c>If-None-Match: *</c>), pointers and state are
/// replaced only from the version that was read (<c>If-Match</c>). An upload becomes visible whole or not at all.
/// </summary>
public sealed class BlobStore(StorageClients clients)
{
    static readonly BlobRequestConditions MustNotExist = new() { IfNoneMatch = ETag.All };

    /// <summary>Creates the containers that are missing.</summary>
    public async Task CreateContainersAsync(CancellationToken cancellationToken = default)
    {
        foreach (var name in Containers.All)
            await clients.Blobs.GetBlobContainerClient(name).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
    }

    /// <summary>Properties of a blob, or null if there is none.</summary>
    public async Task<BlobEntry?> FindAsync(LakePath path, CancellationToken cancellationToken = default)
    {
        try
        {
            BlobProperties properties = await Client(path).GetPropertiesAsync(cancellationToken: cancellationToken);
            return new(path, properties.ContentLength, properties.ETag, properties.LastModified);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    /// <summary>A forward and seekable stream over a blob that fails, rather than mixing versions, when the blob changes while it is read.</summary>
    /// <exception cref="StepFailedException">There is no such blob.</exception>
    public async Task<Stream> OpenReadAsync(LakePath path, CancellationToken cancellationToken = default)
    {
        try
        {
            return await Client(path).OpenReadAsync(new BlobOpenReadOptions(allowModifications: false) { BufferSize = 4 << 20 }, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            throw new StepFailedException(new() { Code = "blob-missing", Message = $"There is no blob '{path}'." }, missing);
        }
    }

    /// <summary>The same for one version of a blob.</summary>
    /// <returns>Null when there is no blob, or another version of it.</returns>
    public async Task<Stream?> TryOpenReadAsync(LakePath path, ETag version, CancellationToken cancellationToken = default)
    {
        try
        {
            var options = new BlobOpenReadOptions(allowModifications: false) { BufferSize = 4 << 20, Conditions = new() { IfMatch = version } };
            return await Client(path).OpenReadAsync(options, cancellationToken);
        }
        catch (RequestFailedException gone) when (gone.Status is 404 or 412)
        {
            return null;
        }
    }

    /// <summary>The metadata that a blob was written with, names in lower case; null if there is no blob.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> FindMetadataAsync(LakePath path, CancellationToken cancellationToken = default)
    {
        try
        {
            BlobProperties properties = await Client(path).GetPropertiesAsync(cancellationToken: cancellationToken);
            return properties.Metadata.ToDictionary(m => m.Key.ToLowerInvariant(), m => m.Value);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Writes a blob if there is none at this path.</summary>
    /// <returns>False when there was one, which is left as it is: an earlier attempt of the same step.</returns>
    public Task<bool> WriteOnceAsync(LakePath path, Stream content, string? contentType = null, CancellationToken cancellationToken = default) =>
        WriteOnceAsync(path, content, contentType, metadata: null, cancellationToken);

    /// <summary>Writes a blob with metadata if there is none at this path; content and metadata become visible together.</summary>
    /// <param name="path">Where it goes.</param>
    /// <param name="content">Its bytes, from the stream's position on.</param>
    /// <param name="contentType">Media type; null for unknown bytes.</param>
    /// <param name="metadata">Names that are C# identifiers, ASCII values, at most 8 KiB in all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>False when there was one, which is left as it is: an earlier attempt of the same step.</returns>
    /// <exception cref="StepFailedException">The container does not exist.</exception>
    public async Task<bool> WriteOnceAsync(
        LakePath path, Stream content, string? contentType, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken = default)
    {
        try
        {
            await Client(path).UploadAsync(
                content,
                new BlobUploadOptions
                {
                    Conditions = MustNotExist,
                    HttpHeaders = new() { ContentType = contentType ?? "application/octet-stream" },
                    Metadata = metadata?.ToDictionary(m => m.Key, m => m.Value),
                    TransferOptions = new() { InitialTransferSize = 8 << 20, MaximumTransferSize = 8 << 20, MaximumConcurrency = 2 },
                },
                cancellationToken);
            return true;
        }
        catch (RequestFailedException conflict) when (IsConflict(conflict))
        {
            return false;
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            throw NoContainer(path, missing);
        }
    }

    /// <summary>Writes a document as JSON if there is none at this path.</summary>
    /// <returns>False when there was one, which is left as it is.</returns>
    public async Task<bool> WriteJsonOnceAsync<T>(LakePath path, T document, CancellationToken cancellationToken = default)
    {
        using var content = new MemoryStream(Serialize(document), writable: false);
        return await WriteOnceAsync(path, content, "application/json", cancellationToken);
    }

    /// <summary>Reads a JSON document with its version; null if there is none.</summary>
    /// <exception cref="StepFailedException">The blob is not such a document.</exception>
    public async Task<Versioned<T>?> ReadJsonAsync<T>(LakePath path, CancellationToken cancellationToken = default)
        where T : class
    {
        try
        {
            BlobDownloadResult blob = await Client(path).DownloadContentAsync(cancellationToken);
            var document = JsonSerializer.Deserialize<T>(blob.Content, ContractJson.Options)
                ?? throw new JsonException("it holds nothing but null."); // not the same as no blob: replacing it needs its version
            return new(document, blob.Details.ETag);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
        catch (JsonException fault)
        {
            throw new StepFailedException(new()
            {
                Code = "document-unreadable",
                Message = $"'{path}' is not a {typeof(T).Name}, at line {fault.LineNumber + 1}, {fault.Path}: {fault.Message}",
            }, fault);
        }
    }

    /// <summary>Replaces a JSON document if it is still the version that was read.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="document">Its new content.</param>
    /// <param name="expected">The version that was read; null when there was none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>
    /// False when somebody else was faster: read again and decide again. Rarely, that somebody is this very call, when the first answer to it
    /// was lost on the way and the client repeated it; what is read then is what was to be written.
    /// </returns>
    /// <exception cref="StepFailedException">The container does not exist.</exception>
    public async Task<bool> TryReplaceJsonAsync<T>(LakePath path, T document, ETag? expected, CancellationToken cancellationToken = default)
    {
        try
        {
            await Client(path).UploadAsync(
                new BinaryData(Serialize(document)),
                new BlobUploadOptions
                {
                    Conditions = expected is { } version ? new() { IfMatch = version } : MustNotExist,
                    HttpHeaders = new() { ContentType = "application/json" },
                },
                cancellationToken);
            return true;
        }
        catch (RequestFailedException conflict) when (IsConflict(conflict))
        {
            return false;
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            throw NoContainer(path, missing);
        }
    }

    /// <summary>The blobs below a folder, by name. A container that does not exist has none.</summary>
    public async IAsyncEnumerable<BlobEntry> ListAsync(
        string container, string? prefix = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pages = clients.Blobs.GetBlobContainerClient(container).GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (pages.ConfigureAwait(false))
        {
            while (true)
            {
                try
                {
                    if (!await pages.MoveNextAsync())
                        yield break;
                }
                catch (RequestFailedException missing) when (missing.Status == 404)
                {
                    yield break;
                }

                var blob = pages.Current;
                yield return new(new(container, blob.Name), blob.Properties.ContentLength ?? 0, blob.Properties.ETag ?? default, blob.Properties.LastModified ?? default);
            }
        }
    }

    /// <summary>Deletes a blob; deleting what is not there is no error.</summary>
    public async Task DeleteAsync(LakePath path, CancellationToken cancellationToken = default) =>
        await Client(path).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    /// <summary>Deletes every blob below a folder.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> DeleteFolderAsync(LakePath folder, CancellationToken cancellationToken = default)
    {
        var count = 0;
        await foreach (var blob in ListAsync(folder.Container, folder.Name + "/", cancellationToken))
        {
            await DeleteAsync(blob.Path, cancellationToken);
            count++;
        }

        return count;
    }

    /// <summary>The SDK client of one blob.</summary>
    internal BlobClient Client(LakePath path) => clients.Blobs.GetBlobContainerClient(path.Container).GetBlobClient(path.Name);

    // 409 BlobAlreadyExists comes for block blobs committed under If-None-Match, 412 ConditionNotMet for If-Match, 404 where the version read has been deleted.
    static bool IsConflict(RequestFailedException failure) =>
        failure.Status == 412 || (failure.Status == 409 && failure.ErrorCode == BlobErrorCode.BlobAlreadyExists) || failure.ErrorCode == BlobErrorCode.BlobNotFound;

    static StepFailedException NoContainer(LakePath path, RequestFailedException missing) => new(
        new()
        {
            Code = "container-missing",
            Message = $"'{path}' cannot be written because the container '{path.Container}' does not exist: it is created when the application starts.",
        },
        missing);

    static byte[] Serialize<T>(T document) => JsonSerializer.SerializeToUtf8Bytes(document, ContractJson.Indented);
}

/// <summary>A document with the version that was read.</summary>
/// <param name="Value">The document.</param>
/// <param name="ETag">Its version.</param>
public sealed record Versioned<T>(T Value, ETag ETag);
