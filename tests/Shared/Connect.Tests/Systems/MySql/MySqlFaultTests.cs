using System.Net.Sockets;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests;

/// <summary>What MariaDB and the way to it can do to a reading: retried how, landed what, reported what; nothing lost, nothing twice.</summary>
[Trait("Category", "server")]
public sealed class MySqlFaultTests(SharedServers servers)
{
    const string Rows = "CREATE TABLE t (id int PRIMARY KEY, at datetime NOT NULL, pad text); INSERT INTO t SELECT seq, '2026-01-01' + INTERVAL seq SECOND, repeat('x', 200) FROM seq_1_to_20000";

    static readonly CursorDefinition At = new() { Field = "at", Type = CursorType.Timestamp };
    static readonly LimitsDefinition Once = Sources.Quick with { Attempts = 1 };
    static readonly LimitsDefinition OnceBriefly = Once with { AttemptTimeout = TimeSpan.FromSeconds(1), TotalTimeout = TimeSpan.FromSeconds(3) };

    [Fact]
    public async Task Refused() => await FailsAsync(new MariaDatabase(TestServer.FreePort(), "nowhere").Source("t", limits: Once), "source-unavailable", isTransient: true, "connect");

    [Fact]
    public async Task Host_without_an_address()
    {
        await using var services = Sources.Services(resolve: (_, _) => throw new SocketException((int)SocketError.HostNotFound), settings: [("DB_PASSWORD", "x")]);
        await using var reader = new ReaderHarness(new MariaDatabase(3306, "nowhere").Source("t", host: "db.invalid", limits: Once), services);

        var failure = await reader.FailureAsync();

        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
    }

