using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests;

[Trait("Category", "server")]
public sealed class MySqlReadTests(SharedServers servers)
{
    const string Trades = """
        CREATE TABLE trades (id bigint unsigned PRIMARY KEY, at datetime(6) NOT NULL, price decimal(18, 6), note text);
        INSERT INTO trades SELECT seq, '2026-01-01' + INTERVAL (seq DIV 10) SECOND, seq / 7.0, CASE seq % 3 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE concat('a "b",\nc', seq) END FROM seq_1_to_5000;
        """;

    static readonly CursorDefinition At = new() { Field = "at", Type = CursorType.Timestamp };

    [Theory]
    [InlineData(true, true), InlineData(true, false), InlineData(false, true)]
    public async Task Parts_hold_every_row_once_wherever_reading_stops(bool hasCursor, bool hasKey)
    {
        var database = await DatabaseAsync(Trades, hasKey ? "" : "ALTER TABLE trades DROP PRIMARY KEY");
        await using var reader = MariaDatabase.Reader(database.Source("trades", hasCursor ? At : null, artefactBytes: 64 << 10));

        await reader.CrashAsync(CrashPoint.BeforeLanding, part: 1);
        await reader.CrashAsync(CrashPoint.BeforeAcknowledgement, part: 1);
        await reader.CrashAsync(CrashPoint.AfterAcknowledgement, part: 2);
        await reader.RunAsync();

        Assert.True(reader.Landed.Count > 3, $"{reader.Landed.Count} parts");
        reader.AssertExactly(Enumerable.Range(1, 5000), Id);
        await reader.RunAsync();
        Assert.Equal(hasCursor ? 5000 : 10_000, reader.Lines.Count);
    }

    [Fact]
    public async Task Values_keep_what_they_are()
    {
        var database = await DatabaseAsync(
            "SET SESSION sql_mode = ''; SET time_zone = '+02:00'",
            """
            CREATE TABLE t (id bigint unsigned PRIMARY KEY, d decimal(65, 30), f float, g double, t1 tinyint(1), u int unsigned, z int(6) zerofill, y year, b bit(10), at timestamp(6) NULL, dt datetime, zero date, tm time(3), s varchar(40), bin varbinary(8), e enum('x', 'y'), uid uuid);
            """,
            """
            SET SESSION sql_mode = ''; SET time_zone = '+02:00';
            INSERT INTO t VALUES (18446744073709551615, 12345678901234567890123456789012345.123456789012345678901234567890, 0.1, 0.1, 2, 4294967295, 42, 2026, b'1000000001',
              '2026-01-02 03:04:05.678901', '2026-01-02 03:04:05', '0000-00-00', '-838:59:59.5', 'naïve 😀 "q"\\', x'00ff', 'y', '0f8fad5b-d9cb-469f-a165-70867728950e');
            """);
        await using var reader = MariaDatabase.Reader(database.Source("t"));

        await reader.RunAsync();

        Assert.Equal(
            """{"id":18446744073709551615,"d":12345678901234567890123456789012345.123456789012345678901234567890,"f":0.1,"g":0.1,"t1":2,"u":4294967295,"z":42,"y":2026,"b":513,"at":"2026-01-02T01:04:05.678901Z","dt":"2026-01-02T03:04:05","zero":"0000-00-00","tm":"-838:59:59.500","s":"naïve \uD83D\uDE00 \"q\"\\","bin":"AP8=","e":"y","uid":"0f8fad5b-d9cb-469f-a165-70867728950e"}""",
            Assert.Single(reader.Lines));
    }

    [Theory]
    [InlineData("id bigint unsigned", "18446744073709551000 + seq", CursorType.Integer), InlineData("id decimal(40, 10)", "12345678901234567890123456789 + seq / 1000", CursorType.Text)]
    [InlineData("id timestamp(6)", "'2026-01-01' + INTERVAL seq MICROSECOND", CursorType.Timestamp), InlineData("id date", "'2026-01-01' + INTERVAL seq DAY", CursorType.Date)]
    [InlineData("id varchar(20)", "concat('Key ', lpad(seq, 6, '0'))", CursorType.Text), InlineData("id double", "seq / 3e0", CursorType.Text)]
    public async Task A_cursor_of_any_type_stops_and_continues_between_neighbours(string column, string values, CursorType type)
    {
        var database = await DatabaseAsync($"CREATE TABLE t ({column} NOT NULL, n int NOT NULL, pad char(250) NOT NULL)", $"INSERT INTO t SELECT {values}, seq, repeat('x', 250) FROM seq_1_to_500");
        await using var reader = MariaDatabase.Reader(database.Source("t", new() { Field = "id", Type = type }, artefactBytes: 64 << 10));

        await reader.CrashAsync(CrashPoint.AfterAcknowledgement);
        await reader.RunAsync();

        Assert.True(reader.Landed.Count > 1);
        reader.AssertExactly(Enumerable.Range(1, 500), r => r.GetProperty("n").GetInt32());
        await reader.RunAsync();
        Assert.Equal(500, reader.Lines.Count);
    }

