using System.Globalization;
using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests;

[Trait("Category", "server")]
public sealed class PostgreSqlReadTests(SharedServers servers)
{
    const string Trades = """
        CREATE TABLE trades (id bigint PRIMARY KEY, at timestamptz NOT NULL, price numeric(18, 6), note text);
        INSERT INTO trades SELECT i, '2026-01-01'::timestamptz + (i / 10) * interval '1 second', i / 7.0, CASE i % 3 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE E'a "b",\nc' || i END
        FROM generate_series(1, 5000) i;
        """;

    static readonly CursorDefinition At = new() { Field = "at", Type = CursorType.Timestamp };

    [Theory]
    [InlineData("csv", true, true), InlineData("csv", true, false), InlineData("csv", false, true)]
    [InlineData("ndjson", true, true), InlineData("ndjson", true, false), InlineData("ndjson", false, true)]
    public async Task Parts_hold_every_row_once_wherever_reading_stops(string format, bool hasCursor, bool hasKey)
    {
        var database = await DatabaseAsync(Trades, hasKey ? "" : "ALTER TABLE trades DROP CONSTRAINT trades_pkey");
        await using var reader = PostgresDatabase.Reader(database.Source("trades", hasCursor ? At : null, artefactBytes: 64 << 10, options: ("format", format)));

        await reader.CrashAsync(CrashPoint.BeforeLanding, part: 1);
        await reader.CrashAsync(CrashPoint.BeforeAcknowledgement, part: 1);
        await reader.CrashAsync(CrashPoint.AfterAcknowledgement, part: 2);
        await reader.RunAsync();

        Assert.True(reader.Landed.Count > 3, $"{reader.Landed.Count} parts");
        Assert.Equal(Enumerable.Range(1, 5000), Ids(reader, format));
        Assert.Equal(5000, reader.Landed.Sum(p => p.Part.Records));
        await reader.RunAsync();
        Assert.Equal(hasCursor ? 5000 : 10_000, Ids(reader, format).Count);
    }

    [Fact]
    public async Task A_table_without_cursor_and_key_is_one_part()
    {
        var database = await DatabaseAsync(Trades, "ALTER TABLE trades DROP CONSTRAINT trades_pkey");
        await using var reader = PostgresDatabase.Reader(database.Source("trades", artefactBytes: 64 << 10));

        await reader.CrashAsync(CrashPoint.BeforeAcknowledgement);
        await reader.RunAsync();

        Assert.Null(Assert.Single(reader.Landed).Part.Position);
        Assert.Equal(5000, Ids(reader, "csv").Count);
    }

    [Fact]
    public async Task Csv_tells_null_from_empty_text()
    {
        var database = await DatabaseAsync("CREATE TABLE t (id int PRIMARY KEY, a text, b bytea, c boolean)", "INSERT INTO t VALUES (1, NULL, '\\x00ff', true), (2, '', NULL, false)");
        await using var reader = PostgresDatabase.Reader(database.Source("t"));

        await reader.RunAsync();

        Assert.Equal("id,a,b,c\n1,,AP8=,true\n2,\"\",,false\n", Assert.Single(reader.Landed).Text);
    }

    [Fact]
    public async Task Json_keeps_numbers_exact_and_types_apart()
    {
        var database = await DatabaseAsync(
            """
            CREATE TABLE t (id bigint PRIMARY KEY, n numeric, f float8, r real, t timestamptz, d date, u uuid, b bytea, a int[], j json, jb jsonb, m money, i interval, e text);
            INSERT INTO t VALUES (9223372036854775807, 12345678901234567890123456789.123456789012345678901234567890, 0.1, 0.1, '2026-01-02 03:04:05.678901+02', '2026-01-02',
              '0f8fad5b-d9cb-469f-a165-70867728950e', '\x00ff', '{1,NULL,3}', E'{"x":\n 1.50}', '{"y": 2}', 1234.5, '1 day 2 hours', E'tab\tquote"back\\slash'),
             (2, 'NaN', 'Infinity', NULL, 'infinity', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '');
            """);
        await using var reader = PostgresDatabase.Reader(database.Source("t", options: ("format", "ndjson")));

        await reader.RunAsync();

        Assert.Equal(
            [
                """{"id":2,"n":"NaN","f":"Infinity","r":null,"t":"infinity","d":null,"u":null,"b":null,"a":null,"j":null,"jb":null,"m":null,"i":null,"e":""}""",
                """{"id":9223372036854775807,"n":12345678901234567890123456789.123456789012345678901234567890,"f":0.1,"r":0.1,"t":"2026-01-02T01:04:05.678901+00:00","d":"2026-01-02","u":"0f8fad5b-d9cb-469f-a165-70867728950e","b":"AP8=","a":[1,null,3],"j":{"x":  1.50},"jb":{"y": 2},"m":1234.50,"i":"P1DT2H","e":"tab\tquote\"back\\slash"}""",
            ],
            reader.Lines);
    }

