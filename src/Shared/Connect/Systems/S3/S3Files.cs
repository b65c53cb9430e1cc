using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;

namespace DataIngestion.Connect;

/// <summary>The objects of a bucket below a prefix.</summary>
internal sealed class S3Files(SourceSite site, AmazonS3Client client, bool requesterPays) : IRemoteFiles
{
    readonly string _bucket = site.Address.Host;
    readonly ObjectPrefix _prefix = ObjectPrefix.Of(site.Address);

    public int Parallel => 8;

    RequestPayer? Payer => requesterPays ? RequestPayer.Requester : null;

    public async Task<string> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await client.ListObjectsV2Async(new() { BucketName = _bucket, Prefix = _prefix.Of(null), MaxKeys = 1, RequestPayer = Payer }, cancellationToken);
            return $"the bucket '{_bucket}' answers; {(answer.KeyCount > 0 ? "there are objects" : "there is no object")} below '{_prefix.Of(null)}'";
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw S3Failures.Of(fault, site, _bucket, key: null);
        }
    }

    public async IAsyncEnumerable<RemoteFile> ListAsync(string? folder, bool recursive, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = _bucket, Prefix = _prefix.Of(folder), Delimiter = recursive ? null : "/", RequestPayer = Payer };
        do
        {
            ListObjectsV2Response page;
            try
            {
                page = await client.ListObjectsV2Async(request, cancellationToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                throw S3Failures.Of(fault, site, _bucket, key: null);
            }

            foreach (var item in page.S3Objects ?? [])
            {
                if (_prefix.NameOf(item.Key) is { } name)
                    yield return new(name, item.Size ?? 0, new(DateTime.SpecifyKind(item.LastModified ?? DateTime.UnixEpoch, DateTimeKind.Utc)), item.ETag);
            }

            request.ContinuationToken = page.IsTruncated is true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    public async Task<Stream> OpenReadAsync(RemoteFile file, long offset, CancellationToken cancellationToken)
    {
        var key = _prefix.KeyOf(file.Name);
        try
        {
            var request = new GetObjectRequest { BucketName = _bucket, Key = key, EtagToMatch = file.ETag, RequestPayer = Payer };
            if (offset > 0)
                request.ByteRange = new(offset, Math.Max(offset, file.Length - 1));
            var answer = await client.GetObjectAsync(request, cancellationToken);
            return new TranslatingStream(answer.ResponseStream, broken => S3Failures.Of(broken, site, _bucket, key), answer);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw S3Failures.Of(fault, site, _bucket, key);
        }
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}
