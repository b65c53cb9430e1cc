using System.Text.Json;
using System.Text.Json.Nodes;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using Flow = DataIngestion.TestKit.Flow;

namespace DataIngestion.Connect.Tests;

public sealed class EventHubsTests
{
    static readonly (string Name, string Value)[] Settings = [("HUB_KEY", "planted-secret-key"), ("HUB_TOKEN", "planted-token")];

    [Fact]
    public async Task A_window_takes_what_is_there_and_the_next_one_what_came_since()
    {
        using var host = new EventHubsHost(partitions: 3);
        host.Send(500);
        await using var harness = Reader(host);

        // A connection that ends early ends its window, too: what is left is the next one's.
        await RunUntilEmptyAsync();
        host.Send(100);
        await RunUntilEmptyAsync();

        harness.AssertExactly(Enumerable.Range(0, host.Sent), NumberOf, ordered: false);
        Assert.Equal("0:200,1:200,2:200", harness.Cursor);
        Assert.Contains("amqp.annotation.x-opt-sequence-number > '166'", host.Filters);

        async Task RunUntilEmptyAsync()
        {
            for (var run = 0; (await harness.RunAsync()).Count > 0; run++)
                Assert.True(run < 5, "there is no end of it");
        }
    }

    [Fact]
    public async Task Windows_are_as_large_as_they_may_be_and_keep_the_order()
    {
        using var host = new EventHubsHost(partitions: 1);
        host.Send(250);
        await using var harness = Reader(host, windowRecords: 100, read: [("prefetch", "7")]);

        for (var i = 0; i < 3; i++)
            await harness.RunAsync();

        harness.AssertExactly(Enumerable.Range(0, 250), NumberOf);
        Assert.Equal([100, 100, 50], harness.Landed.Select(p => p.Part.Records!.Value));
    }

