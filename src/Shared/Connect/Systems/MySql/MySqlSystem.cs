using System.Globalization;
using DataIngestion.Contracts;
using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace DataIngestion.Connect;

/// <summary>MySQL and MariaDB.</summary>
internal sealed class MySqlSystem(ILogger<MySqlSystem> logger) : ISourceSystem
{
    const int DefaultPort = 3306;

    static readonly MySqlFailures Failures = new();

    public string Name => "mysql";

    public IReadOnlyList<SourceKind> Kinds => [SourceKind.Database];

    public IReadOnlyList<string> Schemes => ["mysql", "mariadb"];

    public IReadOnlyList<string> Authentication => ["basic"];

    public Type ConnectionOptions => typeof(MySqlOptions);

    public Type ReadOptions => typeof(SqlReadOptions);

    public IEnumerable<ConfigurationFinding> Check(SourceDefinition source, SourceDatasetDefinition dataset) => SqlChecks.Of(dataset);

    public async Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(site);
        var options = site.Options<MySqlOptions>();
        try
        {
            MySqlException? last = null;
            foreach (var address in await site.ResolveHostAsync(site.Address.IdnHost, cancellationToken))
            {
                try
                {
                    return new AdoConnection(site, await OpenAsync(site, options, address.ToString(), cancellationToken), new MySqlDialect(), Failures, logger);
                }
                catch (MySqlException refused) when (refused.ErrorCode is MySqlErrorCode.UnableToConnectToHost)
                {
                    last = refused; // perhaps another address of the name
                }
            }

            throw last!;
        }
        catch (Exception fault) when (Failures.Is(fault))
        {
            throw Failures.Of(site, fault);
        }
    }

    static async Task<MySqlConnection> OpenAsync(SourceSite site, MySqlOptions options, string address, CancellationToken cancellationToken)
    {
        var limits = site.Connection.Limits;
        var login = site.Login;
        var settings = new MySqlConnectionStringBuilder
        {
            Server = address,
            Port = (uint)(site.Address.Port > 0 ? site.Address.Port : DefaultPort),
            Database = Uri.UnescapeDataString(site.Address.AbsolutePath.Trim('/')),
            UserID = login?.UserName ?? "",
            Password = login?.Password ?? "",
            SslMode = options.Encrypt ? MySqlSslMode.Required : MySqlSslMode.Disabled,
            ApplicationName = "data-ingestion",
            Pooling = false,
            AutoEnlist = false,
            TreatTinyAsBoolean = false,
            GuidFormat = MySqlGuidFormat.None,
            ConnectionTimeout = (uint)Math.Ceiling(limits.AttemptTimeout.TotalSeconds),
            CancellationTimeout = 2,
        };
        var session = new MySqlConnection(settings.ConnectionString);
        if (options.Encrypt)
        {
            // The driver knows only the address that it connects to; the policy knows the name.
            var tls = site.Tls();
            session.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => tls.Validate(session, certificate, chain, errors);
            if (tls.Certificate is { } own)
                session.ProvideClientCertificatesCallback = certificates => { certificates.Add(own); return default; };
        }

        try
        {
            await session.OpenAsync(cancellationToken);
            await PrepareAsync(session, limits.TotalTimeout, options.LockTimeout, cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    static async Task PrepareAsync(MySqlConnection session, TimeSpan statement, TimeSpan wait, CancellationToken cancellationToken)
    {
        var seconds = Math.Max(1, (long)statement.TotalSeconds);
        string[] statements =
        [
            "SET time_zone = '+00:00'",
            "SET SESSION TRANSACTION READ ONLY",
            $"SET SESSION innodb_lock_wait_timeout = {((long)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture)}",
            $"SET SESSION net_write_timeout = {seconds.ToString(CultureInfo.InvariantCulture)}", // landing a part takes its time
            session.ServerVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase)
                ? $"SET SESSION max_statement_time = {statement.TotalSeconds.ToString(CultureInfo.InvariantCulture)}"
                : $"SET SESSION max_execution_time = {((long)statement.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)}",
        ];
        foreach (var text in statements)
        {
            await using var command = new MySqlCommand(text, session);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
