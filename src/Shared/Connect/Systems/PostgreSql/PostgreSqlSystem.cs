using DataIngestion.Contracts;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

/// <summary>PostgreSQL: tables, views and queries by COPY, changes by logical replication.</summary>
internal sealed class PostgreSqlSystem(ILogger<PostgreSqlSystem> logger) : ISourceSystem
{
    public string Name => "postgresql";

    public IReadOnlyList<SourceKind> Kinds => [SourceKind.Database, SourceKind.Stream];

    public IReadOnlyList<string> Schemes => ["postgresql", "postgres"];

    public IReadOnlyList<string> Authentication => ["basic"];

    public Type ConnectionOptions => typeof(PostgreSqlOptions);

    public Type ReadOptions => typeof(PostgreSqlReadOptions);

    public IEnumerable<ConfigurationFinding> Check(SourceDefinition source, SourceDatasetDefinition dataset)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Read is not { } read)
            return [];
        var isChanges = read.Options.GetValueOrDefault("mode") == "changes";
        if (isChanges != source.Kind is SourceKind.Stream)
            return [new(read, "Options[mode]", isChanges ? "changes need a source of kind 'stream'." : "a source of kind 'stream' needs 'mode: changes'.")];
        return isChanges ? ChangeChecks(read, dataset) : SqlChecks.Of(dataset);
    }

    public async Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(site);
        return await PostgreSqlConnection.OpenAsync(site, logger, cancellationToken);
    }

    static IEnumerable<ConfigurationFinding> ChangeChecks(ReadDefinition read, SourceDatasetDefinition dataset)
    {
        if (read.Object is null && !read.Options.ContainsKey("tables") && !read.Options.ContainsKey("publication"))
            yield return new(read, "", "expected 'object', the name of a table, 'tables', or the name of a 'publication' that there is.");
        if (read.Options.ContainsKey("query") || read.Options.ContainsKey("where") || read.Options.ContainsKey("columns"))
            yield return new(read, "Options", "changes are of whole tables: expected neither 'query', 'where' nor 'columns'.");
        if (dataset.Cursor is not null)
            yield return new(dataset, nameof(SourceDatasetDefinition.Cursor), "changes have their own position: expected no 'cursor'.");
    }
}
