using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using RabbitMQ.Client;

namespace DataIngestion.Connect.Tests;

[Trait("Category", "server")]
public sealed class RabbitMqFaultTests(SharedServers servers)
{
    const int Messages = 2000;
    static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("refused", "source-unavailable", true, "connection failed")]
    [InlineData("no address", "source-unavailable", true, "has no address")]
    [InlineData("private", "address-refused", false, "allowPrivateNetwork")]
    [InlineData("wrong password", "unauthorized", false, "log-in was refused")]
    [InlineData("no queue", "not-found", false, "no queue 'missing'")]
    [InlineData("no virtual host", "not-found", false, "vhost nowhere not found")]
    [InlineData("exclusive to another", "source-unavailable", true, "exclusive")]
    [InlineData("silent from the start", "timeout", true, "did not answer")]
    [InlineData("not encrypted", "certificate-refused", false, "handshake")]
    public async Task A_fault_is_reported(string fault, string code, bool transient, string said)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var server = await servers.GetAsync("rabbitmq");
        await using var proxy = FaultProxy.Start(server.Port);
        var queue = await TestQueue.DeclareAsync(server.Port, $"q-{Guid.NewGuid():N}", "classic");
        var (address, auth, target) = ($"amqp://127.0.0.1:{proxy.Port}", Brokers.Login("guest"), queue.Name);
        await using var other = await new ConnectionFactory { HostName = "127.0.0.1", Port = server.Port }.CreateConnectionAsync(cancellationToken);
        await using var channel = await other.CreateChannelAsync(cancellationToken: cancellationToken);
        switch (fault)
        {
            case "refused":
                proxy.Refuse();
                break;
            case "no address":
                address = "amqp://nowhere.invalid";
                break;
            case "wrong password":
                auth = Brokers.Login("nobody");
                break;
            case "no queue":
                target = "missing";
                break;
            case "no virtual host":
                address += "/nowhere";
                break;
            case "exclusive to another":
                await channel.BasicConsumeAsync(queue.Name, autoAck: false, "", noLocal: false, exclusive: true, arguments: null, new AsyncDefaultBasicConsumer(channel), cancellationToken);
                break;
            case "silent from the start":
                _ = proxy.Stall(Flow.FromServer, 0);
                break;
            case "not encrypted":
                address = $"amqps://127.0.0.1:{proxy.Port}";
                break;
            default:
                break;
        }

        await using var harness = new ReaderHarness(
            Brokers.Source("rabbitmq", address, SourceKind.Stream, Brokers.Window(target), auth, timeout: Short, allowPrivate: fault != "private"),
            Sources.Services(resolve: Resolve, settings: ("PASSWORD", fault == "wrong password" ? "planted-secret" : "guest")));

        var failure = await harness.FailureAsync();

        Assert.Equal((code, transient), (failure.Code, failure.IsTransient));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("planted-secret", failure.Message, StringComparison.Ordinal);
        Assert.Empty(harness.Landed);
    }

    [Theory, InlineData("reset"), InlineData("cut")]
    public async Task A_connection_that_breaks_in_the_middle_of_a_window_loses_and_repeats_nothing(string fault)
    {
        var (proxy, queue, harness) = await BehindProxyAsync();
        await using var _ = proxy;
        await using var __ = harness;
        const int within = 60_000;
        var struck = fault == "reset" ? proxy.Reset(Flow.FromServer, within, times: 1) : proxy.Cut(Flow.FromServer, within, times: 1);

        var failure = await harness.FailureAsync();
        await struck;
        await harness.RunAsync();
        await harness.RunAsync();

        Assert.True(failure.IsTransient);
        harness.AssertExactly(Enumerable.Range(0, Messages), r => r.GetProperty("n").GetInt32());
        Assert.Equal(0u, await queue.ReadyAsync());
    }

    [Fact]
    public async Task A_connection_that_falls_silent_before_the_acknowledgement_is_noticed()
    {
        var (proxy, queue, harness) = await BehindProxyAsync();
        await using var _ = proxy;
        await using var __ = harness;
        harness.Destination = body => new StallBefore(body, () => proxy.Stall(Flow.ToServer, 0, times: 1));

        var failure = await harness.FailureAsync();
        harness.Destination = null;
        proxy.Pass();
        proxy.ResetAll();
        await harness.RunAsync();
        await harness.RunAsync();

        Assert.True(failure.IsTransient);
        harness.AssertExactly(Enumerable.Range(0, Messages), r => r.GetProperty("n").GetInt32());
        Assert.Equal(0u, await queue.ReadyAsync());
    }

    [Fact]
    public async Task A_queue_that_is_deleted_while_it_is_consumed_is_reported()
    {
        var server = await servers.GetAsync("rabbitmq");
        var queue = await TestQueue.DeclareAsync(server.Port, $"q-{Guid.NewGuid():N}", "classic");
        await queue.PublishAsync(0, 1);
        await using var harness = new ReaderHarness(Brokers.Source("rabbitmq", $"amqp://127.0.0.1:{server.Port}", SourceKind.Stream, Brokers.Window(queue.Name) with { Window = TimeSpan.FromSeconds(20) }));
        var deleted = Task.CompletedTask;
        harness.Destination = body =>
        {
            deleted = Task.Run(() => queue.UseAsync(async channel =>
            {
                while (await channel.ConsumerCountAsync(queue.Name) == 0)
                    await Task.Yield();
                return await channel.QueueDeleteAsync(queue.Name, ifUnused: false, ifEmpty: false);
            }));
            return body;
        };

        var failure = await harness.FailureAsync();
        await deleted;
        harness.Destination = null;
        var next = await harness.FailureAsync();

        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
        Assert.Contains("cancelled the consumer", failure.Message, StringComparison.Ordinal);
        Assert.Equal(("not-found", false), (next.Code, next.IsTransient));
        Assert.Empty(harness.Landed);
    }

    [Fact]
    public async Task A_broker_that_restarts_between_landing_and_acknowledgement_with_an_alarm_loses_and_repeats_nothing()
    {
        using var folder = new TemporaryFolder("rabbitmq");
        var first = await TestServer.StartAsync("rabbitmq", folder: folder.Path, cancellationToken: TestContext.Current.CancellationToken);
        var classic = await TestQueue.DeclareAsync(first.Port, "classic", "classic");
        var quorum = await TestQueue.DeclareAsync(first.Port, "quorum", "quorum");
        var stream = await TestQueue.DeclareAsync(first.Port, "stream", "stream");
        var harnesses = new List<ReaderHarness>();
        foreach (var queue in (TestQueue[])[classic, quorum, stream])
        {
            await queue.PublishAsync(0, 1000);
            var mode = queue == stream ? "stream" : "queue";
            harnesses.Add(new(Brokers.Source("rabbitmq", $"amqp://127.0.0.1:{first.Port}", SourceKind.Stream, Brokers.Window(queue.Name, ("mode", mode)) with { WindowRecords = 600 }) with { Source = queue.Name }));
            await harnesses[^1].CrashAsync(CrashPoint.BeforeAcknowledgement);
        }

        await first.DisposeAsync();
        foreach (var harness in harnesses)
            Assert.True((await harness.FailureAsync()).IsTransient);

        // Publishers are blocked from its start; who reads is not.
        await using var second = await TestServer.StartAsync(
            "rabbitmq", first.Port, folder.Path, new Dictionary<string, string> { ["RABBITMQ_SETTINGS"] = "vm_memory_high_watermark.absolute = 10MB" }, TestContext.Current.CancellationToken);
        foreach (var harness in harnesses)
        {
            await harness.RunAsync();
            await harness.RunAsync();
            harness.AssertExactly(Enumerable.Range(0, 1000), r => r.GetProperty("n").GetInt32());
            await harness.DisposeAsync();
        }
    }

    [Theory, InlineData("reader", "forbidden"), InlineData("stranger", "forbidden")]
    public async Task A_user_without_rights_is_refused(string user, string code)
    {
        using var folder = new TemporaryFolder("rabbitmq");
        File.WriteAllText(folder.File("definitions.json"), Definitions("planted-secret"));
        await using var server = await TestServer.StartAsync(
            "rabbitmq", folder: folder.Path, settings: new Dictionary<string, string> { ["RABBITMQ_SETTINGS"] = $"load_definitions = {folder.File("definitions.json")}" }, cancellationToken: TestContext.Current.CancellationToken);
        await using var harness = new ReaderHarness(
            Brokers.Source("rabbitmq", $"amqp://127.0.0.1:{server.Port}", SourceKind.Stream, Brokers.Window("ticks"), Brokers.Login(user)), settings: ("PASSWORD", "planted-secret"));

        var failure = await harness.FailureAsync();

        Assert.Equal((code, false), (failure.Code, failure.IsTransient));
        Assert.DoesNotContain("planted-secret", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, "NOT_FOUND - no queue 'q' in vhost '/'", "not-found", false)]
    [InlineData(403, "ACCESS_REFUSED - access to queue 'q' in vhost '/' refused for user 'u'", "forbidden", false)]
    [InlineData(405, "RESOURCE_LOCKED - cannot obtain exclusive access to locked queue", "source-unavailable", true)]
    [InlineData(406, "PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used: 1800000 ms", "source-unavailable", true)]
    [InlineData(406, "PRECONDITION_FAILED - unknown delivery tag 7", "configuration-invalid", false)]
    [InlineData(320, "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'", "source-unavailable", true)]
    [InlineData(541, "INTERNAL_ERROR", "source-unavailable", true)]
    [InlineData(506, "RESOURCE_ERROR", "source-unavailable", true)]
    [InlineData(530, "NOT_ALLOWED - access to vhost '/' refused for user 'u'", "forbidden", false)]
    [InlineData(530, "NOT_ALLOWED - connection limit (100) is reached", "source-unavailable", true)]
    [InlineData(504, "CHANNEL_ERROR - expected 'channel.open'", "protocol-error", false)]
    public void What_the_broker_answers_decides_whether_a_retry_can_help(int replyCode, string text, string code, bool transient)
    {
        var classified = RabbitMqFailures.Classify(replyCode, text);

        Assert.Equal((code, transient), (classified.Code, classified.IsTransient));
    }

    static Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken) =>
        host == "nowhere.invalid" ? throw new SocketException((int)SocketError.HostNotFound) : Task.FromResult(new[] { IPAddress.Loopback });

    // A reader may come in and not read; a stranger may not even come in.
    static string Definitions(string password)
    {
        byte[] salt = [1, 2, 3, 4];
        var hash = Convert.ToBase64String([.. salt, .. SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(password)])]);
        string User(string name) => $$"""{"name":"{{name}}","password_hash":"{{hash}}","hashing_algorithm":"rabbit_password_hashing_sha256","tags":""}""";
        return $$$"""
            {"users":[{{{User("reader")}}},{{{User("stranger")}}}],"vhosts":[{"name":"/"}],
             "permissions":[{"user":"reader","vhost":"/","configure":"^$","write":"^$","read":"^$"}],
             "queues":[{"name":"ticks","vhost":"/","durable":true,"auto_delete":false,"arguments":{}}]}
            """;
    }

    async Task<(FaultProxy Proxy, TestQueue Queue, ReaderHarness Harness)> BehindProxyAsync()
    {
        var server = await servers.GetAsync("rabbitmq");
        var proxy = FaultProxy.Start(server.Port);
        var queue = await TestQueue.DeclareAsync(server.Port, $"q-{Guid.NewGuid():N}", "quorum");
        await queue.PublishAsync(0, Messages);
        var source = Brokers.Source("rabbitmq", $"amqp://127.0.0.1:{proxy.Port}", SourceKind.Stream, Brokers.Window(queue.Name), timeout: Short, options: ("heartbeat", "1s"));
        return (proxy, queue, new(source));
    }

    /// <summary>Does something before the first byte is written.</summary>
    sealed class StallBefore(Stream inner, Func<Task> act) : Stream
    {
        bool _done;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_done)
                _ = act();
            _done = true;
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
