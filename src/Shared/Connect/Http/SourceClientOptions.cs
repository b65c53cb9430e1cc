using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace DataIngestion.Connect;

/// <summary>
/// Gives each source its own client, and with it its own connection pool, by name: sources come with the commands, not at start.
/// A pool that may reach private addresses has another name, so that its open connections serve no source that may not.
/// </summary>
internal sealed class SourceClientOptions(AddressGuard guard, TlsPolicies policies, SourceTransport transport) : IConfigureNamedOptions<HttpClientFactoryOptions>
{
    const string Public = "source/";
    const string Private = "private-source/";

    public static string NameOf(string source, bool allowPrivate, string tls) => $"{(allowPrivate ? Private : Public)}{source}/{tls}";

    public void Configure(string? name, HttpClientFactoryOptions options)
    {
        var allowPrivate = name?.StartsWith(Private, StringComparison.Ordinal) is true;
        if (name is null || (!allowPrivate && !name.StartsWith(Public, StringComparison.Ordinal)))
            return;

        options.HandlerLifetime = Timeout.InfiniteTimeSpan; // PooledConnectionLifetime follows changes of DNS
        options.ShouldRedactHeaderValue = static _ => true;
        options.HttpClientActions.Add(static client => client.Timeout = Timeout.InfiniteTimeSpan); // the pipeline's timeouts count

        // Asked for late: ways of authentication have clients of their own.
        options.HttpMessageHandlerBuilderActions.Add(builder =>
            builder.PrimaryHandler = new SourceHandler(builder.Services.GetRequiredService<Authentications>()) { InnerHandler = new TrafficMeter { InnerHandler = transport(Sockets(allowPrivate, policies.Of(name[(name.IndexOf('/', name.IndexOf('/') + 1) + 1)..]))) } });
    }

    public void Configure(HttpClientFactoryOptions options) => Configure(Options.DefaultName, options);

    SocketsHttpHandler Sockets(bool allowPrivate, TlsPolicy tls) => new()
    {
        ActivityHeadersPropagator = null, // the address may hold secrets in its path, and vendors have no business with our traces
        AllowAutoRedirect = false, // SourceHandler follows them, with less
        AutomaticDecompression = DecompressionMethods.None, // ResponseBody does it, and notices when the bytes break off
        ConnectCallback = (context, cancellationToken) => guard.ConnectAsync(context.DnsEndPoint, allowPrivate, cancellationToken),
        MaxResponseHeadersLength = 64, // KiB
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        SslOptions = tls.Options(),
        UseCookies = false,
        UseProxy = false, // a proxy would resolve the name for us, unguarded
    };
}
