using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using DataIngestion.Contracts;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DataIngestion.Connect;

/// <summary>A client of one database.</summary>
internal sealed class MongoDbConnection(SourceSite site, MongoClient client, MongoDbGuard guard) : ISourceConnection
{
    public SourceSite Site => site;

    public IMongoDatabase Database => client.GetDatabase(Uri.UnescapeDataString(site.Address.AbsolutePath.Trim('/')));

    /// <summary>Asks the server; what goes wrong becomes a failure of the source.</summary>
    public async Task<T> AskAsync<T>(string what, Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask().WaitAsync(cancellationToken);
        }
        catch (Exception fault) when (MongoDbFailures.IsOurs(fault))
        {
            throw MongoDbFailures.Of(fault, site, guard, what);
        }
    }

    public Task<BsonDocument> PingAsync(CancellationToken cancellationToken) =>
        AskAsync("it was pinged", () => Database.RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1), cancellationToken: cancellationToken), cancellationToken);

    public async Task<string> ProbeAsync(CancellationToken cancellationToken)
    {
        var info = await AskAsync("its version was asked for", () => Database.RunCommandAsync<BsonDocument>(new BsonDocument("buildInfo", 1), cancellationToken: cancellationToken), cancellationToken);
        return $"MongoDB {info.GetValue("version", "?")}, database {Database.DatabaseNamespace.DatabaseName}";
    }

    public async IAsyncEnumerable<SourceObject> DiscoverAsync(string? pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var names = await NamesAsync(null, cancellationToken);
        foreach (var name in names.Where(n => pattern is null || FileSystemName.MatchesSimpleExpression(pattern, n, ignoreCase: false)).Order(StringComparer.Ordinal))
            yield return new(name, "collection", []); // documents have no columns in common
    }

    public async Task<ISourceReader> ReadAsync(SourceRead read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        var options = OptionsBinder.Bind<MongoDbReadOptions>(read.Read.Options);
        var name = read.Read.Object!;
        if ((await NamesAsync(name, cancellationToken)).Count == 0)
            throw site.Fail("not-found", $"There is no collection '{name}' that the user may read: check 'object' and the database in 'baseUrl'.", isTransient: false);
        var collection = Database.GetCollection<BsonDocument>(name);
        return options.Mode == MongoDbMode.Find ? new MongoDbFindReader(this, collection, read, options) : new MongoDbChangesReader(this, collection, read, options);
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    Task<List<string>> NamesAsync(string? name, CancellationToken cancellationToken) => AskAsync(
        "collections were listed",
        async () =>
        {
            var options = new ListCollectionNamesOptions { AuthorizedCollections = true, Filter = name is null ? null : new BsonDocument("name", name) };
            using var cursor = await Database.ListCollectionNamesAsync(options, cancellationToken);
            return await cursor.ToListAsync(cancellationToken);
        },
        cancellationToken);
}
