using System.Net;
using System.Net.Sockets;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using MongoDB.Bson;

namespace DataIngestion.Connect.Tests;

public sealed class MongoDbTests
{
    static readonly CursorDefinition ByNumber = new() { Field = "n", Type = CursorType.Integer };

    [Theory]
    [InlineData(false, 0, 0), InlineData(false, 1, 1), InlineData(false, 1, 2), InlineData(true, 0, 0), InlineData(true, 1, 1), InlineData(true, 1, 2)]
    public async Task Documents_are_read_exactly_once_wherever_a_run_is_killed(bool withCursor, int part, int point)
    {
        await using var server = new MongoResponder();
        server.Collections["ticks"] = [.. Enumerable.Range(0, 2000).Select(i => Tick(i, i / 3))]; // ties of the cursor's field
        await using var harness = Harness(server, withCursor ? ByNumber : null, 64 << 10, ("batchSize", "100"));

        await harness.CrashAsync((CrashPoint)point, part);
        await harness.RunAsync();

        harness.AssertExactly(Enumerable.Range(0, 2000), r => r.GetProperty("_id").GetInt32());
        Assert.Equal(withCursor, harness.Cursor is not null);
    }

    [Fact]
    public async Task With_a_cursor_the_next_run_reads_what_is_new()
    {
        await using var server = new MongoResponder();
        server.Collections["ticks"] = [Tick(1, 10), Tick(2, 10)];
        await using var harness = Harness(server, ByNumber);

        await harness.RunAsync();
        server.Collections["ticks"] = [Tick(1, 10), Tick(2, 10), Tick(3, 10), Tick(0, 11)];
        await harness.RunAsync();
        Assert.Empty(await harness.RunAsync());

        harness.AssertExactly([1, 2, 3, 0], r => r.GetProperty("_id").GetInt32());
    }

    [Fact]
    public async Task Ids_of_several_types_are_all_read()
    {
        await using var server = new MongoResponder();
        BsonValue[] ids = [5, 7.5, "a", ObjectId.Parse("65a000000000000000000001"), true, new BsonDateTime(0)];
        server.Collections["ticks"] = [.. ids.Select(id => new BsonDocument { { "_id", id }, { "filler", new string('x', 70_000) } })];
        await using var harness = Harness(server, null, 64 << 10);

        for (var part = 0; part < ids.Length - 1; part++)
            await harness.CrashAsync(CrashPoint.AfterAcknowledgement, part);
        await harness.RunAsync();

        Assert.Equal(["5", "7.5", "\"a\"", "\"65a000000000000000000001\"", "true", "\"1970-01-01T00:00:00Z\""], harness.Records.Select(r => r.GetProperty("_id").GetRawText()));
    }

    [Theory]
    [InlineData("plain", """{"_id":"65a000000000000000000001","n":9223372036854775807,"d":1.50,"f":0.1,"t":"2023-11-14T22:13:20.123Z","b":"AQI=","u":"00112233-4455-6677-8899-aabbccddeeff","x":null,"a":[1,{"y":true}],"nan":"NaN"}""")]
    [InlineData("canonical", """{ "_id" : { "$oid" : "65a000000000000000000001" }, "n" : { "$numberLong" : "9223372036854775807" }, "d" : { "$numberDecimal" : "1.50" }, "f" : { "$numberDouble" : "0.10000000000000001" }, "t" : { "$date" : { "$numberLong" : "1700000000123" } }, "b" : { "$binary" : { "base64" : "AQI=", "subType" : "00" } }, "u" : { "$binary" : { "base64" : "ABEiM0RVZneImaq7zN3u/w==", "subType" : "04" } }, "x" : null, "a" : [{ "$numberInt" : "1" }, { "y" : true }], "nan" : { "$numberDouble" : "NaN" } }""")]
    public async Task Types_have_their_json(string json, string expected)
    {
        await using var server = new MongoResponder();
        server.Collections["ticks"] =
        [
            new()
            {
                { "_id", ObjectId.Parse("65a000000000000000000001") }, { "n", long.MaxValue }, { "d", Decimal128.Parse("1.50") }, { "f", 0.1 }, { "t", new BsonDateTime(1_700_000_000_123) },
                { "b", new BsonBinaryData([1, 2]) }, { "u", new BsonBinaryData(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), GuidRepresentation.Standard) }, { "x", BsonNull.Value },
                { "a", new BsonArray { 1, new BsonDocument("y", true) } }, { "nan", double.NaN },
            },
        ];
        await using var harness = Harness(server, null, 64 << 10, ("json", json));

