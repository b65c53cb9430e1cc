using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary><c>kafka</c>: topics of Apache Kafka and of what speaks its protocol.</summary>
internal sealed class KafkaSystem(Authentications authentications) : ISourceSystem
{
    /// <summary>The scheme for connections with TLS.</summary>
    public const string Secure = "kafkas";

    public string Name => "kafka";

    public IReadOnlyList<SourceKind> Kinds { get; } = [SourceKind.Stream];

    public IReadOnlyList<string> Schemes { get; } = ["kafka", Secure];

    /// <summary><c>basic</c> is SASL PLAIN or SCRAM; what gives bearer tokens is SASL OAUTHBEARER.</summary>
    public IReadOnlyList<string> Authentication { get; } = ["basic", .. BearerToken.Kinds];

    public Type ConnectionOptions => typeof(KafkaConnectionOptions);

    public Type ReadOptions => typeof(KafkaReadOptions);

    public IEnumerable<ConfigurationFinding> Check(SourceDefinition source, SourceDatasetDefinition dataset)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Read is { Object: null } read)
            yield return new(read, nameof(ReadDefinition.Object), "the topic is missing: expected 'object: its name'.");
        if (source.Connection?.Tls is { } tls && KafkaTls.FaultOf(tls) is { } fault)
            yield return new(tls, "", fault);
    }

    public async Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken) =>
        new KafkaConnection(await KafkaClient.OpenAsync(site, authentications, cancellationToken));
}
