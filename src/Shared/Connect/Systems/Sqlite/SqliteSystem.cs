using DataIngestion.Contracts;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

/// <summary>SQLite files below the folders of the setting <c>Ingestion:LocalFolders</c>, separated by <c>;</c>. They are never written.</summary>
internal sealed class SqliteSystem(IConfiguration settings, ILogger<SqliteSystem> logger) : ISourceSystem
{
    static readonly SqliteFailures Failures = new();

    public string Name => "sqlite";

    public IReadOnlyList<SourceKind> Kinds => [SourceKind.Database];

    public IReadOnlyList<string> Schemes => ["sqlite"];

    public IReadOnlyList<string> Authentication => [];

    public Type ConnectionOptions => typeof(SqliteOptions);

    public Type ReadOptions => typeof(SqlReadOptions);

    public IEnumerable<ConfigurationFinding> Check(SourceDefinition source, SourceDatasetDefinition dataset) => SqlChecks.Of(dataset);

    public async Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(site);
        var path = PathOf(site);
        var source = new Uri(path).AbsoluteUri + (site.Options<SqliteOptions>().Immutable ? "?immutable=1" : "");
        var session = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = (int)Math.Ceiling(site.Connection.Limits.AttemptTimeout.TotalSeconds), // also how long it waits for a writer
        }.ConnectionString);
        try
        {
            await session.OpenAsync(cancellationToken);
            await using var command = session.CreateCommand();
            command.CommandText = "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; SELECT count(*) FROM sqlite_schema"; // the last one reads the file
            await command.ExecuteNonQueryAsync(cancellationToken);
            return new AdoConnection(site, session, new SqliteDialect(), Failures, logger) { BeginAsync = stop => new(session.BeginTransaction(deferred: true)) };
        }
        catch (Exception fault) when (Failures.Is(fault))
        {
            await session.DisposeAsync();
            throw Failures.Of(site, fault);
        }
    }

    // The file with its links followed, so that none leads out of the folders.
    string PathOf(SourceSite site)
    {
        var folders = (settings["Ingestion:LocalFolders"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var asked = Path.GetFullPath(Uri.UnescapeDataString(site.Address.AbsolutePath));
        var path = Real(asked);
        if (!Array.Exists(folders, f => path.StartsWith(Path.TrimEndingDirectorySeparator(Real(Path.GetFullPath(f))) + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            throw site.Fail("forbidden", $"'{asked}' is not below a folder of the setting 'Ingestion:LocalFolders'{(folders.Length == 0 ? ", which names none" : "")}.", isTransient: false);
        return File.Exists(path) ? path : throw site.Fail("not-found", $"There is no file '{asked}'.", isTransient: false);
    }

    static string Real(string path)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
            return path;
        var here = Path.Combine(Real(parent), Path.GetFileName(path));
        FileSystemInfo info = Directory.Exists(here) ? new DirectoryInfo(here) : new FileInfo(here);
        return (info.Exists || info.LinkTarget is not null) && info.ResolveLinkTarget(returnFinalTarget: true) is { } target ? Real(target.FullName) : here;
    }
}
