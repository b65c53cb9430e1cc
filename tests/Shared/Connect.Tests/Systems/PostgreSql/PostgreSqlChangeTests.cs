using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests;

[Trait("Category", "server")]
public sealed class PostgreSqlChangeTests(SharedServers servers)
{
    static readonly ReadDefinition Short = new() { Window = TimeSpan.FromMilliseconds(1500) };

    [Fact]
    public async Task Rows_at_the_beginning_and_then_every_change_once_wherever_a_run_is_killed()
    {
        var database = await DatabaseAsync("CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t SELECT i, 'old' FROM generate_series(1, 100) i");
        await using var reader = PostgresDatabase.Reader(Source(database));

        await reader.CrashAsync(CrashPoint.BeforeLanding); // its slot and snapshot are of no use any more
        await database.ExecuteAsync("INSERT INTO t VALUES (101, 'between')");
        await reader.RunAsync();
        Assert.Equal(Enumerable.Range(1, 101), reader.Records.Select(r => r.GetProperty("id").GetInt32()).Order());
        Assert.All(reader.Records, r => Assert.Equal("r", r.GetProperty("_op").GetString()));

        await database.ExecuteAsync("INSERT INTO t SELECT i, 'new' FROM generate_series(201, 210) i");
        await reader.CrashAsync(CrashPoint.BeforeLanding);
        await database.ExecuteAsync("UPDATE t SET v = 'x' WHERE id = 201");
        await reader.CrashAsync(CrashPoint.BeforeAcknowledgement);
        await reader.RunAsync(); // acknowledges it
        await database.ExecuteAsync("DELETE FROM t WHERE id = 202");
        await reader.CrashAsync(CrashPoint.AfterAcknowledgement);
        await reader.RunAsync();
        await database.ExecuteAsync("INSERT INTO t VALUES (301, 'last')");
        await reader.RunAsync();

        Assert.Equal(
            [.. Enumerable.Range(201, 10).Select(i => $"i{i}"), "u201", "d202", "i301"],
            reader.Records.Skip(101).Select(r => r.GetProperty("_op").GetString() + (r.TryGetProperty("id", out var id) ? id : r.GetProperty("_before").GetProperty("id")).GetInt32()));
    }

