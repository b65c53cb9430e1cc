using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace DataIngestion.Connect;

/// <summary>The blobs of a container below a prefix.</summary>
internal sealed class AzureBlobFiles(SourceSite site, BlobContainerClient container, ObjectPrefix prefix, HttpClient http) : IRemoteFiles
{
    public int Parallel => 8;

    string Thing => $"the container '{container.Name}'";

    public async Task<string> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var pages = container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix.Of(null) }, cancellationToken).AsPages(pageSizeHint: 1).GetAsyncEnumerator(cancellationToken);
            var any = await pages.MoveNextAsync() && pages.Current.Values.Count > 0;
            return $"{Thing} answers; {(any ? "there are blobs" : "there is no blob")} below '{prefix.Of(null)}'";
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw AzureBlobFailures.Of(fault, site, Thing);
        }
    }

    public async IAsyncEnumerable<RemoteFile> ListAsync(string? folder, bool recursive, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var items = container
            .GetBlobsByHierarchyAsync(new GetBlobsByHierarchyOptions { Delimiter = recursive ? null : "/", Prefix = prefix.Of(folder), Traits = BlobTraits.Metadata }, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await items.MoveNextAsync())
                    yield break;
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                throw AzureBlobFailures.Of(fault, site, Thing);
            }

            if (items.Current is { IsBlob: true, Blob: { } blob } && !IsFolder(blob) && prefix.NameOf(blob.Name) is { } name)
            {
                yield return new(name, blob.Properties.ContentLength ?? 0, blob.Properties.LastModified ?? DateTimeOffset.UnixEpoch, blob.Properties.ETag?.ToString())
                {
                    Checksum = blob.Properties.ContentHash is { Length: > 0 } md5 ? $"md5:{Convert.ToHexStringLower(md5)}" : null,
                };
            }
        }
    }

    public async Task<Stream> OpenReadAsync(RemoteFile file, long offset, CancellationToken cancellationToken)
    {
        var key = prefix.KeyOf(file.Name);
        var thing = $"the blob '{key}' of {Thing}";
        try
        {
            var answer = await container.GetBlobClient(key).DownloadStreamingAsync(
                new() { Range = new HttpRange(offset), Conditions = new() { IfMatch = file.ETag is { } etag ? new ETag(etag) : null } }, cancellationToken);
            return new TranslatingStream(answer.Value.Content, broken => AzureBlobFailures.Of(broken, site, thing), answer.Value);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw AzureBlobFailures.Of(fault, site, thing);
        }
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    // Accounts with a hierarchical namespace list their folders as empty blobs with this mark.
    static bool IsFolder(BlobItem blob) => blob.Metadata is { } metadata && metadata.TryGetValue("hdi_isfolder", out var mark) && mark == "true";
}
