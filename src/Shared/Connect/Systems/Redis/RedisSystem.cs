using System.Globalization;
using System.Net;
using DataIngestion.Contracts;
using StackExchange.Redis;

namespace DataIngestion.Connect;

/// <summary><c>system: redis</c>: keys, hashes and streams of Redis and what speaks its protocol.</summary>
internal sealed class RedisSystem : ISourceSystem
{
    const int DefaultPort = 6379;

    public string Name => "redis";

    public IReadOnlyList<SourceKind> Kinds => [SourceKind.Database, SourceKind.Stream];

    public IReadOnlyList<string> Schemes => ["redis", "rediss"];

    public IReadOnlyList<string> Authentication => ["basic"];

    public Type ConnectionOptions => typeof(RedisConnectionOptions);

    public Type ReadOptions => typeof(RedisReadOptions);

    public IEnumerable<ConfigurationFinding> Check(SourceDefinition source, SourceDatasetDefinition dataset)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(dataset);
        if (source.Connection is { } connection && Uri.TryCreate(connection.BaseUrl, UriKind.Absolute, out var address) && DatabaseOf(address) is null)
            yield return new(connection, nameof(ConnectionDefinition.BaseUrl), $"'{connection.BaseUrl}' names no database: expected a number behind the host, such as redis://host:6379/0.");
        if (dataset.Read is not { } read || OptionsBinder.Bind(read.Options, typeof(RedisReadOptions), out _) is not RedisReadOptions options)
            yield break;
        if (options.Mode == RedisMode.Stream && string.IsNullOrEmpty(read.Object))
            yield return new(read, nameof(ReadDefinition.Object), "a stream needs 'object', which is its key.");
        if (options.Mode != RedisMode.Stream && source.Kind == SourceKind.Stream)
            yield return new(read, $"{nameof(ReadDefinition.Options)}[mode]", "a source of kind 'stream' reads a stream: expected 'mode: stream', or kind 'database'.");
        if (options.Group is not null && source.Kind == SourceKind.Database)
            yield return new(read, $"{nameof(ReadDefinition.Options)}[group]", "a consumer group is read in windows: expected kind 'stream'.");
    }

    public async Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(site);
        var tunnel = new GuardedTunnel(site);
        var configuration = Configure(site, tunnel);
        try
        {
            var multiplexer = await ConnectAsync(configuration, tunnel, cancellationToken);
            var connection = new RedisConnection(site, multiplexer, tunnel, configuration.DefaultDatabase ?? 0);
            await LogInAsync(connection, site, cancellationToken);
            return connection;
        }
        catch (Exception fault) when (RedisFailures.IsOurs(fault))
        {
            throw RedisFailures.Of(fault, site, tunnel, "it was connected to");
        }
    }

    // The client goes on as the default user when a log-in fails and that user needs no password.
    static async Task LogInAsync(RedisConnection connection, SourceSite site, CancellationToken cancellationToken)
    {
        if (site.Login is not { } login)
            return;
        object[] arguments = login.UserName is "default" or "" ? [login.Password] : [login.UserName, login.Password];
        try
        {
            await connection.AskAsync("it was logged in to", () => connection.Database.ExecuteAsync("AUTH", arguments), cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Number of the database in an address; null when what stands there is none.</summary>
    static int? DatabaseOf(Uri address) =>
        address.AbsolutePath.Trim('/') is not { Length: > 0 } text ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : null;

    static ConfigurationOptions Configure(SourceSite site, GuardedTunnel tunnel)
    {
        var options = site.Options<RedisConnectionOptions>();
        var attempt = (int)(site.Connection.Limits.AttemptTimeout.TotalMilliseconds * 0.8); // ends before the caller's, because we know the reason
        var configuration = new ConfigurationOptions
        {
            AbortOnConnectFail = true,
            AllowAdmin = true, // INFO counts as such; nothing else of that kind is sent
            AsyncTimeout = attempt,
            ConnectTimeout = attempt,
            SyncTimeout = attempt,
            ConnectRetry = 1,
            BacklogPolicy = BacklogPolicy.FailFast, // a broken connection is our caller's to open again
            ClientName = "ingest",
            DefaultDatabase = DatabaseOf(site.Address) ?? 0,
            IncludeDetailInExceptions = false,
            ServiceName = options.ServiceName,
            SentinelUser = options.SentinelUser,
            SentinelPassword = site.Resolve(options.SentinelPassword),
            Ssl = false, // the tunnel encrypts
            Tunnel = tunnel,
        };
        if (site.Login is { } login)
            (configuration.User, configuration.Password) = (login.UserName, login.Password);
        configuration.EndPoints.Add(site.Address.Host, site.Address.Port > 0 ? site.Address.Port : DefaultPort);
        foreach (var endpoint in options.Endpoints)
        {
            if (EndPointCollection.TryParse(endpoint) is not { } parsed)
                throw site.Fail("configuration-invalid", $"'{endpoint}' in 'endpoints' is no host with a port: expected host:6379.", isTransient: false);
            configuration.EndPoints.Add(parsed);
        }

        return configuration;
    }

    // The client goes on trying for its whole time; with one address, the first failure says all.
    static async Task<ConnectionMultiplexer> ConnectAsync(ConfigurationOptions configuration, GuardedTunnel tunnel, CancellationToken cancellationToken)
    {
        var connecting = ConnectionMultiplexer.ConnectAsync(configuration);
        try
        {
            if (configuration.EndPoints.Count == 1 && await Task.WhenAny(connecting, tunnel.Failed).WaitAsync(cancellationToken) != connecting)
                throw new IOException("no connection", tunnel.Fault);
            return await connecting.WaitAsync(cancellationToken);
        }
        catch
        {
            _ = connecting.ContinueWith(
                late => (late.IsCompletedSuccessfully ? late.Result : null)?.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
    }
}