    [Fact]
    public async Task Later_runs_go_back_by_the_overlap_and_windows_do_not_move_the_cursor()
    {
        var database = await DatabaseAsync(Trades);
        await using var reader = MariaDatabase.Reader(database.Source("trades", At with { Overlap = "2s" }));
        await reader.RunAsync(new TimeWindow(new(2026, 1, 1, 0, 0, 10, TimeSpan.Zero), new(2026, 1, 1, 0, 0, 11, TimeSpan.Zero)));
        reader.AssertExactly(Enumerable.Range(100, 10), Id);
        await reader.RunAsync();

        await database.ExecuteAsync("INSERT INTO trades SELECT 6000, max(at) - INTERVAL 1 SECOND, 1, NULL FROM trades");
        var again = await reader.RunAsync();

        Assert.Equal([.. Enumerable.Range(4980, 21), 6000], again.SelectMany(p => p.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(l => Id(JsonElement.Parse(l))).Order());
    }

    [Fact]
    public async Task A_query_gets_its_bounds_as_parameters()
    {
        var database = await DatabaseAsync(Trades);
        await using var reader = MariaDatabase.Reader(database.Source(
            cursor: At with { Start = "2026-01-01T00:01:40Z" }, options: [("query", "SELECT id, at, price * 2 AS twice FROM trades WHERE at >= {from} AND at < {to} AND id % 2 = 0"), ("key", "id")]));

        await reader.RunAsync();

        reader.AssertExactly(Enumerable.Range(500, 2001).Select(i => i * 2), Id);
    }

    [Theory]
    [InlineData("a`b"), InlineData("a.b"), InlineData("x`; DROP TABLE victims; --"), InlineData("SELECT"), InlineData("naïve ☃ 表"), InlineData("a\\b"), InlineData("@p0")]
    public async Task Names_are_names_whatever_they_hold(string name)
    {
        var quoted = $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";
        var database = await DatabaseAsync("CREATE TABLE victims (id int)", $"CREATE TABLE {quoted} ({quoted} int PRIMARY KEY, id int NOT NULL)", $"INSERT INTO {quoted} VALUES (1, 2), (3, 4)");
        await using var reader = MariaDatabase.Reader(database.Source(SqlName.Format(name), new() { Field = name, Type = CursorType.Integer, Start = "2" }));

        await reader.RunAsync();

        Assert.Equal(3, Assert.Single(reader.Records).GetProperty(name).GetInt32());
        Assert.Contains(await reader.DiscoverAsync(), o => o.Name == SqlName.Format(database.Name, name));
        Assert.Contains(await reader.DiscoverAsync(), o => o.Name == $"{database.Name}.victims");
    }

    [Fact]
    public async Task Nothing_is_written()
    {
        var database = await DatabaseAsync("CREATE TABLE victims (id int)", "CREATE SEQUENCE numbers");
        await using var reader = MariaDatabase.Reader(database.Source(options: ("query", "SELECT nextval(numbers) AS n")));

        var failure = await reader.FailureAsync();

        Assert.Equal(("configuration-invalid", false), (failure.Code, failure.IsTransient));
    }

    [Fact]
    public async Task Discovery_knows_columns_and_keys()
    {
        var database = await DatabaseAsync(Trades);
        await using var reader = MariaDatabase.Reader(database.Source("trades"));

        var found = Assert.Single(await reader.DiscoverAsync($"{database.Name}.*"));

        Assert.Equal("table", found.Kind);
        Assert.Equal(
            [new("id", "bigint(20) unsigned", Nullable: false, Key: true), new("at", "datetime(6)", Nullable: false, Key: false), new("price", "decimal(18,6)", Nullable: true, Key: false), new("note", "text", Nullable: true, Key: false)],
            found.Columns);
        Assert.Contains("10.", await reader.ProbeAsync(), StringComparison.Ordinal);
    }

    static int Id(JsonElement record) => record.GetProperty("id").GetInt32();

    async Task<MariaDatabase> DatabaseAsync(params string[] statements) => await MariaDatabase.CreateAsync(await servers.GetAsync("mariadb"), statements);
}
