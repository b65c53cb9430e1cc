using System.Net;
using DataIngestion.Contracts;
using RabbitMQ.Client;

namespace DataIngestion.Connect;

/// <summary><c>system: rabbitmq</c>: queues and streams over AMQP 0-9-1.</summary>
internal sealed class RabbitMqSystem : ISourceSystem
{
    const int Port = 5672;
    const int TlsPort = 5671;

    public string Name => "rabbitmq";

    public IReadOnlyList<SourceKind> Kinds => [SourceKind.Stream];

    public IReadOnlyList<string> Schemes => ["amqp", "amqps"];

    public IReadOnlyList<string> Authentication => ["basic"];

    public Type ConnectionOptions => typeof(RabbitMqConnectionOptions);

    public Type ReadOptions => typeof(RabbitMqReadOptions);

    public IEnumerable<ConfigurationFinding> Check(SourceDefinition source, SourceDatasetDefinition dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Read is { } read && string.IsNullOrEmpty(read.Object))
            yield return new(read, nameof(ReadDefinition.Object), "RabbitMQ needs 'object', the name of a queue or stream.");
    }

    public async Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(site);
        var options = site.Options<RabbitMqConnectionOptions>();
        var tls = site.Address.Scheme == "amqps" ? site.Tls() : null;
        try
        {
            var endpoints = await EndpointsAsync(site, options, tls, cancellationToken);
            return new RabbitMqConnection(site, await ConnectAsync(site, Factory(site, options), endpoints, cancellationToken));
        }
        catch (Exception fault) when (RabbitMqFailures.IsOurs(fault, cancellationToken))
        {
            throw tls?.Refusal ?? RabbitMqFailures.Of(fault, site, "it was connected to");
        }
    }

    // The client waits for a broker that says nothing without an end, and does not listen to its token meanwhile.
    static async Task<IConnection> ConnectAsync(SourceSite site, ConnectionFactory factory, List<AmqpTcpEndpoint> endpoints, CancellationToken cancellationToken)
    {
        var connecting = factory.CreateConnectionAsync(endpoints, "ingest", cancellationToken);
        try
        {
            return await connecting.WaitAsync(site.Connection.Limits.AttemptTimeout * 0.8, site.Time, cancellationToken);
        }
        catch
        {
            _ = connecting.ContinueWith(late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    static ConnectionFactory Factory(SourceSite site, RabbitMqConnectionOptions options)
    {
        var attempt = site.Connection.Limits.AttemptTimeout * 0.8;
        var factory = new ConnectionFactory
        {
            AutomaticRecoveryEnabled = false, // what is broken is opened anew by the caller, behind what was landed
            TopologyRecoveryEnabled = false,
            ConsumerDispatchConcurrency = 1,
            ContinuationTimeout = attempt,
            HandshakeContinuationTimeout = attempt,
            MaxInboundMessageBodySize = (uint)options.MaxMessageBytes,
            RequestedConnectionTimeout = attempt,
            RequestedHeartbeat = options.Heartbeat,
            VirtualHost = site.Address.AbsolutePath.Trim('/') is { Length: > 0 } host ? Uri.UnescapeDataString(host) : "/",
        };
        if (site.Login is { } login)
            (factory.UserName, factory.Password) = (login.UserName, login.Password);
        return factory;
    }

    // The client would resolve names by itself: it is given the addresses that are allowed.
    static async Task<List<AmqpTcpEndpoint>> EndpointsAsync(SourceSite site, RabbitMqConnectionOptions options, TlsPolicy? tls, CancellationToken cancellationToken)
    {
        var port = site.Address.Port > 0 ? site.Address.Port : tls is null ? Port : TlsPort;
        var endpoints = new List<AmqpTcpEndpoint>();
        foreach (var host in (IEnumerable<string>)[site.Address.Host, .. options.Hosts])
        {
            foreach (var address in await site.ResolveHostAsync(host, cancellationToken))
                endpoints.Add(new(address.ToString(), port, Encryption(host, tls), (uint)options.MaxMessageBytes));
        }

        return endpoints;
    }

    static SslOption Encryption(string host, TlsPolicy? tls)
    {
        if (tls is null)
            return new();
        var option = new SslOption(tls.NameOf(host), enabled: true) { CertificateValidationCallback = tls.Validate, Version = tls.Protocols };
        if (tls.Certificate is { } certificate)
            option.Certs = [certificate];
        return option;
    }
}
