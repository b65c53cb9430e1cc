using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary><c>event-hubs</c>: Azure Event Hubs by AMQP 1.0.</summary>
internal sealed class EventHubsSystem(Authentications authentications) : ISourceSystem
{
    /// <summary>The scheme for connections with TLS; the service knows no other.</summary>
    public const string Secure = "amqps";

    public string Name => "event-hubs";

    public IReadOnlyList<SourceKind> Kinds => [SourceKind.Stream];

    public IReadOnlyList<string> Schemes => [Secure, "amqp"];

    /// <summary><c>basic</c> is the name of a shared access policy and its key.</summary>
    public IReadOnlyList<string> Authentication { get; } = ["basic", .. BearerToken.Kinds];

    public Type ConnectionOptions => typeof(EventHubsConnectionOptions);

    public Type ReadOptions => typeof(EventHubsReadOptions);

    public IEnumerable<ConfigurationFinding> Check(SourceDefinition source, SourceDatasetDefinition dataset)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Read is { Object: null } read)
            yield return new(read, nameof(ReadDefinition.Object), "the event hub is missing: expected 'object: its name'.");
        if (source.Connection is { Auth: null } connection && !connection.Options.ContainsKey("connectionString"))
            yield return new(connection, nameof(ConnectionDefinition.Auth), "expected 'auth' or 'connectionString'.");
    }

    public async Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken) =>
        new EventHubsConnection(await EventHubsClient.OpenAsync(site, authentications, cancellationToken));
}
