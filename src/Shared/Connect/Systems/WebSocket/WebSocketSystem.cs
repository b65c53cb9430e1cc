using DataIngestion.Contracts;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

/// <summary>WebSocket (RFC 6455): messages as they come, in windows.</summary>
internal sealed class WebSocketSystem(SiteHttp http, Authentications authentications, ILogger<WebSocketSystem> logger) : ISourceSystem
{
    public string Name => "websocket";

    public IReadOnlyList<SourceKind> Kinds => [SourceKind.Stream];

    public IReadOnlyList<string> Schemes => ["wss", "ws"];

    public IReadOnlyList<string> Authentication => [.. authentications.Names];

    public Type ConnectionOptions => typeof(WebSocketConnectionOptions);

    public Type ReadOptions => typeof(WebSocketReadOptions);

    public IEnumerable<ConfigurationFinding> Check(SourceDefinition source, SourceDatasetDefinition dataset)
    {
        if (dataset.Read?.Object is { } path && (path.Contains("://", StringComparison.Ordinal) || path.StartsWith("//", StringComparison.Ordinal)))
            yield return new(dataset.Read, nameof(ReadDefinition.Object), $"'{path}' is an address: expected a path below 'baseUrl'.");
    }

    /// <summary>Opens nothing yet: the address may depend on the dataset. A probe opens.</summary>
    public Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken) =>
        Task.FromResult<ISourceConnection>(new WebSocketConnection(site, http, logger));
}
