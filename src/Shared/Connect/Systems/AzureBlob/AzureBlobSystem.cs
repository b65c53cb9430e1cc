using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary><c>azure-blob</c>: blobs of a container of Azure Storage, as files.</summary>
internal sealed class AzureBlobSystem(SiteHttp http, FileChunkStore chunks) : ISourceSystem
{
    public string Name => "azure-blob";

    public IReadOnlyList<SourceKind> Kinds => [SourceKind.File];

    public IReadOnlyList<string> Schemes => ["https", "http"];

    public IReadOnlyList<string> Authentication => ["azure-identity", "azure-sas"];

    public Type ConnectionOptions => typeof(NoOptions);

    public Type ReadOptions => typeof(FileReadOptions);

    public Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken) =>
        Task.FromResult<ISourceConnection>(new FileSystemConnection(Open(site, http), site, typeof(FileReadOptions), FileDefaults.ObjectStore, chunks));

    public IEnumerable<ConfigurationFinding> Check(SourceDefinition source, SourceDatasetDefinition dataset) => FileSystemConnection.Check(dataset);

    internal static AzureBlobFiles Open(SourceSite site, SiteHttp http)
    {
        var parts = new BlobUriBuilder(site.Address);
        if (parts.BlobContainerName.Length == 0)
            throw site.Fail("configuration-invalid", "the address names no container: expected https://ACCOUNT.blob.core.windows.net/CONTAINER", isTransient: false);
        var prefix = parts.BlobName;
        parts.BlobName = "";
        var client = http.Create(site, host => host == site.Address.Host);
        var options = new BlobClientOptions { Transport = new HttpClientTransport(client) };
        options.Diagnostics.IsDistributedTracingEnabled = false; // spans take over what went wrong, signature and all
        options.Retry.MaxRetries = 0; // the source's own pipeline retries
        options.Retry.NetworkTimeout = site.Connection.Limits.AttemptTimeout;
        return new(site, new(parts.ToUri(), options), new(prefix), client);
    }
}