    [Theory, InlineData("reset"), InlineData("cut"), InlineData("stall")]
    public async Task Broken_off_in_the_middle(string how)
    {
        var database = await DatabaseAsync(Rows);
        await using var proxy = FaultProxy.Start(database.Port);
        await using var reader = MariaDatabase.Reader(database.Source("t", At, artefactBytes: 256 << 10, port: proxy.Port, limits: OnceBriefly));
        var struck = how switch
        {
            "reset" => proxy.Reset(Flow.FromServer, after: 2 << 20, times: 1),
            "cut" => proxy.Cut(Flow.FromServer, after: 2 << 20, times: 1),
            _ => proxy.Stall(Flow.FromServer, after: 2 << 20, times: 1),
        };

        await reader.RunAsync();

        Assert.True(struck.IsCompleted);
        Assert.Equal(2, reader.Attempts);
        reader.AssertExactly(Enumerable.Range(1, 20000), r => r.GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task Wrong_password()
    {
        await using var reader = MariaDatabase.Reader((await DatabaseAsync(Rows)).Source("t"), "wrong-word");

        var failure = await reader.FailureAsync();

        Assert.Equal(("unauthorized", false), (failure.Code, failure.IsTransient));
        Assert.DoesNotContain("wrong-word", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Permission_denied_and_rotated_password()
    {
        var database = await DatabaseAsync(Rows, "CREATE TABLE open (id int PRIMARY KEY)");
        var user = $"u{Guid.NewGuid():N}";
        await database.ExecuteAsync($"CREATE USER {user}@'127.0.0.1' IDENTIFIED BY 'first-word'", $"GRANT SELECT (pad) ON {database.Name}.t TO {user}@'127.0.0.1'");
        await using var reader = MariaDatabase.Reader(database.Source("t", user: user, options: ("query", "SELECT id FROM t")), "first-word");

        var denied = await reader.FailureAsync();
        await database.ExecuteAsync($"ALTER USER {user}@'127.0.0.1' IDENTIFIED BY 'second-word'", $"GRANT SELECT ON {database.Name}.t TO {user}@'127.0.0.1'");
        await using var stale = MariaDatabase.Reader(database.Source("t", user: user), "first-word");
        await using var fresh = MariaDatabase.Reader(database.Source("t", user: user), "second-word");

        Assert.Equal(("forbidden", false), (denied.Code, denied.IsTransient));
        Assert.Equal("unauthorized", (await stale.FailureAsync()).Code);
        await fresh.RunAsync();
        Assert.Equal(20000, fresh.Lines.Count);
    }

    [Theory]
    [InlineData("missing", "at", "no table or view 'missing'"), InlineData("t", "missing", "no column 'missing'")]
    public async Task Missing_objects(string table, string field, string said) =>
        await FailsAsync((await DatabaseAsync(Rows)).Source(table, At with { Field = field }), "not-found", isTransient: false, said);

    [Fact]
    public async Task Missing_database() =>
        await FailsAsync(new MariaDatabase((await DatabaseAsync()).Port, "not_there").Source("t", limits: Once), "not-found", isTransient: false, "not_there");

    [Fact]
    public async Task Server_restarts_in_the_middle()
    {
        using var folder = new TemporaryFolder("mariadb");
        var server = await TestServer.StartAsync("mariadb", folder: folder.Path, cancellationToken: TestContext.Current.CancellationToken);
        var database = await MariaDatabase.CreateAsync(server, Rows);
        await using var reader = MariaDatabase.Reader(database.Source("t", At, artefactBytes: 256 << 10, limits: Once));
        await reader.CrashAsync(CrashPoint.AfterAcknowledgement, part: 2);
        await server.DisposeAsync();

        var failure = await reader.FailureAsync();
        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
        await using (await TestServer.StartAsync("mariadb", port: server.Port, folder: folder.Path, cancellationToken: TestContext.Current.CancellationToken))
        {
            await MariaDatabase.WhenUpAsync(server.Port);
            await reader.RunAsync();
        }

        reader.AssertExactly(Enumerable.Range(1, 20000), r => r.GetProperty("id").GetInt32());
    }

    [Theory]
    [InlineData("40001", 1213, "source-unavailable"), InlineData("HY000", 1205, "source-unavailable"), InlineData("70100", 1317, "source-unavailable"), InlineData("08004", 1040, "source-unavailable"), InlineData("70100", 1969, "timeout")]
    public async Task Errors_that_another_attempt_may_cure(string state, int number, string code)
    {
        // Raised by the server itself, from within the statement.
        var database = await DatabaseAsync(
            Rows, $"CREATE FUNCTION boom(i int) RETURNS int BEGIN IF i = 15000 THEN SIGNAL SQLSTATE '{state}' SET MYSQL_ERRNO = {number}, MESSAGE_TEXT = 'as asked'; END IF; RETURN i; END");
        await using var reader = MariaDatabase.Reader(database.Source(
            cursor: At, artefactBytes: 256 << 10, limits: Once, options: [("query", "SELECT boom(id) AS id, at, pad FROM t"), ("key", "id")]));

        var failure = await reader.FailureAsync();

        Assert.Equal((code, true), (failure.Code, failure.IsTransient));
        await database.ExecuteAsync("DROP FUNCTION boom", "CREATE FUNCTION boom(i int) RETURNS int RETURN i");
        await reader.RunAsync();
        reader.AssertExactly(Enumerable.Range(1, 20000), r => r.GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task Statement_too_slow() =>
        await FailsAsync((await DatabaseAsync()).Source(limits: OnceBriefly with { TotalTimeout = TimeSpan.FromSeconds(1) }, options: ("query", "SELECT sleep(30) AS s, 1 AS id")), "timeout", isTransient: true, "");

    [Fact]
    public async Task Certificate_of_the_servers_own_making()
    {
        using var files = new TemporaryFolder("tls");
        SelfSigned.Write(files.File("server.crt"), files.File("server.key"), "localhost");
        await using var server = await TestServer.StartAsync("mariadb", settings: new Dictionary<string, string> { ["MARIADB_TLS"] = files.Path }, cancellationToken: TestContext.Current.CancellationToken);
        var source = (await MariaDatabase.CreateAsync(server, Rows)).Source("t", At, encrypt: true, host: "localhost", limits: Once);

        await FailsAsync(source, "certificate-refused", isTransient: false, "localhost");
        await using var trusting = MariaDatabase.Reader(source with { Connection = source.Connection! with { Tls = new() { Ca = files.File("server.crt") } } });
        await trusting.RunAsync();
        Assert.Equal(20000, trusting.Lines.Count);
    }

    [Fact]
    public async Task No_tls_where_it_is_asked_for() =>
        await FailsAsync((await DatabaseAsync()).Source("t", encrypt: true, limits: Once), "certificate-refused", isTransient: false, "encrypt: false");

    static async Task FailsAsync(SourceDefinition source, string code, bool isTransient, string said)
    {
        await using var reader = MariaDatabase.Reader(source);
        var failure = await reader.FailureAsync();
        Assert.True((code, isTransient) == (failure.Code, failure.IsTransient), $"{failure.Code} {failure.IsTransient}: {failure.Message}");
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Empty(reader.Landed);
    }

    async Task<MariaDatabase> DatabaseAsync(params string[] statements) => await MariaDatabase.CreateAsync(await servers.GetAsync("mariadb"), statements);
}
