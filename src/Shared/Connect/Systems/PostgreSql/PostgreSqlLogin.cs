using System.Globalization;
using System.Net;
using DataIngestion.Contracts;
using Npgsql;

namespace DataIngestion.Connect;

/// <summary>Opens sessions: tries hosts in order, at addresses that were checked, until one is what is asked for.</summary>
internal sealed class PostgreSqlLogin(SourceSite site, PostgreSqlOptions options)
{
    const int DefaultPort = 5432;

    (string Host, string Address, int Port)? _connected;

    /// <summary>Longest that a statement may take.</summary>
    public TimeSpan StatementTimeout => options.StatementTimeout ?? site.Connection.Limits.TotalTimeout;

    /// <summary>Opens a session that can only read.</summary>
    /// <exception cref="StepFailedException">No host let us in.</exception>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var hosts = Hosts();
        StepFailedException? failure = null;
        foreach (var target in options.Target is PostgreSqlTarget.PreferStandby ? [PostgreSqlTarget.Standby, PostgreSqlTarget.Any] : (PostgreSqlTarget[])[options.Target])
        {
            foreach (var (host, port) in hosts)
            {
                try
                {
                    if (await OpenAsync(host, port, target, cancellationToken) is { } session)
                        return session;
                    failure ??= site.Fail("source-unavailable", $"None of the hosts {string.Join(", ", hosts.Select(h => h.Host))} is a {target.ToString().ToLowerInvariant()}.", isTransient: true);
                }
                catch (Exception fault) when (PostgreSqlFailures.Is(fault))
                {
                    failure = PostgreSqlFailures.Of(site, fault);
                    if (!failure.Failure.IsTransient)
                        throw failure;
                }
            }
        }

