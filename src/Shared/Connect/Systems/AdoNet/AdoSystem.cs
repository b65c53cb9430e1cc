using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using DataIngestion.Contracts;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

/// <summary>A database whose driver is loaded by name.</summary>
internal abstract class AdoSystem(ProviderFactories providers, ILogger logger) : ISourceSystem
{
    public abstract string Name { get; }

    public IReadOnlyList<SourceKind> Kinds => [SourceKind.Database];

    public abstract IReadOnlyList<string> Schemes { get; }

    public IReadOnlyList<string> Authentication => ["basic"];

    public abstract Type ConnectionOptions { get; }

    public Type ReadOptions => typeof(SqlReadOptions);

    public IEnumerable<ConfigurationFinding> Check(SourceDefinition source, SourceDatasetDefinition dataset) => SqlChecks.Of(dataset);

    public async Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(site);
        var options = OptionsOf(site);
        var factory = providers.Of(options.Provider ?? DefaultProvider);
        if (site.Address.IdnHost.Length > 0)
            await ResolveAsync(site, cancellationToken); // the driver connects by itself; what it will connect to is looked at first
        var session = factory.CreateConnection() ?? throw site.Fail("provider-missing", $"The driver '{options.Provider ?? DefaultProvider}' makes no connections.", isTransient: false);
        try
        {
            session.ConnectionString = ConnectionString(site, options);
            await session.OpenAsync(cancellationToken);
            foreach (var statement in Initialize.Concat(options.Initialize))
            {
                await using var command = session.CreateCommand();
                command.CommandText = statement;
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            return new AdoConnection(site, session, DialectOf(options), Failures, logger) { BeginAsync = stop => BeginAsync(session, stop) };
        }
        catch (Exception fault) when (Failures.Is(fault))
        {
            await session.DisposeAsync();
            throw Failures.Of(site, fault);
        }
        catch (ArgumentException wrong)
        {
            await session.DisposeAsync();
            throw site.Fail("configuration-invalid", $"The driver does not understand its settings: {wrong.Message}", isTransient: false, wrong);
        }
    }

    /// <summary>The driver that is taken when none is named.</summary>
    protected abstract string DefaultProvider { get; }

    /// <summary>The port that is taken when none is named.</summary>
    protected virtual int DefaultPort => 0;

    /// <summary>The system's own entries of a connection string, with placeholders.</summary>
    protected virtual IReadOnlyList<(string Name, string Value)> Settings => [];

    /// <summary>Statements for a new session.</summary>
    protected virtual IReadOnlyList<string> Initialize => [];

    /// <summary>What its errors mean.</summary>
    protected abstract AdoFailures Failures { get; }

    /// <summary>How it writes SQL.</summary>
    protected abstract SqlDialect DialectOf(AdoOptions options);

    /// <summary>The options of a source.</summary>
    protected abstract AdoOptions OptionsOf(SourceSite site);

    /// <summary>Begins a transaction that sees one moment, as far as the system has that.</summary>
    protected virtual ValueTask<DbTransaction> BeginAsync(DbConnection session, CancellationToken cancellationToken) => session.BeginTransactionAsync(cancellationToken);

    async Task ResolveAsync(SourceSite site, CancellationToken cancellationToken)
    {
        try
        {
            await site.ResolveHostAsync(site.Address.IdnHost, cancellationToken);
        }
        catch (Exception fault) when (Failures.Is(fault))
        {
            throw Failures.Of(site, fault);
        }
    }

    string ConnectionString(SourceSite site, AdoOptions options)
    {
        var login = site.Login;
        var values = new (string Name, string? Value)[]
        {
            ("{host}", site.Address.IdnHost),
            ("{port}", (site.Address.Port > 0 ? site.Address.Port : DefaultPort).ToString(CultureInfo.InvariantCulture)),
            ("{database}", Uri.UnescapeDataString(site.Address.AbsolutePath.Trim('/'))),
            ("{user}", login?.UserName),
            ("{password}", login?.Password),
        };
        var builder = new DbConnectionStringBuilder(); // quotes what has to be
        foreach (var (name, value) in Settings.Concat(options.Settings.Select(s => (s.Key, site.Resolve(s.Value)!))))
        {
            // One pass: a password that holds {host} is a password.
            var text = AdoPlaceholders.Regex.Replace(value, match => values.First(v => v.Name == match.Value).Value ?? "");
            if (text.Length > 0)
                builder[name] = text;
            else
                builder.Remove(name);
        }

        return builder.ConnectionString;
    }
}

/// <summary>The placeholders in a connection string's entries.</summary>
internal static partial class AdoPlaceholders
{
    /// <summary>Finds them.</summary>
    [GeneratedRegex(@"\{(host|port|database|user|password)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    public static partial Regex Regex { get; }
}

/// <summary>Any database with an ADO.NET driver.</summary>
internal sealed class GenericAdoSystem(ProviderFactories providers, ILogger<GenericAdoSystem> logger) : AdoSystem(providers, logger)
{
    public override string Name => "ado-net";

    public override IReadOnlyList<string> Schemes => ["ado-net"];

    public override Type ConnectionOptions => typeof(GenericAdoOptions);

    protected override string DefaultProvider => "";

    protected override AdoFailures Failures { get; } = new(_ => null);

    protected override SqlDialect DialectOf(AdoOptions options) => new GenericDialect((GenericAdoOptions)options);

    protected override AdoOptions OptionsOf(SourceSite site) => site.Options<GenericAdoOptions>();
}
