using System.Net.Sockets;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests;

/// <summary>What PostgreSQL and the way to it can do to a reading: retried how, landed what, reported what; nothing lost, nothing twice.</summary>
[Trait("Category", "server")]
public sealed class PostgreSqlFaultTests(SharedServers servers)
{
    const string Rows = "CREATE TABLE t (id int PRIMARY KEY, at timestamptz NOT NULL, pad text); INSERT INTO t SELECT i, '2026-01-01'::timestamptz + i * interval '1 second', repeat('x', 200) FROM generate_series(1, 20000) i";

    static readonly CursorDefinition At = new() { Field = "at", Type = CursorType.Timestamp };
    static readonly LimitsDefinition Once = Sources.Quick with { Attempts = 1 };
    static readonly LimitsDefinition OnceBriefly = Once with { AttemptTimeout = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task Refused()
    {
        var source = new PostgresDatabase(TestServer.FreePort(), "nowhere").Source("t", limits: Once);

        await FailsAsync(source, "source-unavailable", isTransient: true, "refused");
    }

    [Fact]
    public async Task Host_without_an_address()
    {
        var source = new PostgresDatabase(5432, "nowhere").Source("t", host: "db.invalid", limits: Once);
        await using var services = Sources.Services(resolve: (_, _) => throw new SocketException((int)SocketError.HostNotFound), settings: [("DB_PASSWORD", "x")]);
        await using var reader = new ReaderHarness(source, services);

        var failure = await reader.FailureAsync();

        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
        Assert.Contains("no address", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Private_address()
    {
        var source = new PostgresDatabase(5432, "nowhere").Source("t", limits: Once);
        await FailsAsync(source with { Connection = source.Connection! with { AllowPrivateNetwork = false } }, "address-refused", isTransient: false, "allowPrivateNetwork");
    }

    [Theory, InlineData("csv", "reset"), InlineData("csv", "cut"), InlineData("ndjson", "reset"), InlineData("ndjson", "cut")]
    public async Task Broken_off_in_the_middle_of_copy(string format, string how)
    {
        var database = await DatabaseAsync(Rows);
        await using var proxy = FaultProxy.Start(database.Port);
        await using var reader = PostgresDatabase.Reader(database.Source("t", At, artefactBytes: 256 << 10, port: proxy.Port, options: ("format", format)));
        var struck = how == "reset" ? proxy.Reset(Flow.FromServer, after: 2 << 20, times: 1) : proxy.Cut(Flow.FromServer, after: 2 << 20, times: 1);

        await reader.RunAsync();

        Assert.True(struck.IsCompleted);
        Assert.Equal(2, reader.Attempts);
        Assert.Equal(Enumerable.Range(1, 20000), Ids(reader, format));
    }

    [Fact]
    public async Task Half_open_in_the_middle_of_copy()
    {
        var database = await DatabaseAsync(Rows);
        await using var proxy = FaultProxy.Start(database.Port);
        await using var reader = PostgresDatabase.Reader(database.Source("t", At, artefactBytes: 256 << 10, port: proxy.Port, limits: OnceBriefly));
        _ = proxy.Stall(Flow.FromServer, after: 2 << 20, times: 1);

        await reader.RunAsync(); // the part that stalled follows parts that were landed, and so it is tried again

        Assert.Equal(2, reader.Attempts);
        Assert.Equal(Enumerable.Range(1, 20000), Ids(reader, "csv"));
    }

    [Fact]
    public async Task Half_open_while_logging_in()
    {
        var database = await DatabaseAsync();
        await using var proxy = FaultProxy.Start(database.Port);
        _ = proxy.Stall(Flow.FromServer, after: 5);

        await FailsAsync(database.Source("t", port: proxy.Port, limits: OnceBriefly), "timeout", isTransient: true, "in time");
    }

    [Fact]
    public async Task Wrong_password()
    {
        var database = await DatabaseAsync(Rows);
        await using var reader = PostgresDatabase.Reader(database.Source("t"), "wrong-word");

        var failure = await reader.FailureAsync();

        Assert.Equal(("unauthorized", false), (failure.Code, failure.IsTransient));
        Assert.DoesNotContain("wrong-word", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotated_password()
    {
        var database = await DatabaseAsync(Rows);
        var user = await UserAsync(database, "first-word", "GRANT SELECT ON t TO {0}");
        await using var before = PostgresDatabase.Reader(database.Source("t", At, artefactBytes: 1 << 20, user: user), "first-word");
        await before.CrashAsync(CrashPoint.AfterAcknowledgement);
        await database.ExecuteAsync($"ALTER ROLE {user} PASSWORD 'second-word'");
        await using var stale = PostgresDatabase.Reader(database.Source("t", At, user: user), "first-word");
        await using var after = PostgresDatabase.Reader(database.Source("t", At, user: user), "second-word");

        Assert.Equal("unauthorized", (await stale.FailureAsync()).Code);
        await after.RunAsync();

        Assert.Equal(20000, Ids(after, "csv").Count);
    }

    [Fact]
    public async Task Permission_denied()
    {
        var database = await DatabaseAsync(Rows);
        var user = await UserAsync(database, "some-word");
        await using var reader = PostgresDatabase.Reader(database.Source("t", At, user: user), "some-word");

        var failure = await reader.FailureAsync();

        Assert.Equal(("forbidden", false), (failure.Code, failure.IsTransient));
        Assert.Contains("table t", failure.Message, StringComparison.Ordinal);
        Assert.Contains("42501", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing", "at", "no table or view 'missing'"), InlineData("t", "missing", "no column 'missing'"), InlineData("nowhere.t", "at", "no table or view 'nowhere.t'")]
    public async Task Missing_objects(string table, string field, string said) =>
        await FailsAsync((await DatabaseAsync(Rows)).Source(table, At with { Field = field }), "not-found", isTransient: false, said);

    [Fact]
    public async Task Missing_database() =>
        await FailsAsync(new PostgresDatabase((await DatabaseAsync()).Port, "not_there").Source("t"), "not-found", isTransient: false, "not_there");

    [Fact]
    public async Task Server_restarts_in_the_middle()
    {
        using var folder = new TemporaryFolder("postgresql");
        var server = await TestServer.StartAsync("postgresql", folder: folder.Path, cancellationToken: TestContext.Current.CancellationToken);
        var database = await PostgresDatabase.CreateAsync(server, Rows);
        await using var reader = PostgresDatabase.Reader(database.Source("t", At, artefactBytes: 256 << 10, limits: Once));
        await reader.CrashAsync(CrashPoint.AfterAcknowledgement, part: 2);
        await server.DisposeAsync();

        var failure = await reader.FailureAsync();
        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
        await using (await TestServer.StartAsync("postgresql", port: server.Port, folder: folder.Path, cancellationToken: TestContext.Current.CancellationToken))
        {
            await PostgresDatabase.WhenUpAsync(server.Port);
            await reader.RunAsync();
        }

        Assert.Equal(Enumerable.Range(1, 20000), Ids(reader, "csv"));
    }

    [Fact]
    public async Task Session_ended_by_an_administrator()
    {
        var database = await DatabaseAsync(Rows.Replace("20000", "100000", StringComparison.Ordinal)); // more than the sockets hold
        await using var reader = PostgresDatabase.Reader(database.Source("t", At, artefactBytes: 1 << 20));
        var writes = 0;
        reader.Destination = stream => new Hooked(stream, async () =>
        {
            if (++writes == 5)
                await database.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'data-ingestion'");
        });

        await reader.RunAsync();

        Assert.Equal(2, reader.Attempts);
        Assert.Equal(Enumerable.Range(1, 100_000), Ids(reader, "csv"));
    }

    [Fact]
    public async Task Fail_over_to_the_second_host()
    {
        var database = await DatabaseAsync(Rows);
        await using var first = FaultProxy.Start(database.Port);
        var source = database.Source("t", At, artefactBytes: 256 << 10, port: first.Port, connection: new Dictionary<string, string> { ["hosts"] = $"127.0.0.1:{database.Port}" });
        await using var reader = PostgresDatabase.Reader(source);
        await reader.CrashAsync(CrashPoint.AfterAcknowledgement, part: 1);
        first.Refuse();
        first.ResetAll();

        await reader.RunAsync();

        Assert.Equal(Enumerable.Range(1, 20000), Ids(reader, "csv"));
    }

    [Fact]
    public async Task No_host_of_the_wanted_kind() =>
        await FailsAsync((await DatabaseAsync()).Source("t", limits: Once, connection: new Dictionary<string, string> { ["target"] = "standby" }), "source-unavailable", isTransient: true, "is a standby");

    [Theory]
    [InlineData("40P01", "source-unavailable"), InlineData("40001", "source-unavailable"), InlineData("57014", "timeout"), InlineData("53300", "source-unavailable"), InlineData("57P03", "source-unavailable")]
    public async Task Errors_that_another_attempt_may_cure(string state, string code)
    {
        // Raised by the server itself, from within the statement.
        var database = await DatabaseAsync(
            Rows, $"CREATE FUNCTION boom(i int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN IF i = 15000 THEN RAISE EXCEPTION 'as asked' USING ERRCODE = '{state}'; END IF; RETURN i; END $$");
        await using var reader = PostgresDatabase.Reader(database.Source(
            cursor: At, artefactBytes: 256 << 10, limits: Once, options: [("query", "SELECT boom(id) AS id, at, pad FROM t"), ("key", "id")]));

        var failure = await reader.FailureAsync();

        Assert.Equal((code, true), (failure.Code, failure.IsTransient));
        Assert.Contains(state, failure.Message, StringComparison.Ordinal);
        await database.ExecuteAsync("CREATE OR REPLACE FUNCTION boom(i int) RETURNS int LANGUAGE sql AS 'SELECT i'");
        await reader.RunAsync();
        Assert.Equal(Enumerable.Range(1, 20000), Ids(reader, "csv"));
    }

    [Fact]
    public async Task Statement_too_slow() => await FailsAsync(
        (await DatabaseAsync()).Source(limits: Once, connection: new Dictionary<string, string> { ["statementTimeout"] = "300ms" }, options: ("query", "SELECT 1 AS id, pg_sleep(60)::text AS s")), "timeout", isTransient: true, "statementTimeout");

    [Fact]
    public async Task Table_locked()
    {
        var database = await DatabaseAsync(Rows);
        await using var holder = new Npgsql.NpgsqlConnection(database.ConnectionString);
        await holder.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new Npgsql.NpgsqlCommand("LOCK TABLE t IN ACCESS EXCLUSIVE MODE", holder, transaction);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await FailsAsync(database.Source("t", limits: Once, connection: new Dictionary<string, string> { ["lockTimeout"] = "200ms" }), "source-unavailable", isTransient: true, "lockTimeout");
    }

    [Fact]
    public async Task Too_many_connections()
    {
        var database = await DatabaseAsync(Rows);
        var user = await UserAsync(database, "some-word", "ALTER ROLE {0} CONNECTION LIMIT 0");
        await using var reader = PostgresDatabase.Reader(database.Source("t", user: user, limits: Once), "some-word");

        var failure = await reader.FailureAsync();

        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
        Assert.Contains("53300", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_of_the_servers_own_making()
    {
        using var files = new TemporaryFolder("tls");
        await using var server = await TlsServerAsync(files, "localhost");
        var source = (await PostgresDatabase.CreateAsync(server, Rows)).Source("t", At, encrypt: true, host: "localhost", limits: Once);

        await FailsAsync(source, "certificate-refused", isTransient: false, "localhost");
        await using var trusting = PostgresDatabase.Reader(source with { Connection = source.Connection! with { Tls = new() { Ca = files.File("server.crt") } } });
        await trusting.RunAsync();
        Assert.Equal(20000, Ids(trusting, "csv").Count);
    }

    [Fact]
    public async Task Certificate_of_another_host()
    {
        using var files = new TemporaryFolder("tls");
        await using var server = await TlsServerAsync(files, "other.example");
        var database = await PostgresDatabase.CreateAsync(server);

        await FailsAsync(database.Source("t", encrypt: true, host: "localhost", limits: Once, tls: new() { Ca = files.File("server.crt") }), "certificate-refused", isTransient: false, "localhost");
    }

    [Fact]
    public async Task No_tls_where_it_is_asked_for() =>
        await FailsAsync((await DatabaseAsync()).Source("t", encrypt: true, limits: Once), "certificate-refused", isTransient: false, "encrypt: false");

    static async Task<TestServer> TlsServerAsync(TemporaryFolder files, string host)
    {
        SelfSigned.Write(files.File("server.crt"), files.File("server.key"), host);
        return await TestServer.StartAsync("postgresql", settings: new Dictionary<string, string> { ["POSTGRES_TLS"] = files.Path }, cancellationToken: TestContext.Current.CancellationToken);
    }

    static async Task<string> UserAsync(PostgresDatabase database, string password, string? grant = null)
    {
        var user = $"u{Guid.NewGuid():N}";
        await database.ExecuteAsync($"CREATE ROLE {user} LOGIN PASSWORD '{password}'", grant is null ? "" : string.Format(System.Globalization.CultureInfo.InvariantCulture, grant, user));
        return user;
    }

    static async Task FailsAsync(SourceDefinition source, string code, bool isTransient, string said)
    {
        await using var reader = PostgresDatabase.Reader(source);
        var failure = await reader.FailureAsync();
        Assert.Equal((code, isTransient), (failure.Code, failure.IsTransient));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Empty(reader.Landed);
    }

    static List<int> Ids(ReaderHarness reader, string format) => format == "ndjson"
        ? [.. reader.Records.Select(r => r.GetProperty("id").GetInt32())]
        : [.. reader.Landed.SelectMany(p => p.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)).Select(l => int.Parse(l.AsSpan(0, l.IndexOf(',', StringComparison.Ordinal)), System.Globalization.CultureInfo.InvariantCulture))];

    async Task<PostgresDatabase> DatabaseAsync(params string[] statements) => await PostgresDatabase.CreateAsync(await servers.GetAsync("postgresql"), statements);

    sealed class Hooked(Stream inner, Func<Task> before) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await before();
            await inner.WriteAsync(buffer, cancellationToken);
        }
    }
}