        await harness.RunAsync();

        Assert.Equal(expected.Replace("0.10000000000000001", "0.1", StringComparison.Ordinal), Assert.Single(harness.Lines).Replace("0.10000000000000001", "0.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_filter_is_the_servers_and_the_read_is_of_the_majority()
    {
        await using var server = new MongoResponder();
        server.Collections["ticks"] = [Tick(1, 10), Tick(2, 20)];
        await using var harness = Harness(server, null, 64 << 10, ("filter", """{"n": {"$gt": {"$numberInt": "15"}}}"""), ("projection", """{"n": 1}"""), ("batchSize", "7"));

        await harness.RunAsync();

        var find = Assert.Single(server.Commands, c => c.Contains("find"));
        harness.AssertExactly([2], r => r.GetProperty("_id").GetInt32());
        Assert.Equal("majority", find["readConcern"]["level"]);
        Assert.Equal((7, new BsonDocument("n", 1), new BsonDocument("_id", 1)), (find["batchSize"].ToInt32(), find["projection"].AsBsonDocument, find["sort"].AsBsonDocument));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2)]
    public async Task Changes_are_read_exactly_once_wherever_a_run_is_killed(int point)
    {
        await using var server = new MongoResponder();
        server.Collections["ticks"] = [];
        for (var i = 0; i < 500; i++)
            server.AddEvent("insert", Tick(i, i));
        await using var harness = Changes(server, ("startAt", "2023-11-14T22:00:00Z"));

        await harness.CrashAsync((CrashPoint)point);
        server.AddEvent("insert", Tick(500, 500));
        while (harness.Lines.Count < 501)
            await harness.RunAsync();

        harness.AssertExactly(Enumerable.Range(0, 501), r => r.GetProperty("_id").GetInt32());
        Assert.Equal("insert", harness.Records[0].GetProperty("_operation").GetString());
        Assert.Equal(0, harness.Records[0].GetProperty("_key").GetProperty("_id").GetInt32());
    }

    [Fact]
    public async Task Updates_deletions_and_the_end_of_a_collection_are_events()
    {
        await using var server = new MongoResponder();
        server.Collections["ticks"] = [];
        server.AddEvent("update", Tick(1, 2), ("updateDescription", new BsonDocument("updatedFields", new BsonDocument("n", 2))));
        server.AddEvent("delete", null, ("documentKey", new BsonDocument("_id", 1)));
        server.AddEvent("invalidate", null);
        server.AddEvent("insert", Tick(9, 9));
        await using var harness = Changes(server, ("startAt", "2023-11-14T22:00:00Z"));

        await harness.RunAsync();
        var first = harness.Lines.Count;
        await harness.RunAsync();

        Assert.Equal(3, first);
        Assert.Equal(["update", "delete", "invalidate", "insert"], harness.Records.Select(r => r.GetProperty("_operation").GetString()!));
        Assert.Equal("""{"updatedFields":{"n":2}}""", harness.Records[0].GetProperty("_update").GetRawText());
        Assert.Equal("00000003", server.Commands.Last(c => c.Contains("aggregate"))["pipeline"][0]["$changeStream"]["startAfter"]["_data"]);
    }

    [Theory]
    [InlineData("find", 13, "Unauthorized", "forbidden", false)]
    [InlineData("find", 2, "BadValue", "configuration-invalid", false)]
    [InlineData("find", 50, "MaxTimeMSExpired", "timeout", true)]
    [InlineData("getMore", 43, "CursorNotFound", "source-unavailable", true)]
    [InlineData("aggregate", 286, "ChangeStreamHistoryLost", "source-changed", false)]
    [InlineData("aggregate", 40573, "Location40573", "configuration-invalid", false)]
    [InlineData("aggregate", 13, "Unauthorized", "forbidden", false)]
    public async Task An_error_of_the_server_is_reported(string command, int number, string name, string code, bool transient)
    {
        await using var server = new MongoResponder();
        server.Collections["ticks"] = [.. Enumerable.Range(0, 20).Select(i => Tick(i, i))];
        server.Fail(command, number, name);
        await using var harness = command == "aggregate" ? Changes(server) : Harness(server, null, 64 << 10, ("batchSize", "5"));

        var failure = await harness.FailureAsync();

        Assert.Equal((code, transient), (failure.Code, failure.IsTransient));
        Assert.Empty(harness.Landed);
    }

    [Theory]
    [InlineData(91, true), InlineData(189, true), InlineData(10107, true), InlineData(11600, true), InlineData(11602, true), InlineData(13435, true), InlineData(13436, true)]
    [InlineData(6, true), InlineData(7, true), InlineData(9001, true), InlineData(134, true), InlineData(133, true), InlineData(59, false), InlineData(18, false), InlineData(26, false)]
    public void Codes_of_the_driver_specifications_are_transient(int number, bool transient) => Assert.Equal(transient, MongoDbFailures.Classify(number).IsTransient);

    [Theory, InlineData("find"), InlineData("getMore")]
    public async Task A_connection_that_breaks_in_the_middle_loses_and_repeats_nothing(string command)
    {
        await using var server = new MongoResponder();
        server.Collections["ticks"] = [.. Enumerable.Range(0, 1000).Select(i => Tick(i, i))];
        await using var harness = Harness(server, ByNumber, 64 << 10, ("batchSize", "50"));
        server.Cut(command);
        if (command == "find")
            server.Cut(command); // the driver tries it once more by itself

        var failure = await harness.FailureAsync();
        await harness.RunAsync();

        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
        harness.AssertExactly(Enumerable.Range(0, 1000), r => r.GetProperty("_id").GetInt32());
    }

    [Theory]
    [InlineData("refused", "source-unavailable", true, "No server could be reached")]
    [InlineData("no address", "source-unavailable", true, "has no address")]
    [InlineData("private", "address-refused", false, "allowPrivateNetwork")]
    [InlineData("no collection", "not-found", false, "no collection 'missing'")]
    [InlineData("silent from the start", "", true, "when it was pinged")]
    public async Task A_fault_is_reported(string fault, string code, bool transient, string said)
    {
        await using var server = new MongoResponder();
        await using var proxy = FaultProxy.Start(server.Port);
        if (fault == "refused")
            proxy.Refuse();
        if (fault == "silent from the start")
            _ = proxy.Stall(Flow.FromServer, 0);
        var address = fault == "no address" ? "mongodb://nowhere.invalid/market" : $"mongodb://127.0.0.1:{proxy.Port}/market";
        await using var harness = new ReaderHarness(
            Brokers.Source("mongodb", address, SourceKind.Database, new() { Object = fault == "no collection" ? "missing" : "ticks" }, timeout: TimeSpan.FromSeconds(2), allowPrivate: fault != "private", options: ("encrypt", "false")),
            Sources.Services(resolve: (host, _) => host == "nowhere.invalid" ? throw new SocketException((int)SocketError.HostNotFound) : Task.FromResult(new[] { IPAddress.Loopback })));

        var failure = await harness.FailureAsync();

        Assert.Equal(transient, failure.IsTransient);
        Assert.Contains(code, failure.Code, StringComparison.Ordinal);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Collections_are_discovered_and_the_server_says_who_it_is()
    {
        await using var server = new MongoResponder();
        server.Collections["ticks"] = [];
        server.Collections["trades"] = [];
        server.Collections["other"] = [];
        await using var harness = Harness(server, null);

        Assert.Equal(["ticks", "trades"], (await harness.DiscoverAsync("t*")).Select(o => o.Name));
        Assert.Equal("MongoDB 7.0.0, database market", await harness.ProbeAsync());
    }

    static BsonDocument Tick(int id, int n) => new() { { "_id", id }, { "n", n }, { "filler", new string('x', 60) } };

    static ReaderHarness Harness(MongoResponder server, CursorDefinition? cursor, long artefactBytes = 64 << 20, params (string Name, string Value)[] options) => new(Brokers.Source(
        "mongodb", $"mongodb://127.0.0.1:{server.Port}/market", SourceKind.Database, new() { Object = "ticks", ArtefactBytes = artefactBytes, Options = Brokers.Options(options) }, cursor: cursor,
        timeout: TimeSpan.FromSeconds(5), options: ("encrypt", "false")));

    static ReaderHarness Changes(MongoResponder server, params (string Name, string Value)[] options) => new(Brokers.Source(
        "mongodb", $"mongodb://127.0.0.1:{server.Port}/market", SourceKind.Stream, Brokers.Window("ticks", [("mode", "changes"), .. options]), timeout: TimeSpan.FromSeconds(5), options: ("encrypt", "false")));
}
