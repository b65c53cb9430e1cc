using System.Net;
using System.Net.Sockets;
using System.Text;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using MQTTnet;
using MQTTnet.Protocol;

namespace DataIngestion.Connect.Tests;

[Trait("Category", "server")]
public sealed class MqttTests(SharedServers servers)
{
    static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("v5", 1, 0), InlineData("v5", 1, 1), InlineData("v5", 1, 2)]
    [InlineData("v5", 2, 0), InlineData("v5", 2, 1), InlineData("v5", 2, 2)]
    [InlineData("v311", 1, 0), InlineData("v311", 1, 1), InlineData("v311", 1, 2)]
    public async Task A_session_is_read_exactly_once_wherever_a_run_is_killed(string version, int qos, int point)
    {
        var (port, topic) = await TopicAsync();
        await using var harness = Harness(port, topic, version, ("qos", $"{qos}"), ("receiveMaximum", "500"));
        await harness.RunAsync(); // makes the session
        var sent = 0;

        for (var round = 0; round < 3; round++)
        {
            await PublishAsync(port, topic, sent, 15, qos);
            sent += 15;
            await harness.CrashAsync((CrashPoint)point);
            await PublishAsync(port, topic, sent, 3, qos);
            sent += 3;
            await harness.RunAsync();
        }

        while ((await harness.RunAsync()).Count > 0)
        {
        }

        harness.AssertExactly(Enumerable.Range(0, sent), r => r.GetProperty("n").GetInt32());
    }

    [Theory, InlineData(1), InlineData(2)]
    public async Task A_window_of_many_messages_is_recognised_after_a_broken_connection(int qos)
    {
        var (port, topic) = await TopicAsync();
        await using var proxy = FaultProxy.Start(port);
        await using var harness = Harness(proxy.Port, topic, "v5", ("qos", $"{qos}"), ("receiveMaximum", "400"));
        await harness.RunAsync();
        await PublishAsync(port, topic, 0, 1000, qos);
        harness.Destination = body =>
        {
            _ = proxy.Cut(Flow.ToServer, 200, times: 1); // in the middle of the acknowledgements
            return body;
        };

        var first = await Record.ExceptionAsync(() => harness.RunAsync());
        harness.Destination = null;
        proxy.Pass();
        while ((await harness.RunAsync()).Count > 0)
        {
        }

        Assert.True(first is null or StepFailedException { Failure.IsTransient: true }, $"{first}");
        Assert.True(harness.Attempts > 2);
        harness.AssertExactly(Enumerable.Range(0, 1000), r => r.GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task A_broker_that_restarts_between_landing_and_acknowledgement_loses_and_repeats_nothing()
    {
        using var folder = new TemporaryFolder("mosquitto");
        var first = await TestServer.StartAsync("mosquitto", folder: folder.Path, cancellationToken: TestContext.Current.CancellationToken);
        await using var harness = Harness(first.Port, "ticks", "v5", ("receiveMaximum", "200"));
        await harness.RunAsync();
        await PublishAsync(first.Port, "ticks", 0, 300, 1);
        await harness.CrashAsync(CrashPoint.BeforeAcknowledgement);
        await first.DisposeAsync();

        Assert.True((await harness.FailureAsync()).IsTransient);
        await using var second = await TestServer.StartAsync("mosquitto", first.Port, folder.Path, cancellationToken: TestContext.Current.CancellationToken);
        while ((await harness.RunAsync()).Count > 0 || harness.Lines.Count < 300)
        {
        }

        harness.AssertExactly(Enumerable.Range(0, 300), r => r.GetProperty("n").GetInt32());
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Retained_messages_come_once_or_not_at_all(bool retained)
    {
        var (port, topic) = await TopicAsync();
        await PublishAsync(port, $"{topic}/a", 7, 1, 1, retain: true);
        await using var harness = Harness(port, $"{topic}/#", "v5", ("retained", retained ? "true" : "false"));

        await harness.RunAsync();
        await PublishAsync(port, $"{topic}/b", 8, 1, 1);
        await harness.RunAsync();

        Assert.Equal(retained ? ["7 True", "8 False"] : ["8 False"], harness.Records.Select(r => $"{r.GetProperty("n")} {r.GetProperty("_retain").GetBoolean()}"));
    }

    [Fact]
    public async Task A_shared_subscription_divides_messages_among_its_readers()
    {
        var (port, topic) = await TopicAsync();
        await using var one = Harness(port, $"$share/ingest/{topic}", "v5", ("clientId", $"one-{topic}"));
        await using var two = Harness(port, $"$share/ingest/{topic}", "v5", ("clientId", $"two-{topic}"));
        await one.RunAsync();
        await two.RunAsync();
        await PublishAsync(port, topic, 0, 20, 1);

        await one.RunAsync();
        await two.RunAsync();

        Assert.Equal(Enumerable.Range(0, 20), one.Records.Concat(two.Records).Select(r => r.GetProperty("n").GetInt32()).Order());
    }

    [Fact]
    public async Task What_the_publisher_says_is_kept()
    {
        var (port, topic) = await TopicAsync();
        await using var harness = Harness(port, topic, "v5", ("qos", "2"));
        await harness.RunAsync();
        await UseAsync(port, client => client.PublishAsync(new MqttApplicationMessageBuilder()
            .WithTopic(topic).WithPayload("EUR").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.ExactlyOnce)
            .WithContentType("text/plain").WithResponseTopic("answers").WithCorrelationData([1, 2]).WithUserProperty("venue", Encoding.UTF8.GetBytes("XETR")).WithUserProperty("venue", Encoding.UTF8.GetBytes("XFRA")).Build()));

        await harness.RunAsync();

        Assert.Equal(
            $$"""{"_topic":"{{topic}}","_qos":2,"_retain":false,"_content_type":"text/plain","_response_topic":"answers","_correlation_data":"AQI=","_properties":[{"name":"venue","value":"XETR"},{"name":"venue","value":"XFRA"}],"value":"EUR"}""",
            Assert.Single(harness.Lines));
    }

    [Fact]
    public async Task A_session_that_the_broker_lost_is_reported_as_a_gap()
    {
        var (port, topic) = await TopicAsync();
        await using var harness = Harness(port, topic, "v5");
        await harness.RunAsync();
        await PublishAsync(port, topic, 0, 1, 1);
        await harness.RunAsync();
        await UseAsync(port, _ => Task.CompletedTask, $"ingest-vendor-prices-{topic}"); // a clean session of the same name ends ours
        harness.Destination = body =>
        {
            PublishAsync(port, topic, 1, 1, 1).Wait(TestContext.Current.CancellationToken);
            return body;
        };

        var part = Assert.Single(await harness.RunAsync()).Part;

        Assert.Contains("no session", part.Headers["gap"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_client_of_the_same_id_ends_the_run()
    {
        var (port, topic) = await TopicAsync();
        var source = Source($"mqtt://127.0.0.1:{port}", topic, "v5", [("clientId", $"same-{topic}")]);
        await using var harness = new ReaderHarness(source with { Datasets = [source.Datasets[0] with { Read = source.Datasets[0].Read! with { Window = TimeSpan.FromSeconds(20) } }] });
        harness.Destination = body =>
        {
            UseAsync(port, _ => Task.CompletedTask, $"same-{topic}").Wait(TestContext.Current.CancellationToken);
            return body;
        };

        var failure = await harness.FailureAsync();

        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient)); // the client does not pass the broker's reason on
        Assert.Contains("same client id", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Topics_with_retained_messages_are_discovered()
    {
        var (port, topic) = await TopicAsync();
        await PublishAsync(port, $"{topic}/a", 1, 1, 1, retain: true);
        await using var harness = Harness(port, topic, "v5");

        Assert.Equal($"{topic}/a", Assert.Single(await harness.DiscoverAsync($"{topic}/*")).Name);
        Assert.StartsWith("MQTT broker", await harness.ProbeAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("refused", "source-unavailable", true, "connection failed")]
    [InlineData("no address", "source-unavailable", true, "has no address")]
    [InlineData("private", "address-refused", false, "allowPrivateNetwork")]
    [InlineData("wrong password", "unauthorized", false, "NotAuthorized")]
    [InlineData("no password", "unauthorized", false, "NotAuthorized")]
    [InlineData("silent from the start", "timeout", true, "did not answer")]
    [InlineData("not encrypted", "source-unavailable", true, "")]
    public async Task A_fault_is_reported(string fault, string code, bool transient, string said)
    {
        using var folder = new TemporaryFolder("mosquitto");
        File.WriteAllText(folder.File("acl"), "user reader\ntopic read open/#\n");
        var settings = $"allow_anonymous false\npassword_file {folder.File("passwords")}\nacl_file {folder.File("acl")}";
        await MakePasswordAsync(folder.File("passwords"), "reader", "planted-secret");
        await using var server = await TestServer.StartAsync("mosquitto", folder: folder.Path, settings: new Dictionary<string, string> { ["MOSQUITTO_SETTINGS"] = settings }, cancellationToken: TestContext.Current.CancellationToken);
        await using var proxy = FaultProxy.Start(server.Port);
        var (address, auth) = ($"mqtt://127.0.0.1:{proxy.Port}", (AuthenticationDefinition?)Brokers.Login("reader"));
        switch (fault)
        {
            case "refused":
                proxy.Refuse();
                break;
            case "no address":
                address = "mqtt://nowhere.invalid";
                break;
            case "wrong password":
                auth = Brokers.Login("other");
                break;
            case "no password":
                auth = null;
                break;
            case "silent from the start":
                _ = proxy.Stall(Flow.FromServer, 0);
                break;
            case "not encrypted":
                address = $"mqtts://127.0.0.1:{proxy.Port}";
                break;
            default:
                break;
        }

        await using var harness = new ReaderHarness(
            Source(address, "open/ticks", "v5", [], auth, allowPrivate: fault != "private"),
            Sources.Services(resolve: (host, _) => host == "nowhere.invalid" ? throw new SocketException((int)SocketError.HostNotFound) : Task.FromResult(new[] { IPAddress.Loopback }), settings: ("PASSWORD", "planted-secret")));

        var failure = await harness.FailureAsync();

        Assert.Equal((code, transient), (failure.Code, failure.IsTransient));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("planted-secret", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MqttClientConnectResultCode.ServerBusy, "source-unavailable", true)]
    [InlineData(MqttClientConnectResultCode.BadUserNameOrPassword, "unauthorized", false)]
    [InlineData(MqttClientConnectResultCode.ConnectionRateExceeded, "rate-limited", true)]
    [InlineData(MqttClientConnectResultCode.ClientIdentifierNotValid, "configuration-invalid", false)]
    [InlineData(MqttClientConnectResultCode.UnsupportedProtocolVersion, "configuration-invalid", false)]
    [InlineData(MqttClientConnectResultCode.Banned, "forbidden", false)]
    [InlineData(MqttClientConnectResultCode.ServerMoved, "source-changed", false)]
    public void What_the_broker_answers_decides_whether_a_retry_can_help(MqttClientConnectResultCode reason, string code, bool transient)
    {
        var classified = MqttFailures.Classify(reason);

        Assert.Equal((code, transient), (classified.Code, classified.IsTransient));
    }

    static SourceDefinition Source(string address, string topic, string version, (string Name, string Value)[] options, AuthenticationDefinition? auth = null, bool allowPrivate = true) =>
        Brokers.Source("mqtt", address, SourceKind.Stream, Brokers.Window(topic, options), auth, timeout: Short, allowPrivate: allowPrivate, options: ("version", version));

    static ReaderHarness Harness(int port, string topic, string version, params (string Name, string Value)[] options) =>
        new(Source($"mqtt://127.0.0.1:{port}", topic, version, options.Any(o => o.Name == "clientId") ? options : [("clientId", $"ingest-vendor-prices-{topic}"), .. options]));

    static async Task PublishAsync(int port, string topic, int from, int count, int qos, bool retain = false) => await UseAsync(port, async client =>
    {
        foreach (var i in Enumerable.Range(from, count))
        {
            await client.PublishAsync(new MqttApplicationMessageBuilder()
                .WithTopic(topic).WithPayload($$"""{"n":{{i}}}""").WithQualityOfServiceLevel((MqttQualityOfServiceLevel)qos).WithRetainFlag(retain).Build());
        }
    });

    static async Task UseAsync(int port, Func<IMqttClient, Task> work, string? clientId = null)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(new MqttClientOptionsBuilder()
            .WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500).WithTcpServer("127.0.0.1", port).WithClientId(clientId ?? $"{Guid.NewGuid():N}").WithCleanStart().Build());
        await work(client);
        await client.DisconnectAsync();
    }

    static async Task MakePasswordAsync(string file, string user, string password)
    {
        using var process = System.Diagnostics.Process.Start("mosquitto_passwd", ["-c", "-b", file, user, password]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, (UnixFileMode)0b110_100_100); // the broker runs as somebody else
    }

    async Task<(int Port, string Topic)> TopicAsync() => ((await servers.GetAsync("mosquitto")).Port, $"t{Guid.NewGuid():N}");
}
