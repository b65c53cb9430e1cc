using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary><c>s3</c>: objects of Amazon S3 and of stores that speak its protocol, as files.</summary>
internal sealed class S3System(SiteHttp http, IAwsCredentials credentials, FileChunkStore chunks) : ISourceSystem
{
    public string Name => "s3";

    public IReadOnlyList<SourceKind> Kinds => [SourceKind.File];

    public IReadOnlyList<string> Schemes => ["s3"];

    public IReadOnlyList<string> Authentication => ["aws"];

    public Type ConnectionOptions => typeof(S3Options);

    public Type ReadOptions => typeof(FileReadOptions);

    public Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken) =>
        Task.FromResult<ISourceConnection>(new FileSystemConnection(Open(site), site, typeof(FileReadOptions), FileDefaults.ObjectStore, chunks));

    public IEnumerable<ConfigurationFinding> Check(SourceDefinition source, SourceDatasetDefinition dataset) => FileSystemConnection.Check(dataset);

    S3Files Open(SourceSite site) => new(site, Client(site), site.Options<S3Options>().RequesterPays);

    AmazonS3Client Client(SourceSite site)
    {
        var options = site.Options<S3Options>();
        var config = new AmazonS3Config
        {
            AuthenticationRegion = options.Region,
            ForcePathStyle = options.PathStyle ?? options.Endpoint is not null,
            HttpClientFactory = new Clients(site, http),
            MaxErrorRetry = 0, // the source's own pipeline retries
            Timeout = Timeout.InfiniteTimeSpan,

            // Stores other than Amazon's refuse the checksums that newer SDKs add by themselves.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint is { } endpoint)
            config.ServiceURL = endpoint.AbsoluteUri;
        else
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        return new(site.Authentication is { } who ? new S3Credentials(credentials, who) : new AnonymousAWSCredentials(), config);
    }

    sealed class Clients(SourceSite site, SiteHttp http) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => http.Create(site, hosts: null);

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

        public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;
    }
}