    [Fact]
    public async Task Later_runs_read_what_is_new_and_what_came_late()
    {
        var database = await DatabaseAsync(Trades);
        await using var exact = PostgresDatabase.Reader(database.Source("trades", At, options: ("format", "ndjson")));
        await using var late = PostgresDatabase.Reader(database.Source("trades", At with { Overlap = "30s" }, options: ("format", "ndjson")));
        await exact.RunAsync();
        await late.RunAsync();

        await database.ExecuteAsync("INSERT INTO trades SELECT 6000, max(at) - interval '20 seconds' FROM trades", "INSERT INTO trades SELECT 6001, max(at) + interval '1 second' FROM trades");
        var (newOnly, all) = (await exact.RunAsync(), await late.RunAsync());

        Assert.Equal([6001], newOnly.SelectMany(p => p.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(Id));
        Assert.Equal([.. Enumerable.Range(4700, 301), 6000, 6001], all.SelectMany(p => p.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(Id).Order());
    }

    [Fact]
    public async Task Rows_that_arrive_while_a_run_reads_wait_for_the_next()
    {
        var database = await DatabaseAsync(Trades);
        await using var reader = PostgresDatabase.Reader(database.Source("trades", At, artefactBytes: 64 << 10, options: ("format", "ndjson")));

        await reader.CrashAsync(CrashPoint.AfterAcknowledgement);
        await database.ExecuteAsync("INSERT INTO trades SELECT 6001, max(at) + interval '1 second' FROM trades");
        await reader.RunAsync();

        reader.AssertExactly(Enumerable.Range(1, 5000), r => r.GetProperty("id").GetInt32());
        await reader.RunAsync();
        reader.AssertExactly([.. Enumerable.Range(1, 5000), 6001], r => r.GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task Rows_from_the_future_wait_until_the_databases_clock_gets_there()
    {
        var database = await DatabaseAsync("CREATE TABLE t (id int PRIMARY KEY, at timestamptz NOT NULL)", "INSERT INTO t VALUES (1, now() - interval '1 minute'), (2, now() + interval '1 hour'), (3, 'infinity')");
        await using var reader = PostgresDatabase.Reader(database.Source("t", At, options: ("format", "ndjson")));

        await reader.RunAsync();

        reader.AssertExactly([1], r => r.GetProperty("id").GetInt32());
        Assert.Equal("1", Assert.Single(reader.Landed).Part.Headers["rowsWithoutCursor"]);
    }

    [Fact]
    public async Task Rows_without_a_cursor_are_counted()
    {
        var database = await DatabaseAsync("CREATE TABLE t (id int PRIMARY KEY, at timestamptz)", "INSERT INTO t VALUES (1, '2026-01-01'), (2, NULL), (3, NULL)");
        await using var reader = PostgresDatabase.Reader(database.Source("t", At));

        await reader.RunAsync();

        Assert.Equal("2", Assert.Single(reader.Landed).Part.Headers["rowsWithoutCursor"]);
        Assert.Equal([1], Ids(reader, "csv"));
    }

    [Fact]
    public async Task A_key_with_nulls_is_none()
    {
        var database = await DatabaseAsync("CREATE TABLE t (id int, at timestamptz NOT NULL)", "INSERT INTO t VALUES (1, '2026-01-01'), (NULL, '2026-01-01')");
        await using var reader = PostgresDatabase.Reader(database.Source("t", At, options: ("key", "id")));

        var failure = await reader.FailureAsync();

        Assert.Equal(("configuration-invalid", false), (failure.Code, failure.IsTransient));
        Assert.Contains("1 rows of 't' lack a value in 'id'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_window_is_read_without_moving_the_cursor()
    {
        var database = await DatabaseAsync(Trades);
        await using var reader = PostgresDatabase.Reader(database.Source("trades", At, options: ("format", "ndjson")));

        await reader.RunAsync(new TimeWindow(Instant(10), Instant(20)));

        reader.AssertExactly(Enumerable.Range(100, 100), r => r.GetProperty("id").GetInt32());
        Assert.Null(reader.Cursor);
    }

    [Fact]
    public async Task A_query_gets_its_bounds_as_parameters()
    {
        var database = await DatabaseAsync(Trades);
        await using var reader = PostgresDatabase.Reader(database.Source(
            cursor: At with { Overlap = "1s" }, artefactBytes: 64 << 10,
            options: [("query", "SELECT id, at, price * 2 AS double FROM trades WHERE ({from} IS NULL OR at >= {from}) AND at < {to} AND id % 2 = 0;"), ("key", "id"), ("format", "ndjson")]));

        await reader.CrashAsync(CrashPoint.AfterAcknowledgement);
        await reader.RunAsync();
        reader.AssertExactly(Enumerable.Range(1, 2500).Select(i => i * 2), r => r.GetProperty("id").GetInt32());

        var again = await reader.RunAsync();
        Assert.Equal([4990, 4992, 4994, 4996, 4998, 5000], again.SelectMany(p => p.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(Id));
    }

    [Theory]
    [InlineData("a\"b"), InlineData("a.b"), InlineData("x\"; DROP TABLE victims; --"), InlineData("SELECT"), InlineData("naïve ☃ 表"), InlineData("'; DELETE FROM victims; --"), InlineData("a\\b"), InlineData("{from}")]
    public async Task Names_are_names_whatever_they_hold(string name)
    {
        var quoted = $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        var database = await DatabaseAsync("CREATE TABLE victims (id int)", $"CREATE TABLE {quoted} ({quoted} int PRIMARY KEY, id int NOT NULL)", $"INSERT INTO {quoted} VALUES (1, 2), (3, 4)");
        await using var reader = PostgresDatabase.Reader(database.Source(SqlName.Format(name), new() { Field = name, Type = CursorType.Integer }, options: [("format", "ndjson"), ("where", $"{quoted} > 1")]));

        await reader.RunAsync();

        Assert.Equal(3, Assert.Single(reader.Records).GetProperty(name).GetInt32());
        Assert.Contains(await reader.DiscoverAsync(), o => o.Name == SqlName.Format("public", name));
        Assert.Equal(0L, await database.ScalarAsync<long>("SELECT count(*) FROM victims"));
    }

    [Theory]
    [InlineData("DELETE FROM victims RETURNING id"), InlineData("SELECT nextval('numbers')"), InlineData("SELECT id FROM victims) q; DELETE FROM victims; SELECT 1 FROM (SELECT 1")]
    public async Task Nothing_is_written(string query)
    {
        var database = await DatabaseAsync("CREATE TABLE victims (id int)", "INSERT INTO victims VALUES (1)", "CREATE SEQUENCE numbers");
        await using var reader = PostgresDatabase.Reader(database.Source(options: ("query", query)));

        var failure = await reader.FailureAsync();

        Assert.Equal(("configuration-invalid", false), (failure.Code, failure.IsTransient));
        Assert.Equal(1L, await database.ScalarAsync<long>("SELECT count(*) FROM victims"));
    }

    [Fact]
    public async Task Discovery_knows_columns_keys_and_sizes()
    {
        var database = await DatabaseAsync(Trades, "ANALYZE trades", "CREATE VIEW cheap AS SELECT id FROM trades WHERE price < 1", "CREATE SCHEMA other", "CREATE TABLE other.\"odd.name\" (x int)");
        await using var reader = PostgresDatabase.Reader(database.Source("trades"));

        var found = await reader.DiscoverAsync();

        Assert.Equal(["other.\"odd.name\"", "public.cheap", "public.trades"], found.Select(f => f.Name));
        Assert.Equal(["table", "view", "table"], found.Select(f => f.Kind));
        Assert.Equal(5000, found[2].Size);
        Assert.Equal(
            [new("id", "bigint", Nullable: false, Key: true), new("at", "timestamp with time zone", Nullable: false, Key: false), new("price", "numeric(18,6)", Nullable: true, Key: false), new("note", "text", Nullable: true, Key: false)],
            found[2].Columns);
        Assert.Equal(["public.cheap"], (await reader.DiscoverAsync("*.che*")).Select(f => f.Name));
        Assert.StartsWith("PostgreSQL ", await reader.ProbeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writing_waits_for_the_destination_and_a_part_that_failed_is_read_again()
    {
        var database = await DatabaseAsync(Trades);
        await using var reader = PostgresDatabase.Reader(database.Source("trades", At, artefactBytes: 64 << 10));
        var writes = 0;
        reader.Destination = stream => new FailingStream(stream, () => ++writes == 3);

        await Assert.ThrowsAsync<InvalidDataException>(() => reader.RunAsync());
        await reader.RunAsync();

        Assert.Equal(Enumerable.Range(1, 5000), Ids(reader, "csv"));
    }

    static DateTimeOffset Instant(int seconds) => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(seconds);

    static int Id(string line) => JsonElement.Parse(line).GetProperty("id").GetInt32();

    static List<int> Ids(ReaderHarness reader, string format)
    {
        if (format == "ndjson")
            return [.. reader.Lines.Select(Id)];
        var ids = new List<int>();
        foreach (var part in reader.Landed)
        {
            Assert.StartsWith("id,", part.Text, StringComparison.Ordinal);
            foreach (var line in part.Text.Split('\n').Skip(1))
            {
                if (line.Split(',') is [var id, _, ..] fields && fields.Length > 1 && int.TryParse(id, CultureInfo.InvariantCulture, out var number))
                    ids.Add(number);
            }
        }

        return ids;
    }

    async Task<PostgresDatabase> DatabaseAsync(params string[] statements) => await PostgresDatabase.CreateAsync(await servers.GetAsync("postgresql"), statements);

    sealed class FailingStream(Stream inner, Func<bool> fails) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (fails())
                throw new InvalidDataException("full");
            await inner.WriteAsync(buffer, cancellationToken);
        }
    }
}
