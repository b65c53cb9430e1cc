using DataIngestion.Contracts;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

/// <summary>The way to a source's WebSockets.</summary>
internal sealed class WebSocketConnection(SourceSite site, SiteHttp http, ILogger logger) : ISourceConnection
{
    HttpClient? _client;

    public SourceSite Site => site;

    public ILogger Logger => logger;

    public WebSocketConnectionOptions Options { get; } = site.Options<WebSocketConnectionOptions>();

    // Holds nothing that is open: each reader opens its own.
    public bool CanBeReused => true;

    public async Task<string> ProbeAsync(CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(path: null, cancellationToken);
        return $"open{(session.Subprotocol is { Length: > 0 } subprotocol ? $", {subprotocol}" : "")}";
    }

    /// <summary>Nothing: a WebSocket does not say what can be subscribed to.</summary>
    public IAsyncEnumerable<SourceObject> DiscoverAsync(string? pattern, CancellationToken cancellationToken) => AsyncEnumerable.Empty<SourceObject>();

    public Task<ISourceReader> ReadAsync(SourceRead read, CancellationToken cancellationToken) => read.Window is null
        ? Task.FromResult<ISourceReader>(new WebSocketReader(this, read))
        : throw site.Fail("configuration-invalid", "a WebSocket tells what is, not what was: it cannot be asked for a window of time.", isTransient: false);

    /// <summary>Opens a WebSocket and logs in.</summary>
    public Task<WebSocketSession> OpenAsync(string? path, CancellationToken cancellationToken)
    {
        _client ??= http.Create(site, host => host == site.Address.Host);
        return WebSocketSession.OpenAsync(site, Options, _client, AddressOf(path), cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return ValueTask.CompletedTask;
    }

    Uri AddressOf(string? path)
    {
        if (string.IsNullOrEmpty(path))
            return site.Address;
        var text = site.Secrets.ResolveEscaped(path);
        var start = site.Address.GetLeftPart(UriPartial.Path);
        return Uri.TryCreate(text[0] == '?' ? start + text : $"{start.TrimEnd('/')}/{text.TrimStart('/')}", UriKind.Absolute, out var address) && Origin.IsSame(address, site.Address)
            ? address
            : throw site.Fail("address-refused", $"'{path}' is no path below the base address.", isTransient: false);
    }
}
