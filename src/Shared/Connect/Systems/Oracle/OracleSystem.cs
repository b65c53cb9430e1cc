using System.Data;
using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

/// <summary>Oracle, by Oracle.ManagedDataAccess.Core.</summary>
internal sealed class OracleSystem(ProviderFactories providers, ILogger<OracleSystem> logger) : AdoSystem(providers, logger)
{
    public override string Name => "oracle";

    public override IReadOnlyList<string> Schemes => ["oracle"];

    public override Type ConnectionOptions => typeof(AdoOptions);

    protected override string DefaultProvider => "Oracle.ManagedDataAccess";

    protected override int DefaultPort => 1521;

    protected override IReadOnlyList<(string Name, string Value)> Settings =>
        [("Data Source", "{host}:{port}/{database}"), ("User Id", "{user}"), ("Password", "{password}"), ("Pooling", "False")];

    protected override IReadOnlyList<string> Initialize => ["ALTER SESSION SET TIME_ZONE = 'UTC' NLS_NUMERIC_CHARACTERS = '.,'"];

    protected override AdoFailures Failures { get; } = new(OracleDialect.Meaning);

    protected override SqlDialect DialectOf(AdoOptions options) => new OracleDialect();

    protected override AdoOptions OptionsOf(SourceSite site) => site.Options<AdoOptions>();

    // Serializable is Oracle's word for: everything as of the transaction's beginning.
    protected override ValueTask<DbTransaction> BeginAsync(DbConnection session, CancellationToken cancellationToken) => session.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);
}
