using DataIngestion.Contracts;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Driver;

namespace DataIngestion.Connect;

/// <summary>Reads a change stream. The position is the resume token of the last landed event, in canonical Extended JSON: reading continues exactly behind it.</summary>
internal sealed class MongoDbChangesReader(MongoDbConnection connection, IMongoCollection<BsonDocument> collection, SourceRead read, MongoDbReadOptions options) : ISourceReader
{
    static readonly JsonWriterSettings Canonical = new() { OutputMode = JsonOutputMode.CanonicalExtendedJson };
    static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(250);

    TimeProvider Time => connection.Site.Time;

    public async Task<SourcePart?> ReadNextAsync(Stream destination, CancellationToken cancellationToken)
    {
        var (lines, knownAt, began) = (new MongoDbLines(destination, options.Json), Time.GetUtcNow(), Time.GetTimestamp());
        using var cursor = await connection.AskAsync($"the changes of '{read.Read.Object}' were read", () => collection.WatchAsync(Pipeline(), WatchOptions(), cancellationToken), cancellationToken);
        BsonDocument? token = null;
        var ended = false;
        while (!ended && lines.Records < read.Read.WindowRecords && lines.Bytes < read.Read.ArtefactBytes && Time.GetElapsedTime(began) < read.Read.Window)
        {
            if (!await connection.AskAsync($"more changes of '{read.Read.Object}' were read", () => cursor.MoveNextAsync(cancellationToken), cancellationToken))
                break;
            foreach (var change in cursor.Current)
            {
                await lines.AddAsync(LineOf(change), cancellationToken);
                token = change.ResumeToken;
                ended = change.OperationType == ChangeStreamOperationType.Invalidate; // nothing follows: the collection is gone
                if (ended || lines.Records >= read.Read.WindowRecords || lines.Bytes >= read.Read.ArtefactBytes)
                    break;
            }
        }

        await lines.FlushAsync(cancellationToken);
        return token is null ? null : new()
        {
            Name = $"{read.Dataset.Dataset}.ndjson",
            Position = token.ToJson(Canonical),
            KnownAt = knownAt,
            ContentType = MessageLines.ContentType,
            Records = lines.Records,
        };
    }

    public Task LandedAsync(SourcePart part, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    PipelineDefinition<ChangeStreamDocument<BsonDocument>, ChangeStreamDocument<BsonDocument>> Pipeline() =>
        options.Filter is { } filter ? new BsonDocument[] { new("$match", BsonDocument.Parse(filter)) } : Array.Empty<BsonDocument>();

    ChangeStreamOptions WatchOptions() => new()
    {
        BatchSize = options.BatchSize,
        FullDocument = options.FullDocument switch
        {
            MongoDbFullDocument.UpdateLookup => ChangeStreamFullDocumentOption.UpdateLookup,
            MongoDbFullDocument.WhenAvailable => ChangeStreamFullDocumentOption.WhenAvailable,
            _ => ChangeStreamFullDocumentOption.Default,
        },
        MaxAwaitTime = Wait,
        StartAfter = read.Position is { } position ? BsonDocument.Parse(position) : null, // goes on behind an invalidation, too
        StartAtOperationTime = read.Position is null && options.Start is { } at ? new BsonTimestamp((int)at.ToUnixTimeSeconds(), 1) : null,
    };

    // What the stream says, then the members of the document.
    static BsonDocument LineOf(ChangeStreamDocument<BsonDocument> change)
    {
        var source = change.BackingDocument;
        var line = new BsonDocument { { "_operation", source["operationType"] } };
        foreach (var (name, member) in (ReadOnlySpan<(string, string)>)[("_cluster_time", "clusterTime"), ("_time", "wallTime"), ("_key", "documentKey"), ("_update", "updateDescription"), ("_before", "fullDocumentBeforeChange"), ("_to", "to")])
        {
            if (source.TryGetValue(member, out var value))
                line[name] = value;
        }

        if (source.TryGetValue("fullDocument", out var full) && full is BsonDocument document)
            line.Merge(document, overwriteExistingElements: false);
        return line;
    }
}
