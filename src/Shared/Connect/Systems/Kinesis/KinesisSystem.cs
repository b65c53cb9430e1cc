using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary><c>kinesis</c>: Amazon Kinesis Data Streams.</summary>
internal sealed class KinesisSystem(SiteHttp http, Authentications authentications) : ISourceSystem
{
    public string Name => "kinesis";

    public IReadOnlyList<SourceKind> Kinds => [SourceKind.Stream];

    public IReadOnlyList<string> Schemes => ["https", "http"];

    public IReadOnlyList<string> Authentication => ["aws"];

    public Type ConnectionOptions => typeof(NoOptions);

    public Type ReadOptions => typeof(KinesisReadOptions);

    public IEnumerable<ConfigurationFinding> Check(SourceDefinition source, SourceDatasetDefinition dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Read is { Object: null } read)
            yield return new(read, nameof(ReadDefinition.Object), "the stream is missing: expected 'object: its name'.");
    }

    public Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken) =>
        Task.FromResult<ISourceConnection>(new KinesisConnection(new(site, http.Create(site, hosts: null), authentications)));
}
