using DataIngestion.Contracts;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DataIngestion.Connect;

/// <summary>
/// Reads documents in the order of the keyset. With a cursor the next run goes on behind the last document; without one a run reads
/// everything, and its last part has no position.
/// </summary>
internal sealed class MongoDbFindReader(MongoDbConnection connection, IMongoCollection<BsonDocument> collection, SourceRead read, MongoDbReadOptions options) : ISourceReader
{
    readonly MongoDbKeyset _keyset = new(read.Dataset.Cursor?.Field);
    IAsyncCursor<BsonDocument>? _cursor;
    IEnumerator<BsonDocument> _batch = Enumerable.Empty<BsonDocument>().GetEnumerator();
    BsonDocument? _next;

    public async Task<SourcePart?> ReadNextAsync(Stream destination, CancellationToken cancellationToken)
    {
        if (_cursor is null)
        {
            if (read.Dataset.Cursor is null && read.Landed.Count > 0 && read.Position is null)
                return null; // the last part of this run is landed
            _cursor = await connection.AskAsync($"'{read.Read.Object}' was read", () => collection.FindAsync(Filter(), FindOptions(), cancellationToken), cancellationToken);
            _next = await FetchAsync(cancellationToken);
        }

        if (_next is null)
            return null;
        var (lines, knownAt, position) = (new MongoDbLines(destination, options.Json), connection.Site.Time.GetUtcNow(), "");
        while (_next is { } document && lines.Bytes < read.Read.ArtefactBytes)
        {
            await lines.AddAsync(document, cancellationToken);
            position = _keyset.PositionOf(document);
            _next = await FetchAsync(cancellationToken);
        }

        await lines.FlushAsync(cancellationToken);
        return new()
        {
            Name = $"{read.Dataset.Dataset}.ndjson",
            Position = _next is null && read.Dataset.Cursor is null ? null : position,
            KnownAt = knownAt,
            ContentType = MessageLines.ContentType,
            Records = lines.Records,
        };
    }

    public Task LandedAsync(SourcePart part, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _batch.Dispose();
        _cursor?.Dispose();
        return ValueTask.CompletedTask;
    }

    // Without a cursor every run begins anew, whatever an earlier one left.
    BsonDocument Filter()
    {
        var filters = new BsonArray();
        if (options.Filter is { } filter)
            filters.Add(BsonDocument.Parse(filter));
        if (read.Position is { } position && (read.Dataset.Cursor is not null || read.Landed.Count > 0))
            filters.Add(_keyset.After(position));
        else if (read.Dataset.Cursor is { Start: not null } cursor)
            filters.Add(MongoDbKeyset.From(cursor));
        return filters.Count switch { 0 => [], 1 => (BsonDocument)filters[0], _ => new("$and", filters) };
    }

    FindOptions<BsonDocument> FindOptions()
    {
        var found = new FindOptions<BsonDocument> { BatchSize = options.BatchSize, Sort = _keyset.Sort };
        if (options.Projection is { } projection)
            found.Projection = BsonDocument.Parse(projection);
        return found;
    }

    async Task<BsonDocument?> FetchAsync(CancellationToken cancellationToken)
    {
        while (!_batch.MoveNext())
        {
            if (!await connection.AskAsync($"more of '{read.Read.Object}' was read", () => _cursor!.MoveNextAsync(cancellationToken), cancellationToken))
                return null;
            _batch.Dispose();
            _batch = _cursor!.Current.GetEnumerator();
        }

        return _batch.Current;
    }
}
