using DataIngestion.Contracts;
using DataIngestion.TestKit;
using Npgsql.Replication;
using Npgsql.Replication.PgOutput;

namespace DataIngestion.Connect.Tests;

/// <summary>What can happen to a stream of changes. Each test has a server of its own, as slots are a server's.</summary>
[Trait("Category", "server")]
public sealed class PostgreSqlChangeFaultTests
{
    const string Slot = "ingest_market_trades";

    static readonly ReadDefinition Short = new() { Window = TimeSpan.FromMilliseconds(1500) };

    [Theory, InlineData("reset"), InlineData("cut"), InlineData("stall")]
    public async Task Broken_off_in_the_middle_of_a_transaction(string how)
    {
        await using var server = await StartAsync();
        var database = await PostgresDatabase.CreateAsync(server, "CREATE TABLE t (id int PRIMARY KEY, pad text)");
        await using var proxy = FaultProxy.Start(server.Port);
        await using var reader = PostgresDatabase.Reader(Source(database, proxy.Port));
        await reader.RunAsync();
        await database.ExecuteAsync("INSERT INTO t SELECT i, repeat('x', 200) FROM generate_series(1, 20000) i");
        var struck = how switch
        {
            "reset" => proxy.Reset(Flow.FromServer, after: 1 << 20, times: 1),
            "cut" => proxy.Cut(Flow.FromServer, after: 1 << 20, times: 1),
            _ => proxy.Stall(Flow.FromServer, after: 1 << 20, times: 1),
        };

        var failure = await reader.FailureAsync();
        proxy.ResetAll(); // a half-open connection ends for the server too, some day
        await RunUntilFreeAsync(reader);

        Assert.True(struck.IsCompleted);
        Assert.Equal((how == "stall" ? "timeout" : "source-unavailable", true), (failure.Code, failure.IsTransient));
        reader.AssertExactly(Enumerable.Range(1, 20000), r => r.GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task Server_restarts_between_landing_and_acknowledging()
    {
        using var folder = new TemporaryFolder("postgresql");
        var server = await StartAsync(folder.Path);
        var database = await PostgresDatabase.CreateAsync(server, "CREATE TABLE t (id int PRIMARY KEY)");
        await using var reader = PostgresDatabase.Reader(Source(database, server.Port));
        await reader.RunAsync();
        await database.ExecuteAsync("INSERT INTO t SELECT generate_series(1, 100)");
        await reader.CrashAsync(CrashPoint.BeforeAcknowledgement);
        await server.DisposeAsync();

        await using var again = await TestServer.StartAsync("postgresql", port: server.Port, folder: folder.Path, cancellationToken: TestContext.Current.CancellationToken);
        await PostgresDatabase.WhenUpAsync(server.Port);
        await reader.RunAsync();
        await database.ExecuteAsync("INSERT INTO t SELECT generate_series(101, 200)");
        await reader.RunAsync();

        reader.AssertExactly(Enumerable.Range(1, 200), r => r.GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task Slot_in_use()
    {
        await using var server = await StartAsync();
        var database = await PostgresDatabase.CreateAsync(server, "CREATE TABLE t (id int PRIMARY KEY)");
        await using var reader = PostgresDatabase.Reader(Source(database, server.Port));
        await reader.RunAsync();
        await using var other = new LogicalReplicationConnection(database.ConnectionString.Replace(";Pooling=false", "", StringComparison.Ordinal));
        await other.Open(TestContext.Current.CancellationToken);
        await using var messages = other.StartReplication(new PgOutputReplicationSlot(Slot), new PgOutputReplicationOptions(Slot, PgOutputProtocolVersion.V1), CancellationToken.None).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = messages.MoveNextAsync().AsTask();
        while (!await database.ScalarAsync<bool>($"SELECT active FROM pg_replication_slots WHERE slot_name = '{Slot}'"))
            await Task.Yield();

        var failure = await reader.FailureAsync();

        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
        Assert.Contains($"'{Slot}' is in use", failure.Message, StringComparison.Ordinal);
        await database.ExecuteAsync("INSERT INTO t VALUES (1)");
        Assert.True(await next);
    }

    // The server may not have noticed yet that the last session is gone.
    static async Task RunUntilFreeAsync(ReaderHarness reader)
    {
        while (true)
        {
            try
            {
                await reader.RunAsync();
                if (reader.Landed.Count > 0)
                    return;
            }
            catch (StepFailedException inUse) when (inUse.Failure.Message.Contains("is in use", StringComparison.Ordinal))
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }

    static SourceDefinition Source(PostgresDatabase database, int port) => database.Source(
        "t", kind: SourceKind.Stream, port: port, read: Short, limits: Sources.Quick with { Attempts = 1, AttemptTimeout = TimeSpan.FromSeconds(3) },
        options: [("mode", "changes"), ("snapshot", "false")]);

    static Task<TestServer> StartAsync(string? folder = null) => TestServer.StartAsync("postgresql", folder: folder, cancellationToken: TestContext.Current.CancellationToken);
}
