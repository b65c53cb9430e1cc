using System.Net;
using System.Net.Sockets;
using DataIngestion.Contracts;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;

namespace DataIngestion.Connect;

/// <summary><c>system: mongodb</c>: documents and change streams.</summary>
internal sealed class MongoDbSystem : ISourceSystem
{
    const int DefaultPort = 27017;

    public string Name => "mongodb";

    public IReadOnlyList<SourceKind> Kinds => [SourceKind.Database, SourceKind.Stream];

    public IReadOnlyList<string> Schemes => ["mongodb"];

    public IReadOnlyList<string> Authentication => ["basic"];

    public Type ConnectionOptions => typeof(MongoDbConnectionOptions);

    public Type ReadOptions => typeof(MongoDbReadOptions);

    public IEnumerable<ConfigurationFinding> Check(SourceDefinition source, SourceDatasetDefinition dataset)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(dataset);
        if (source.Connection is { } connection && Uri.TryCreate(connection.BaseUrl, UriKind.Absolute, out var address) && address.AbsolutePath.Trim('/').Length == 0)
            yield return new(connection, nameof(ConnectionDefinition.BaseUrl), $"'{connection.BaseUrl}' names no database: expected mongodb://host/database.");
        if (dataset.Read is not { } read)
            yield break;
        if (string.IsNullOrEmpty(read.Object))
            yield return new(read, nameof(ReadDefinition.Object), "MongoDB needs 'object', the name of a collection.");
        if (OptionsBinder.Bind(read.Options, typeof(MongoDbReadOptions), out _) is MongoDbReadOptions options && options.Mode == MongoDbMode.Changes != (source.Kind == SourceKind.Stream))
            yield return new(read, $"{nameof(ReadDefinition.Options)}[mode]", "changes are a stream and documents are not: expected 'mode: changes' with kind 'stream', or 'mode: find' with kind 'database'.");
        if (dataset.Cursor is { Overlap: not null } cursor)
            yield return new(cursor, nameof(CursorDefinition.Overlap), "MongoDB is read behind the cursor without an overlap: read its changes where documents come late.");
    }

    public async Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(site);
        var guard = new MongoDbGuard(site);
        var settings = Settings(site, site.Options<MongoDbConnectionOptions>(), guard);
        try
        {
            foreach (var server in settings.Servers)
                await site.ResolveHostAsync(server.Host, cancellationToken);
        }
        catch (SocketException fault)
        {
            throw site.Fail("source-unavailable", $"A host of '{site.Address.Host}' has no address.", isTransient: true, fault);
        }

        var connection = new MongoDbConnection(site, new MongoClient(settings), guard);
        try
        {
            await connection.PingAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    static MongoClientSettings Settings(SourceSite site, MongoDbConnectionOptions options, MongoDbGuard guard)
    {
        var attempt = site.Connection.Limits.AttemptTimeout * 0.8; // ends before the caller's, because the driver knows the reason
        var settings = new MongoClientSettings
        {
            ApplicationName = "ingest",
            ConnectTimeout = attempt,
            HeartbeatTimeout = attempt,
            MaxConnectionPoolSize = 4,
            ReadConcern = ReadConcern.Majority, // what a fail-over takes back is not read
            ReadPreference = options.SecondaryPreferred ? ReadPreference.SecondaryPreferred : ReadPreference.Primary,
            RetryReads = true,
            ServerSelectionTimeout = attempt,
            Servers = [new(site.Address.Host, site.Address.Port > 0 ? site.Address.Port : DefaultPort), .. options.Hosts.Select(MongoServerAddress.Parse)],
            SocketTimeout = attempt,
        };
        if (options.ReplicaSet is { } name)
            settings.ReplicaSetName = name;
        else
            settings.DirectConnection = options.Hosts.Count == 0;
        if (site.Login is { } login)
            settings.Credential = MongoCredential.CreateCredential(options.AuthSource, login.UserName, login.Password);
        if (options.Encrypt)
        {
            var policy = guard.Tls;
            settings.UseTls = true;
            settings.SslSettings = new() { CheckCertificateRevocation = false, EnabledSslProtocols = policy.Protocols, ServerCertificateValidationCallback = policy.Validate };
            if (policy.Certificate is { } certificate)
                settings.SslSettings.ClientCertificates = [certificate];
        }

        settings.ClusterConfigurator = cluster => cluster.Subscribe<ConnectionOpeningEvent>(opening => guard.Check(opening.ServerId.EndPoint));
        return settings;
    }
}

/// <summary>Checks every server that the driver is about to connect to, also those that a replica set names. The driver resolves names by itself.</summary>
internal sealed class MongoDbGuard(SourceSite site)
{
    /// <summary>TLS to the servers.</summary>
    public TlsPolicy Tls { get; } = site.Tls();

    /// <summary>Why a server was refused.</summary>
    public StepFailedException? Refusal { get; private set; }

    public void Check(EndPoint server)
    {
        try
        {
            var host = server is DnsEndPoint dns ? dns.Host : ((IPEndPoint)server).Address.ToString();
            site.ResolveHostAsync(host, CancellationToken.None).GetAwaiter().GetResult(); // the driver's events do not wait
        }
        catch (StepFailedException refused)
        {
            Refusal = refused;
            throw;
        }
    }
}
