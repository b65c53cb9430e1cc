using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace DataIngestion.Connect.Tests;

/// <summary>
/// Speaks enough of the wire protocol (OP_MSG; OP_QUERY for the greeting) for find, getMore and change streams on data in memory. It stands in
/// for a server that cannot be had; what it checks is what we send and how we take what comes.
/// </summary>
internal sealed class MongoResponder : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stopping = new();
    readonly ConcurrentDictionary<long, Queue<BsonDocument>> _cursors = new();
    readonly ConcurrentDictionary<long, int> _streams = new();
    readonly ConcurrentQueue<(string Command, int Code, string Name, bool Cut)> _faults = new();
    readonly Task _accepting;
    long _cursor = 1000;

    public MongoResponder()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentDictionary<string, List<BsonDocument>> Collections { get; } = new();

    /// <summary>Events of the change stream of every collection; the token of an event is its place.</summary>
    public List<BsonDocument> Events { get; } = [];

    /// <summary>Commands received, greetings and pings apart.</summary>
    public ConcurrentQueue<BsonDocument> Commands { get; } = new();

    /// <summary>The next command of that name is answered with an error.</summary>
    public void Fail(string command, int code, string name) => _faults.Enqueue((command, code, name, false));

    /// <summary>The connection of the next command of that name is cut instead of an answer.</summary>
    public void Cut(string command) => _faults.Enqueue((command, 0, "", true));

    public void AddEvent(string operation, BsonDocument? document, params (string Name, BsonValue Value)[] more)
    {
        lock (Events)
        {
            var change = new BsonDocument
            {
                { "_id", new BsonDocument("_data", $"{Events.Count + 1:D8}") }, { "operationType", operation }, { "clusterTime", new BsonTimestamp(1_700_000_000, Events.Count) },
                { "ns", new BsonDocument { { "db", "market" }, { "coll", "ticks" } } },
            };
            if (document is not null)
                (change["documentKey"], change["fullDocument"]) = (new BsonDocument("_id", document["_id"]), document);
            foreach (var (name, value) in more)
                change[name] = value;
            Events.Add(change);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    async Task AcceptAsync()
    {
        var work = new List<Task>();
        try
        {
            while (true)
                work.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(work);
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            var header = new byte[16];
            while (true)
            {
                await stream.ReadExactlyAsync(header, _stopping.Token);
                var body = new byte[BinaryPrimitives.ReadInt32LittleEndian(header) - 16];
                await stream.ReadExactlyAsync(body, _stopping.Token);
                var (id, operation) = (BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4)), BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12)));
                var legacy = operation == 2004;
                var command = BsonSerializer.Deserialize<BsonDocument>(legacy ? body[(4 + Array.IndexOf(body, (byte)0, 4) - 4 + 9)..] : body[5..]);
                if (AnswerTo(command) is not { } answer)
                    return;
                await stream.WriteAsync(Message(id, answer, legacy), _stopping.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or ObjectDisposedException or SocketException)
        {
            // The client has gone.
        }
    }

    static byte[] Message(int to, BsonDocument answer, bool legacy)
    {
        byte[] content = legacy
            ? [.. BitConverter.GetBytes(8), .. new byte[8], .. new byte[4], .. BitConverter.GetBytes(1), .. answer.ToBson()]
            : [.. new byte[4], 0, .. answer.ToBson()];
        return [.. BitConverter.GetBytes(content.Length + 16), .. BitConverter.GetBytes(to + 1), .. BitConverter.GetBytes(to), .. BitConverter.GetBytes(legacy ? 1 : 2013), .. content];
    }

    BsonDocument? AnswerTo(BsonDocument command)
    {
        var name = command.GetElement(0).Name;
        if (name is "hello" or "isMaster" or "ismaster")
        {
            return new()
            {
                { "ismaster", true }, { "isWritablePrimary", true }, { "helloOk", true }, { "maxBsonObjectSize", 16 << 20 }, { "maxMessageSizeBytes", 48_000_000 },
                { "maxWriteBatchSize", 100_000 }, { "minWireVersion", 0 }, { "maxWireVersion", 21 }, { "ok", 1 },
            };
        }

        if (name != "ping")
            Commands.Enqueue(command);
        if (_faults.TryPeek(out var fault) && fault.Command == name && _faults.TryDequeue(out fault))
            return fault.Cut ? null : new() { { "ok", 0 }, { "code", fault.Code }, { "codeName", fault.Name }, { "errmsg", $"{fault.Name} happened" } };
        return name switch
        {
            "ping" or "killCursors" or "endSessions" => new("ok", 1),
            "buildInfo" => new() { { "version", "7.0.0" }, { "ok", 1 } },
            "listCollections" => First(Listed(command.GetValue("filter", new BsonDocument()).AsBsonDocument), "market.$cmd.listCollections", 1000),
            "find" => First(Found(command), $"market.{command["find"]}", command.GetValue("batchSize", 101).ToInt32()),
            "aggregate" => Watch(command),
            "getMore" => More(command),
            _ => new() { { "ok", 0 }, { "code", 59 }, { "codeName", "CommandNotFound" }, { "errmsg", $"no such command: {name}" } },
        };
    }

    IEnumerable<BsonDocument> Listed(BsonDocument filter) => Collections.Keys
        .Where(k => !filter.TryGetValue("name", out var wanted) || wanted == k).Select(k => new BsonDocument { { "name", k }, { "type", "collection" } });

    IEnumerable<BsonDocument> Found(BsonDocument command)
    {
        List<BsonDocument> all = Collections.TryGetValue(command["find"].AsString, out var held) ? [.. held] : [];
        var filter = command.GetValue("filter", new BsonDocument()).AsBsonDocument;
        IOrderedEnumerable<BsonDocument>? sorted = null;
        foreach (var name in command.GetValue("sort", new BsonDocument()).AsBsonDocument.Names)
            sorted = sorted is null ? all.OrderBy(d => d.GetValue(name, BsonNull.Value)) : sorted.ThenBy(d => d.GetValue(name, BsonNull.Value));
        return (sorted ?? all.AsEnumerable()).Where(d => Matches(d, filter));
    }

    static bool Matches(BsonDocument document, BsonDocument filter) => filter.All(f => f.Name switch
    {
        "$and" => f.Value.AsBsonArray.All(part => Matches(document, part.AsBsonDocument)),
        "$or" => f.Value.AsBsonArray.Any(part => Matches(document, part.AsBsonDocument)),
        _ => f.Value is BsonDocument operators && operators.ElementCount > 0 && operators.GetElement(0).Name.StartsWith('$')
            ? operators.All(o => Holds(document.GetValue(f.Name, BsonNull.Value), o))
            : document.GetValue(f.Name, BsonNull.Value) == f.Value,
    });

    // As the server does, comparisons hold within a class of types only.
    static bool Holds(BsonValue value, BsonElement operation) => operation.Name switch
    {
        "$gt" => Class(value) == Class(operation.Value) && value.CompareTo(operation.Value) > 0,
        "$gte" => Class(value) == Class(operation.Value) && value.CompareTo(operation.Value) >= 0,
        "$eq" => value == operation.Value,
        "$type" => operation.Value.AsBsonArray.Contains((int)value.BsonType),
        _ => throw new NotSupportedException(operation.Name),
    };

    static string Class(BsonValue value) => value.IsNumeric ? "number" : $"{value.BsonType}";

    BsonDocument First(IEnumerable<BsonDocument> documents, string collection, int batchSize)
    {
        var rest = new Queue<BsonDocument>(documents);
        var id = rest.Count > batchSize ? Interlocked.Increment(ref _cursor) : 0;
        if (id != 0)
            _cursors[id] = rest;
        return Batch(id, collection, "firstBatch", rest, batchSize);
    }

    static BsonDocument Batch(long id, string collection, string name, Queue<BsonDocument> rest, int batchSize)
    {
        var batch = new BsonArray();
        while (batch.Count < batchSize && rest.TryDequeue(out var document))
            batch.Add(document);
        return new() { { "cursor", new BsonDocument { { "id", rest.Count == 0 ? 0L : id }, { "ns", collection }, { name, batch } } }, { "ok", 1 } };
    }

    BsonDocument Watch(BsonDocument command)
    {
        var stage = command["pipeline"][0]["$changeStream"].AsBsonDocument;
        var after = stage.GetValue("startAfter", stage.GetValue("resumeAfter", BsonNull.Value));
        int from;
        lock (Events)
            from = after is BsonDocument token ? int.Parse(token["_data"].AsString) : stage.Contains("startAtOperationTime") ? 0 : Events.Count;
        var id = Interlocked.Increment(ref _cursor);
        _streams[id] = from;
        return Changes(id, "firstBatch", 0);
    }

    BsonDocument Changes(long id, string name, int batchSize)
    {
        lock (Events)
        {
            var (at, batch) = (_streams[id], new BsonArray());
            while (at < Events.Count && batch.Count < batchSize)
                batch.Add(Events[at++]);
            _streams[id] = at;
            var cursor = new BsonDocument { { "id", id }, { "ns", "market.ticks" }, { name, batch }, { "postBatchResumeToken", new BsonDocument("_data", $"{at:D8}") } };
            return new() { { "cursor", cursor }, { "ok", 1 } };
        }
    }

    BsonDocument More(BsonDocument command)
    {
        var (id, size) = (command["getMore"].ToInt64(), command.GetValue("batchSize", 101).ToInt32());
        if (_streams.ContainsKey(id))
            return Changes(id, "nextBatch", size);
        return _cursors.TryGetValue(id, out var rest)
            ? Batch(id, $"market.{command["collection"]}", "nextBatch", rest, size)
            : new() { { "ok", 0 }, { "code", 43 }, { "codeName", "CursorNotFound" }, { "errmsg", $"cursor id {id} not found" } };
    }
}
