using System.Net;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// HTTP clients for systems whose own protocol runs over HTTP (object stores, Kinesis): guarded addresses, no redirects, no proxy,
/// and the proof of who we are put into each request that goes to one of the hosts the system names.
/// </summary>
internal sealed class SiteHttp(AddressGuard guard, Authentications authentications)
{
    /// <summary>A client that belongs to the caller.</summary>
    /// <param name="site">The source.</param>
    /// <param name="hosts">Hosts that may see the credentials; null when the caller (an SDK) signs by itself.</param>
    public HttpClient Create(SourceSite site, Func<string, bool>? hosts)
    {
        var sockets = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null, // nothing traces what may hold secrets
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = (context, cancellationToken) => guard.ConnectAsync(context.DnsEndPoint, site.Connection.AllowPrivateNetwork, cancellationToken),
            ConnectTimeout = site.Connection.Limits.AttemptTimeout,
            MaxConnectionsPerServer = site.Connection.Limits.MaxConcurrent,
            MaxResponseHeadersLength = 64, // KiB
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = site.Tls().Options(),
            UseCookies = false,
            UseProxy = false,
        };
        HttpMessageHandler handler = hosts is not null && site.Connection.Auth is { Kind: { } kind } auth && authentications.Find(kind) is { } way
            ? new AuthenticatingHandler(way, site, auth, hosts) { InnerHandler = sockets }
            : sockets;
#pragma warning disable RS0030 // The factory keeps clients by name for the life of the process; this one lives as long as its connection.
        return new(handler) { Timeout = Timeout.InfiniteTimeSpan };
#pragma warning restore RS0030
    }

    sealed class AuthenticatingHandler(IAuthenticationKind way, SourceSite site, AuthenticationDefinition auth, Func<string, bool> hosts) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (hosts(request.RequestUri!.Host))
                await way.AuthenticateAsync(request, new(site.Source.Source, auth, site.Secrets), cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