    [Fact]
    public async Task A_line_tells_all_of_an_event()
    {
        using var host = new EventHubsHost(partitions: 1);
        host.Add(0, new()
        {
            Properties = new() { MessageId = "m1", CorrelationId = "c1", ContentType = "application/json", Subject = "s" },
            ApplicationProperties = new() { ["count"] = 3, ["flag"] = true, ["text"] = "x" },
            BodySection = new Data { Binary = """{"price":1.50}"""u8.ToArray() },
        });
        host.Add(0, new() { BodySection = new AmqpValue { Value = "plain" } });
        host.Add(0, new() { BodySection = new AmqpValue { Value = new Map { ["a"] = 1L, ["b"] = new List { 1, "two" } } } });
        host.Add(0, new() { BodySection = new AmqpSequence { List = new List { 1, 2 } } });
        host.Add(0, new() { BodySection = new Data { Binary = [0xff, 0x00] } });
        await using var harness = Reader(host);

        await harness.RunAsync();

        Assert.Equal(
            """{"_hub":"prices","_partition":"0","_sequence":0,"_offset":"0","_time":"2026-03-02T12:00:00Z","_key":null,"_message_id":"m1","_correlation_id":"c1","_content_type":"application/json","_subject":"s","_properties":{"count":3,"flag":true,"text":"x"},"price":1.50}""",
            harness.Lines[0]);
        Assert.Equal("plain", harness.Records[1].GetProperty("value").GetString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"a":1,"b":[1,"two"]}"""), new JsonObject(JsonNode.Parse(harness.Lines[2])!.AsObject().Where(m => m.Key[0] != '_').Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone())))));
        Assert.Equal("[1,2]", harness.Records[3].GetProperty("value").GetRawText());
        Assert.Equal("/wA=", harness.Records[4].GetProperty("value_base64").GetString());
    }

    [Theory]
    [InlineData("latest", null, "", "amqp.annotation.x-opt-sequence-number > '9'")]
    [InlineData("timestamp", "2026-03-02T12:07:00Z", "7,8,9", "amqp.annotation.x-opt-enqueued-time > '1772453219999'")]
    [InlineData("earliest", null, "0,1,2,3,4,5,6,7,8,9", "amqp.annotation.x-opt-offset > '-1'")]
    public async Task Reading_begins_where_it_is_told(string start, string? time, string numbers, string filter)
    {
        using var host = new EventHubsHost(partitions: 1);
        host.Send(10);
        await using var harness = Reader(host, read: time is null ? [("startAt", start)] : [("startAt", start), ("startTime", time)]);

        await harness.RunAsync();

        Assert.Equal(numbers, string.Join(',', harness.Records.Select(NumberOf)));
        Assert.Equal([filter], host.Filters);
    }

    [Fact]
    public async Task A_window_in_the_past_takes_what_arrived_in_it()
    {
        using var host = new EventHubsHost(partitions: 1);
        host.Send(20);
        await using var harness = Reader(host, windowRecords: 1);
        var noon = new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

        await harness.RunAsync(new(noon.AddMinutes(5), noon.AddMinutes(12)));

        harness.AssertExactly(Enumerable.Range(5, 7), NumberOf);
        Assert.Null(harness.Cursor);
    }

    [Fact]
    public async Task A_partition_that_is_new_is_read_from_its_beginning()
    {
        using var host = new EventHubsHost(partitions: 2);
        host.Send(10);
        await using var harness = Reader(host, read: [("startAt", "latest")]);
        harness.Cursor = "0:5";

        await harness.RunAsync();

        Assert.Equal([1, 3, 5, 7, 9], harness.Records.Select(NumberOf));
    }

    [Fact]
    public async Task A_policy_signs_a_token_for_each_resource()
    {
        using var host = new EventHubsHost(partitions: 1);
        host.Send(1);
        await using var harness = Reader(host);

        await harness.RunAsync();

        Assert.Equal(["amqp://127.0.0.1/prices", "amqp://127.0.0.1/prices/ConsumerGroups/$Default/Partitions/0"], host.Tokens.Select(t => t.Resource));
        Assert.All(host.Tokens, t => Assert.StartsWith("SharedAccessSignature sr=amqp%3A%2F%2F127.0.0.1%2Fprices", t.Value));
        Assert.All(host.Tokens, t => Assert.EndsWith("&skn=reader", t.Value));
        Assert.All(host.Tokens, t => Assert.Equal("servicebus.windows.net:sastoken", t.Type));
    }

    [Fact]
    public async Task A_connection_string_and_a_bearer_token_are_taken_too()
    {
        using var host = new EventHubsHost(partitions: 1);
        host.Send(1);
        await using var byString = new ReaderHarness(
            Source(host, auth: null, connection: [("connectionString", "${HUB}")]),
            settings: ("HUB", "Endpoint=sb://127.0.0.1/;SharedAccessKeyName=listen;SharedAccessKey=planted-secret-key;EntityPath=prices"));
        await using var byToken = new ReaderHarness(Source(host, auth: new() { Kind = "bearer", Options = new Dictionary<string, string> { ["value"] = "${HUB_TOKEN}" } }), settings: Settings);

        await byString.RunAsync();
        await byToken.RunAsync();

        Assert.EndsWith("&skn=listen", host.Tokens[0].Value);
        Assert.Equal(("jwt", "planted-token"), (host.Tokens[^1].Type, host.Tokens[^1].Value));
        Assert.Single(byString.Lines);
        Assert.Single(byToken.Lines);
    }

    [Fact]
    public async Task Partitions_are_owned_at_the_level_that_is_told()
    {
        using var host = new EventHubsHost(partitions: 1);
        host.Send(1);
        await using var shared = Reader(host);
        await using var owner = Reader(host, read: [("ownerLevel", "7")]);

        await shared.RunAsync();
        await owner.RunAsync();

        Assert.Equal([null, 7L], host.Levels);
    }

    [Fact]
    public async Task Hubs_are_listed_and_probed()
    {
        using var host = new EventHubsHost(partitions: 2);
        host.Send(7);
        await using var harness = Reader(host);

        Assert.Equal(("prices", "event hub, partitions: 2", 7L), Assert.Single((await harness.DiscoverAsync()).Select(o => (o.Name, o.Kind, o.Size!.Value))));
        Assert.Equal("Event Hubs, event hub prices, partitions: 2", await harness.ProbeAsync());
    }

    [Theory, InlineData("good", true), InlineData("unknown issuer", false), InlineData("other host", false), InlineData("expired", false)]
    public async Task Certificates_are_checked(string cell, bool isRead)
    {
        using var certificates = new TestCertificates();
        using var certificate = cell switch
        {
            "other host" => certificates.Server("other.example"),
            "expired" => certificates.Server(until: DateTimeOffset.UnixEpoch.AddYears(51)),
            _ => certificates.Server(),
        };
        using var host = new EventHubsHost(partitions: 1, certificate);
        host.Send(3);
        var source = Source(host);
        if (cell != "unknown issuer")
            source = source with { Connection = source.Connection! with { Tls = new() { Ca = "${CA}" } } };
        await using var harness = new ReaderHarness(source, settings: [.. Settings, ("CA", certificates.AuthorityPem)]);

        if (isRead)
        {
            await harness.RunAsync();
            harness.AssertExactly(Enumerable.Range(0, 3), NumberOf);
        }
        else
        {
            var failure = await harness.FailureAsync();
            Assert.Equal(("certificate-refused", false), (failure.Code, failure.IsTransient));
        }
    }

    [Theory]
    [InlineData("refused", "source-unavailable", true)]
    [InlineData("private", "address-refused", false)]
    [InlineData("missing hub", "not-found", false)]
    [InlineData("wrong key", "unauthorized", false)]
    [InlineData("wrong host in string", "configuration-invalid", false)]
    [InlineData("no group", "not-found", false)]
    [InlineData("busy", "rate-limited", true)]
    [InlineData("owned", "source-taken", false)]
    [InlineData("silent", "timeout", true)]
    [InlineData("lost", "source-changed", false)]
    [InlineData("made anew", "source-changed", false)]
    [InlineData("bad cursor", "cursor-invalid", false)]
    public async Task What_keeps_it_from_beginning(string cell, string code, bool isTransient)
    {
        using var host = new EventHubsHost(partitions: 1);
        host.Send(10);
        await using var proxy = FaultProxy.Start(host.Port);
        if (cell == "silent")
            _ = proxy.Stall(Flow.FromServer, 0);
        if (cell == "lost")
            host.First = 5;
        if (cell == "wrong key")
            host.IsGood = _ => false;
        host.Refuses = cell switch { "no group" => "amqp:not-found", "busy" => "com.microsoft:server-busy", "owned" => "amqp:link:stolen", _ => null };
        await using var harness = new ReaderHarness(
            cell switch
            {
                "refused" => Source(host, port: TestServer.FreePort()),
                "private" => Source(host, allowPrivate: false),
                "missing hub" => Source(host, hub: "nothing"),
                "wrong host in string" => Source(host, auth: null, connection: [("connectionString", "${HUB}")]),
                "silent" => Source(host, port: proxy.Port, timeout: TimeSpan.FromMilliseconds(500)),
                _ => Source(host),
            },
            settings: [.. Settings, ("HUB", "Endpoint=sb://elsewhere.example/;SharedAccessKeyName=listen;SharedAccessKey=planted-secret-key")]);
        harness.Cursor = cell switch { "lost" => "0:2", "made anew" => "0:500", "bad cursor" => "x", _ => null };

        var failure = await harness.FailureAsync();

        Assert.Equal((code, isTransient), (failure.Code, failure.IsTransient));
        Assert.DoesNotContain("planted", failure.Message);
        Assert.Empty(harness.Landed);
    }

    [Theory]
    [InlineData("amqp:link:detach-forced"), InlineData("com.microsoft:server-busy"), InlineData("amqp:internal-error"), InlineData("cut"), InlineData("reset"), InlineData("stolen")]
    public async Task It_breaks_while_reading(string cell)
    {
        using var host = new EventHubsHost(partitions: 2);
        host.Send(400);
        await using var proxy = FaultProxy.Start(host.Port);
        if (cell == "cut")
            host.CutsAfter = 50;
        else if (cell == "reset")
            _ = proxy.Reset(Flow.FromServer, 12_000, times: 1);
        else
            host.Ends = (cell == "stolen" ? "amqp:link:stolen" : cell, 50);
        await using var harness = new ReaderHarness(Source(host, port: proxy.Port, attempts: 4), settings: Settings);

        // How much comes before a break depends on the machine; nothing is lost however many windows it takes.
        for (var i = 0; i < 12; i++)
            await harness.RunAsync();

        harness.AssertExactly(Enumerable.Range(0, 400), NumberOf, ordered: false);
    }

    [Theory, InlineData(nameof(CrashPoint.BeforeLanding)), InlineData(nameof(CrashPoint.BeforeAcknowledgement)), InlineData(nameof(CrashPoint.AfterAcknowledgement))]
    public async Task A_run_is_killed(string point)
    {
        using var host = new EventHubsHost();
        host.Send(100);
        await using var harness = Reader(host);

        await harness.CrashAsync(Enum.Parse<CrashPoint>(point));
        host.Send(100);
        await harness.RunAsync();
        await harness.RunAsync();

        harness.AssertExactly(Enumerable.Range(0, 200), NumberOf, ordered: false);
    }

    [Fact]
    public async Task What_is_lost_is_noted_where_reading_goes_on()
    {
        using var host = new EventHubsHost(partitions: 1) { First = 5 };
        host.Send(10);
        await using var harness = Reader(host, read: [("onLoss", "continue")]);
        harness.Cursor = "0:2";

        await harness.RunAsync();

        harness.AssertExactly(Enumerable.Range(5, 5), NumberOf);
        Assert.Equal("partition 0: sequence numbers 2 to 4", harness.Landed[0].Part.Headers["lost"]);
    }

    [Fact]
    public async Task A_window_can_be_cancelled()
    {
        using var host = new EventHubsHost();
        await using var harness = Reader(host, read: [("stopAtEnd", "false")]);
        using var stop = new CancellationTokenSource();

        var running = harness.RunAsync(cancellationToken: stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    static int NumberOf(JsonElement line) => line.GetProperty("n").GetInt32();

    static ReaderHarness Reader(EventHubsHost host, long windowRecords = 100_000, (string, string)[]? read = null) => new(Source(host, windowRecords, read), settings: Settings);

    static SourceDefinition Source(EventHubsHost host, long windowRecords = 100_000, (string, string)[]? read = null, int? port = null, string hub = EventHubsHost.Hub, bool allowPrivate = true, TimeSpan? timeout = null, int attempts = 1) =>
        Source(host, new() { Kind = "basic", Options = new Dictionary<string, string> { ["user"] = "reader", ["value"] = "${HUB_KEY}" } }, [], windowRecords, read, port, hub, allowPrivate, timeout, attempts);

    static SourceDefinition Source(
        EventHubsHost host, AuthenticationDefinition? auth, (string Name, string Value)[]? connection = null, long windowRecords = 100_000, (string, string)[]? read = null, int? port = null,
        string hub = EventHubsHost.Hub, bool allowPrivate = true, TimeSpan? timeout = null, int attempts = 1) => new()
        {
            Source = "vendor",
            Kind = SourceKind.Stream,
            Connection = new()
            {
                System = "event-hubs",
                BaseUrl = $"{host.Scheme}://127.0.0.1:{port ?? host.Port}",
                AllowPrivateNetwork = allowPrivate,
                Auth = auth,
                Limits = Sources.Quick with { Attempts = attempts, AttemptTimeout = timeout ?? TimeSpan.FromSeconds(20) },
                Options = (connection ?? []).ToDictionary(o => o.Name, o => o.Value),
            },
            Datasets =
            [
                new()
                {
                    Dataset = "prices",
                    Read = new()
                    {
                        Object = hub,
                        Window = TimeSpan.FromMinutes(2),
                        WindowRecords = windowRecords,
                        Options = (read ?? []).Prepend(("stopAtEnd", "true")).GroupBy(o => o.Item1).ToDictionary(o => o.Key, o => o.Last().Item2),
                    },
                },
            ],
        };
}