    [Fact]
    public async Task A_change_says_what_when_and_from_what()
    {
        var database = await DatabaseAsync("CREATE TABLE t (id int PRIMARY KEY, v text, big text, n numeric, at timestamptz, a int[], b bytea, f boolean)", "ALTER TABLE t ALTER big SET STORAGE EXTERNAL");
        await using var reader = PostgresDatabase.Reader(Source(database, ("snapshot", "false")));
        await reader.RunAsync();
        await database.ExecuteAsync(
            "INSERT INTO t VALUES (1, NULL, repeat('x', 9000), 1.50, '2026-01-02 03:04:05+01', '{1,NULL,3}', '\\x00ff', true)", "UPDATE t SET v = 'b' WHERE id = 1", "UPDATE t SET id = 2, big = 's' WHERE id = 1",
            "DELETE FROM t", "TRUNCATE t");

        await reader.RunAsync();

        var records = reader.Records;
        Assert.Equal(["i", "u", "u", "d", "t"], records.Select(r => r.GetProperty("_op").GetString()));
        Assert.All(records, r => Assert.Equal("public.t", r.GetProperty("_table").GetString()));
        Assert.Equal(5, records.Select(r => r.GetProperty("_xid").GetUInt32()).Distinct().Count());
        Assert.All(records, r => Assert.EndsWith("Z", r.GetProperty("_committed_at").GetString(), StringComparison.Ordinal));
        Assert.EndsWith("\"n\":1.50,\"at\":\"2026-01-02T02:04:05+00:00\",\"a\":[1,null,3],\"b\":\"AP8=\",\"f\":true}", reader.Lines[0], StringComparison.Ordinal);
        Assert.Equal("big", Assert.Single(records[1].GetProperty("_unchanged").EnumerateArray()).GetString());
        Assert.False(records[1].TryGetProperty("big", out _));
        Assert.Equal("{\"id\":1}", records[2].GetProperty("_before").GetRawText());
        Assert.Equal("{\"id\":2}", records[3].GetProperty("_before").GetRawText());
        Assert.Contains("id integer key", Assert.Single(reader.Landed).Part.Headers["columns.public.t"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshot_and_changes_write_values_alike()
    {
        var database = await DatabaseAsync(
            "CREATE TABLE t (id int PRIMARY KEY, n numeric, f float8, ts timestamp, tz timestamptz, d date, tm time, u uuid, b bytea, ti text[], nu numeric[], j json, jb jsonb, bo boolean, i interval, tza timestamptz[])");
        const string Values = """
            1.10, 'NaN', '2026-01-02 03:04:05.6', '2026-01-02 03:04:05', '2026-01-02', '03:04', '0f8fad5b-d9cb-469f-a165-70867728950e', '\x00ff',
            '{a,"b \"c\", d",NULL,"NULL"}', '{1.5,NaN}', '{"a": 1.0}', '{"b": [1, 2]}', false, '1 day', '{2026-01-02 03:04:05+00}'
            """;
        await database.ExecuteAsync($"INSERT INTO t VALUES (1, {Values})");
        await using var reader = PostgresDatabase.Reader(Source(database));
        await reader.RunAsync();
        await database.ExecuteAsync($"INSERT INTO t VALUES (1 + 1, {Values})");

        await reader.RunAsync();

        Assert.Equal(2, reader.Lines.Count);
        Assert.Equal(Columns(reader.Lines[0]), Columns(reader.Lines[1]));

        static string Columns(string line) => line[line.IndexOf(",\"n\":", StringComparison.Ordinal)..];
    }

    [Fact]
    public async Task A_changed_table_is_reported()
    {
        var database = await DatabaseAsync("CREATE TABLE t (id int PRIMARY KEY)");
        await using var reader = PostgresDatabase.Reader(Source(database, ("snapshot", "false")));
        await reader.RunAsync();
        await database.ExecuteAsync("INSERT INTO t VALUES (1)", "ALTER TABLE t ADD extra text", "INSERT INTO t VALUES (2, 'x')");

        await reader.RunAsync();

        var headers = Assert.Single(reader.Landed).Part.Headers;
        Assert.Equal(("id integer key", "id integer key, extra text"), (headers["columnsBefore.public.t"], headers["columns.public.t"]));
    }

    [Fact]
    public async Task A_window_closes_between_transactions_only()
    {
        var database = await DatabaseAsync("CREATE TABLE t (id int PRIMARY KEY)");
        await using var reader = PostgresDatabase.Reader(database.Source("t", kind: SourceKind.Stream, read: new() { Window = TimeSpan.FromSeconds(30), WindowRecords = 5 }, options: [("mode", "changes"), ("snapshot", "false")]));
        await using var maker = PostgresDatabase.Reader(Source(database, ("snapshot", "false")));
        await maker.RunAsync();
        await database.ExecuteAsync("INSERT INTO t SELECT generate_series(1, 3)", "INSERT INTO t SELECT generate_series(4, 20)", "INSERT INTO t SELECT generate_series(21, 30)");

        var first = await reader.RunAsync();
        var second = await reader.RunAsync();

        Assert.Equal((20, 10), (first[0].Part.Records, second[0].Part.Records));
    }

    [Fact]
    public async Task The_slot_moves_on_when_only_others_write_and_the_probe_says_how_far_behind_it_is()
    {
        var database = await DatabaseAsync("CREATE TABLE t (id int PRIMARY KEY)", "CREATE TABLE other (id int)");
        await using var reader = PostgresDatabase.Reader(Source(database, ("snapshot", "false")));
        await reader.RunAsync();
        var before = await FlushedAsync(database);
        await database.ExecuteAsync("INSERT INTO other SELECT generate_series(1, 1000)");
        Assert.Contains("slot ingest_market_trades idle, ", await reader.ProbeAsync(), StringComparison.Ordinal);

        while (await FlushedAsync(database) == before) // the server says where it is when it gets there
            Assert.Empty(await reader.RunAsync());
    }

    [Theory, InlineData("fail"), InlineData("snapshot")]
    public async Task A_slot_that_is_gone_is_no_secret(string loss)
    {
        var database = await DatabaseAsync("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        await using var reader = PostgresDatabase.Reader(Source(database, ("slotLoss", loss)));
        await reader.RunAsync();
        await database.ExecuteAsync("SELECT pg_drop_replication_slot('ingest_market_trades')", "INSERT INTO t VALUES (2)");

        if (loss == "fail")
        {
            var failure = await reader.FailureAsync();
            Assert.Equal(("source-changed", false), (failure.Code, failure.IsTransient));
            Assert.Contains("'ingest_market_trades' is gone", failure.Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(2, Assert.Single(await reader.RunAsync()).Part.Records);
    }

    [Fact]
    public async Task Missing_rights_are_named()
    {
        var database = await DatabaseAsync("CREATE TABLE t (id int PRIMARY KEY)");
        var user = $"u{Guid.NewGuid():N}";
        await database.ExecuteAsync($"CREATE ROLE {user} LOGIN PASSWORD 'secret-word'", $"GRANT SELECT ON t TO {user}");
        var source = database.Source("t", kind: SourceKind.Stream, read: Short, user: user, options: ("mode", "changes"));
        await using var reader = PostgresDatabase.Reader(source, "secret-word");

        var publication = await reader.FailureAsync();
        await database.ExecuteAsync("CREATE PUBLICATION ingest_market_trades FOR TABLE t");
        var slot = await reader.FailureAsync();

        Assert.Equal(("forbidden", false), (publication.Code, publication.IsTransient));
        Assert.Contains("CREATE PUBLICATION \"ingest_market_trades\" FOR TABLE \"t\"", publication.Message, StringComparison.Ordinal);
        Assert.Equal(("forbidden", false), (slot.Code, slot.IsTransient));
        Assert.True(slot.Message.Contains("ALTER ROLE … REPLICATION", StringComparison.Ordinal), slot.Message);
    }

    static Task<string> FlushedAsync(PostgresDatabase database) =>
        database.ScalarAsync<string>("SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE slot_name = 'ingest_market_trades'");

    static SourceDefinition Source(PostgresDatabase database, params (string Name, string Value)[] options) =>
        database.Source("t", kind: SourceKind.Stream, read: Short, options: [("mode", "changes"), .. options]);

    // Slots are the server's, not a database's; tests of a class run one after another.
    async Task<PostgresDatabase> DatabaseAsync(params string[] statements)
    {
        var database = await PostgresDatabase.CreateAsync(await servers.GetAsync("postgresql"), statements);
        await database.ExecuteAsync("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'ingest_market_trades'");
        return database;
    }
}
