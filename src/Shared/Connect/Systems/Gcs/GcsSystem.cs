using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary><c>gcs</c>: objects of a bucket of Google Cloud Storage, as files.</summary>
internal sealed class GcsSystem(SiteHttp http, FileChunkStore chunks) : ISourceSystem
{
    public string Name => "gcs";

    public IReadOnlyList<SourceKind> Kinds => [SourceKind.File];

    public IReadOnlyList<string> Schemes => ["gs"];

    public IReadOnlyList<string> Authentication => ["google-service-account", "oauth2", "bearer"];

    public Type ConnectionOptions => typeof(GcsOptions);

    public Type ReadOptions => typeof(FileReadOptions);

    public Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken) =>
        Task.FromResult<ISourceConnection>(new FileSystemConnection(Open(site, http), site, typeof(FileReadOptions), FileDefaults.ObjectStore, chunks));

    public IEnumerable<ConfigurationFinding> Check(SourceDefinition source, SourceDatasetDefinition dataset) => FileSystemConnection.Check(dataset);

    internal static GcsFiles Open(SourceSite site, SiteHttp http)
    {
        var options = site.Options<GcsOptions>();
        return new(site, http.Create(site, host => host == options.Endpoint.Host), options);
    }
}
