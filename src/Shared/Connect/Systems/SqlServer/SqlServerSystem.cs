using System.Data;
using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

/// <summary>SQL Server and Azure SQL, by Microsoft.Data.SqlClient.</summary>
internal sealed class SqlServerSystem(ProviderFactories providers, ILogger<SqlServerSystem> logger) : AdoSystem(providers, logger)
{
    public override string Name => "sqlserver";

    public override IReadOnlyList<string> Schemes => ["sqlserver"];

    public override Type ConnectionOptions => typeof(AdoOptions);

    protected override string DefaultProvider => "Microsoft.Data.SqlClient";

    protected override int DefaultPort => 1433;

    protected override IReadOnlyList<(string Name, string Value)> Settings =>
    [
        ("Data Source", "tcp:{host},{port}"), ("Initial Catalog", "{database}"), ("User ID", "{user}"), ("Password", "{password}"), ("Encrypt", "True"),
        ("TrustServerCertificate", "False"), ("ApplicationIntent", "ReadOnly"), ("Application Name", "data-ingestion"), ("Pooling", "False"),
    ];

    protected override IReadOnlyList<string> Initialize => ["SET LOCK_TIMEOUT 10000"];

    protected override AdoFailures Failures { get; } = new(SqlServerDialect.Meaning);

    protected override SqlDialect DialectOf(AdoOptions options) => new SqlServerDialect();

    protected override AdoOptions OptionsOf(SourceSite site) => site.Options<AdoOptions>();

    // One moment where the database allows it; elsewhere each statement sees what is committed.
    protected override async ValueTask<DbTransaction> BeginAsync(DbConnection session, CancellationToken cancellationToken)
    {
        await using var command = session.CreateCommand();
        command.CommandText = "SELECT CAST(snapshot_isolation_state AS int) FROM sys.databases WHERE database_id = DB_ID()";
        var allows = await command.ExecuteScalarAsync(cancellationToken) is 1;
        return await session.BeginTransactionAsync(allows ? IsolationLevel.Snapshot : IsolationLevel.ReadCommitted, cancellationToken);
    }
}
