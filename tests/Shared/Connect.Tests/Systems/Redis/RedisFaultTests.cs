using System.Net;
using System.Net.Sockets;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using StackExchange.Redis;

namespace DataIngestion.Connect.Tests;

[Trait("Category", "server")]
public sealed class RedisFaultTests(SharedServers servers)
{
    const int Entries = 2000;
    static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("refused", "source-unavailable", true, "127.0.0.1")]
    [InlineData("no address", "source-unavailable", true, "'nowhere.invalid' has no address")]
    [InlineData("private", "address-refused", false, "allowPrivateNetwork")]
    [InlineData("wrong password", "unauthorized", false, "WRONGPASS")]
    [InlineData("no password", "unauthorized", false, "NOAUTH")]
    [InlineData("no right", "forbidden", false, "NOPERM")]
    [InlineData("no stream", "not-found", false, "no stream 'missing'")]
    [InlineData("no database", "not-found", false, "DB index")]
    [InlineData("another type", "configuration-invalid", false, "WRONGTYPE")]
    [InlineData("silent from the start", "timeout", true, "did not answer")]
    [InlineData("not encrypted", "timeout", true, "may speak no TLS")]
    public async Task A_fault_is_reported(string fault, string code, bool transient, string said)
    {
        await using var server = await TestServer.StartAsync(
            "redis", settings: new Dictionary<string, string> { ["REDIS_ARGUMENTS"] = "--user default on nopass ~* &* +@all --user reader on >planted-secret ~other +@read +@connection +info +cluster" },
            cancellationToken: TestContext.Current.CancellationToken);
        await using var proxy = FaultProxy.Start(server.Port);
        await FillAsync(server.Port, "ticks", 0, 10);
        var (address, auth, target) = ($"redis://127.0.0.1:{proxy.Port}/0", (AuthenticationDefinition?)null, "ticks");
        switch (fault)
        {
            case "refused":
                proxy.Refuse();
                break;
            case "no address":
                address = "redis://nowhere.invalid:6379/0";
                break;
            case "wrong password":
                auth = Brokers.Login("other");
                break;
            case "no password":
                await using (var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port}"))
                    await redis.GetDatabase().ExecuteAsync("ACL", "SETUSER", "default", "resetpass", ">other");
                break;
            case "no right":
                auth = Brokers.Login("reader");
                break;
            case "no stream":
                target = "missing";
                break;
            case "no database":
                address = $"redis://127.0.0.1:{proxy.Port}/99";
                break;
            case "another type":
                await using (var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port}"))
                    await redis.GetDatabase().StringSetAsync("text", "1");
                target = "text";
                break;
            case "silent from the start":
                _ = proxy.Stall(Flow.FromServer, 0);
                break;
            case "not encrypted":
                address = $"rediss://127.0.0.1:{proxy.Port}/0";
                break;
            default:
                break;
        }

        await using var harness = new ReaderHarness(
            Brokers.Source("redis", address, SourceKind.Stream, Brokers.Window(target, ("mode", "stream")), auth, timeout: fault == "not encrypted" ? TimeSpan.FromSeconds(5) : Short, allowPrivate: fault != "private"),
            Sources.Services(resolve: Resolve, settings: ("PASSWORD", "planted-secret")));

        var failure = await harness.FailureAsync();

        Assert.Equal((code, transient), (failure.Code, failure.IsTransient));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("planted-secret", failure.Message, StringComparison.Ordinal);
        Assert.Empty(harness.Landed);
    }

    [Theory, InlineData("reset"), InlineData("cut"), InlineData("silent")]
    public async Task A_stream_that_breaks_off_is_read_exactly_once(string fault)
    {
        var server = await servers.GetAsync("redis");
        await using var proxy = FaultProxy.Start(server.Port);
        var key = $"broken:{Guid.NewGuid():N}";
        await FillAsync(server.Port, key, 0, Entries);
        await using var harness = new ReaderHarness(
            Brokers.Source("redis", $"redis://127.0.0.1:{proxy.Port}/0", SourceKind.Database, Brokers.Window(key, ("mode", "stream"), ("pageSize", "100")) with { ArtefactBytes = 64 << 10 }, timeout: Short));
        const int within = 45_000; // in the first part
        _ = fault switch
        {
            "reset" => proxy.Reset(Flow.FromServer, within),
            "cut" => proxy.Cut(Flow.FromServer, within),
            _ => proxy.Stall(Flow.FromServer, within),
        };

        var failure = await harness.FailureAsync();
        proxy.Pass();
        await harness.RunAsync();

        Assert.True(failure.IsTransient);
        Assert.Equal(fault == "silent" ? "timeout" : "source-unavailable", failure.Code);
        harness.AssertExactly(Enumerable.Range(0, Entries), r => int.Parse(r.GetProperty("n").GetString()!));
    }

    [Fact]
    public async Task A_server_that_restarts_in_the_middle_of_a_group_loses_and_repeats_nothing()
    {
        using var folder = new TemporaryFolder("redis");
        var settings = new Dictionary<string, string> { ["REDIS_ARGUMENTS"] = "--appendonly yes --appendfsync always" };
        var first = await TestServer.StartAsync("redis", folder: folder.Path, settings: settings, cancellationToken: TestContext.Current.CancellationToken);
        await FillAsync(first.Port, "ticks", 0, 1000);
        await using var harness = new ReaderHarness(Brokers.Source("redis", $"redis://127.0.0.1:{first.Port}/0", SourceKind.Stream, Brokers.Window("ticks", ("mode", "stream"), ("group", "ingest"))));
        await harness.CrashAsync(CrashPoint.BeforeAcknowledgement);
        await first.DisposeAsync();

        Assert.True((await harness.FailureAsync()).IsTransient);
        await using var second = await TestServer.StartAsync("redis", first.Port, folder.Path, settings, TestContext.Current.CancellationToken);
        await LoadedAsync(second.Port);
        await harness.RunAsync();
        await FillAsync(second.Port, "ticks", 1000, 10);
        await harness.RunAsync();

        harness.AssertExactly(Enumerable.Range(0, 1010), r => int.Parse(r.GetProperty("n").GetString()!));
    }

    static async Task LoadedAsync(int port)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port}");
        while (true)
        {
            try
            {
                await redis.GetDatabase().PingAsync();
                return;
            }
            catch (RedisServerException loading) when (loading.Message.StartsWith("LOADING", StringComparison.Ordinal))
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public async Task A_password_that_was_changed_is_refused_until_the_new_one_is_there()
    {
        await using var server = await TestServer.StartAsync("redis", settings: new Dictionary<string, string> { ["REDIS_ARGUMENTS"] = "--requirepass old-secret" }, cancellationToken: TestContext.Current.CancellationToken);
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port},password=old-secret");
        await redis.GetDatabase().StreamAddAsync("ticks", "n", 0);
        var source = Brokers.Source("redis", $"redis://127.0.0.1:{server.Port}/0", SourceKind.Stream, Brokers.Window("ticks", ("mode", "stream")), Brokers.Login("default"));
        await using var before = new ReaderHarness(source, settings: ("PASSWORD", "old-secret"));
        await before.RunAsync();
        await redis.GetDatabase().StreamAddAsync("ticks", "n", 1);
        await redis.GetDatabase().ExecuteAsync("ACL", "SETUSER", "default", "resetpass", ">new-secret");

        await using var stale = new ReaderHarness(source, settings: ("PASSWORD", "old-secret")); // without a connection that is open still
        var failure = await stale.FailureAsync();
        await using var after = new ReaderHarness(source, settings: ("PASSWORD", "new-secret")) { Cursor = before.Cursor };
        await after.RunAsync();

        Assert.Equal(("unauthorized", false), (failure.Code, failure.IsTransient));
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        after.AssertExactly([1], r => int.Parse(r.GetProperty("n").GetString()!));
    }

    [Fact]
    public async Task A_replica_without_its_primary_is_no_source_yet()
    {
        await using var server = await TestServer.StartAsync(
            "redis", settings: new Dictionary<string, string> { ["REDIS_ARGUMENTS"] = $"--replicaof 127.0.0.1 {TestServer.FreePort()}" }, cancellationToken: TestContext.Current.CancellationToken);
        await using var harness = new ReaderHarness(Brokers.Source("redis", $"redis://127.0.0.1:{server.Port}/0", SourceKind.Database, new()));

        var failure = await harness.FailureAsync();

        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
    }

    [Theory]
    [InlineData("LOADING Redis is loading the dataset in memory", "source-unavailable", true)]
    [InlineData("READONLY You can't write against a read only replica.", "source-unavailable", true)]
    [InlineData("OOM command not allowed when used memory > 'maxmemory'.", "source-unavailable", true)]
    [InlineData("CLUSTERDOWN The cluster is down", "source-unavailable", true)]
    [InlineData("MASTERDOWN Link with MASTER is down", "source-unavailable", true)]
    [InlineData("MISCONF Redis is configured to save RDB snapshots", "source-unavailable", true)]
    [InlineData("BUSY Redis is busy running a script", "source-unavailable", true)]
    [InlineData("ERR max number of clients reached", "source-unavailable", true)]
    [InlineData("NOGROUP No such key 'ticks' or consumer group 'ingest'", "not-found", false)]
    [InlineData("ERR unknown command", "protocol-error", false)]
    public void What_the_server_answers_decides_whether_a_retry_can_help(string reply, string code, bool transient)
    {
        var classified = RedisFailures.Classify(reply);

        Assert.Equal((code, transient), (classified.Code, classified.IsTransient));
    }

    static Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken) =>
        host == "nowhere.invalid" ? throw new SocketException((int)SocketError.HostNotFound) : Task.FromResult(new[] { IPAddress.Loopback });

    static async Task FillAsync(int port, string key, int from, int count)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port}");
        await Task.WhenAll(Enumerable.Range(from, count).Select(i => redis.GetDatabase().StreamAddAsync(key, [new("n", i), new("filler", new string('x', 50))])));
    }
}