        throw failure!;
    }

    /// <summary>The settings of a connection to an address.</summary>
    public NpgsqlConnectionStringBuilder Settings(string host, int port)
    {
        var seconds = (int)Math.Ceiling(Math.Min(site.Connection.Limits.AttemptTimeout.TotalSeconds, 1024));
        var login = site.Login;
        return new()
        {
            Host = host,
            Port = port,
            Database = Uri.UnescapeDataString(site.Address.AbsolutePath.Trim('/')) is { Length: > 0 } database ? database : null,
            Username = login?.UserName,
            Password = login?.Password,
            SslMode = options.Encrypt ? SslMode.Require : SslMode.Disable, // the policy verifies
            GssEncryptionMode = GssEncryptionMode.Disable,
            ApplicationName = "data-ingestion",
            Pooling = false,
            Enlist = false,
            PersistSecurityInfo = false,
            Timeout = seconds,
            CommandTimeout = seconds,
            TcpKeepAlive = true,
            ReadBufferSize = 64 << 10,
        };
    }

    /// <summary>
    /// The settings of a session for replication, on the host that a session was opened on. It connects by itself: to the address that was
    /// checked, or, where the certificate has to name the host, to that host.
    /// </summary>
    public NpgsqlConnectionStringBuilder ReplicationSettings()
    {
        var (host, address, port) = _connected ?? throw new InvalidOperationException("There is no session yet.");
        var settings = Settings(options.Encrypt ? host : address, port);
        if (options.Encrypt)
            VerifyByItself(settings);
        settings.Timezone = "UTC"; // a walsender's session writes values too
        settings.Options = "-c DateStyle=ISO -c IntervalStyle=iso_8601";
        return settings;
    }

    // The driver lets nobody look into a replication session's handshake.
    void VerifyByItself(NpgsqlConnectionStringBuilder settings)
    {
        var tls = site.Connection.Tls ?? new();
        if (tls.Pins.Count > 0 || tls.ServerName is not null || tls.ClientCertificate is { Pem: null } || tls.Texts().Any(t => t.Contains("${", StringComparison.Ordinal)))
            throw site.Fail("configuration-invalid", "Change capture takes 'tls.ca' and 'tls.clientCertificate' as PEM files only, and neither 'pins' nor 'serverName'.", isTransient: false);
        settings.SslMode = SslMode.VerifyFull;
        settings.RootCertificate = tls.Ca;
        settings.SslCertificate = tls.ClientCertificate?.Pem;
        settings.SslKey = tls.ClientCertificate?.Key;
    }

    /// <summary>Host and port, the base address's first.</summary>
    public IReadOnlyList<(string Host, int Port)> Hosts()
    {
        var first = (site.Address.IdnHost, site.Address.Port > 0 ? site.Address.Port : DefaultPort);
        return [first, .. options.Hosts.Select(h => Parse(site.Resolve(h)!))];
    }

    (string Host, int Port) Parse(string text) =>
        Uri.TryCreate($"tcp://{text}", UriKind.Absolute, out var address) && address.AbsolutePath == "/" && address.UserInfo.Length == 0
            ? (address.IdnHost, address.Port > 0 ? address.Port : DefaultPort)
            : throw site.Fail("configuration-invalid", $"'{text}' in 'hosts' is neither name nor name:port.", isTransient: false);

    // Null when the host is not what is asked for.
    async Task<NpgsqlConnection?> OpenAsync(string host, int port, PostgreSqlTarget target, CancellationToken cancellationToken)
    {
        Exception? last = null;
        foreach (var address in await site.ResolveHostAsync(host, cancellationToken))
        {
            var session = await TryOpenAsync(host, address, port, cancellationToken);
            if (session.Fault is { } fault)
            {
                last = fault;
                continue;
            }

            try
            {
                if (await IsAsync(session.Open!, target, cancellationToken))
                {
                    _connected = (host, address.ToString(), port);
                    return session.Open;
                }
            }
            catch
            {
                await session.Open!.DisposeAsync();
                throw;
            }

            await session.Open!.DisposeAsync();
            return null;
        }

        throw last!;
    }

    async Task<(NpgsqlConnection? Open, Exception? Fault)> TryOpenAsync(string host, IPAddress address, int port, CancellationToken cancellationToken)
    {
        var builder = new NpgsqlDataSourceBuilder(Settings(address.ToString(), port).ConnectionString);
        if (options.Encrypt)
        {
            var wanted = site.Tls().Options(host);
            builder.UseSslClientAuthenticationOptionsCallback(tls =>
            {
                tls.TargetHost = wanted.TargetHost; // the driver knows only the address
                tls.EnabledSslProtocols = wanted.EnabledSslProtocols;
                tls.ClientCertificateContext = wanted.ClientCertificateContext;
                tls.CertificateRevocationCheckMode = wanted.CertificateRevocationCheckMode;
                tls.RemoteCertificateValidationCallback = wanted.RemoteCertificateValidationCallback;
            });
        }

        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false)); // types are the server's own texts here
        await using var source = builder.Build();
        var session = source.CreateConnection();
        try
        {
            await session.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand(
                "SELECT set_config(s, v, false) FROM unnest($1::text[], $2::text[]) AS settings (s, v)", session)
            {
                Parameters = { new() { Value = SessionSettings().Select(s => s.Name).ToArray() }, new() { Value = SessionSettings().Select(s => s.Value).ToArray() } },
            };
            await command.ExecuteNonQueryAsync(cancellationToken);
            return (session, null);
        }
        catch (Exception fault) when (fault is NpgsqlException { InnerException: System.Net.Sockets.SocketException })
        {
            await session.DisposeAsync();
            return (null, fault);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    IEnumerable<(string Name, string Value)> SessionSettings()
    {
        yield return ("default_transaction_read_only", "on");
        yield return ("TimeZone", "UTC");
        yield return ("DateStyle", "ISO");
        yield return ("IntervalStyle", "iso_8601");
        yield return ("statement_timeout", Milliseconds(StatementTimeout));
        yield return ("lock_timeout", Milliseconds(options.LockTimeout));
        if (options.SearchPath.Count > 0)
            yield return ("search_path", string.Join(", ", options.SearchPath.Select(new PostgreSqlDialect(default).Quote)));
    }

    static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    static async Task<bool> IsAsync(NpgsqlConnection session, PostgreSqlTarget target, CancellationToken cancellationToken)
    {
        if (target is PostgreSqlTarget.Any)
            return true;
        await using var command = new NpgsqlCommand("SELECT pg_is_in_recovery()", session);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))! == target is PostgreSqlTarget.Standby;
    }
}
