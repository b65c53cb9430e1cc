using Confluent.Kafka;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests;

/// <summary>What goes wrong with Kafka: what is tried again, what is landed, what is said; nothing lost, nothing twice.</summary>
public sealed class KafkaFaultTests
{
    [Theory]
    [InlineData("refused", "source-unavailable", true, "Connection refused")]
    [InlineData("no such host", "source-unavailable", true, "nowhere.invalid")]
    [InlineData("private", "address-refused", false, "allowPrivateNetwork")]
    [InlineData("missing topic", "not-found", false, "'nothing'")]
    [InlineData("plain credentials", "configuration-invalid", false, "kafkas://")]
    [InlineData("no SASL there", "unauthorized", false, "sasl")]
    [InlineData("no TLS there", "source-unavailable", true, "")]
    [InlineData("silent", "timeout", true, "")]
    [InlineData("bad cursor", "cursor-invalid", false, "'x'")]
    public async Task What_keeps_it_from_beginning(string cell, string code, bool isTransient, string said)
    {
        using var stage = new KafkaStage(partitions: 1);
        await stage.SendAsync(10);
        await using var proxy = FaultProxy.Start(stage.Cluster.PortOf(1));
        if (cell == "silent")
            _ = proxy.Stall(Flow.FromServer, 0);
        var login = new AuthenticationDefinition { Kind = "basic", Options = new Dictionary<string, string> { ["user"] = "reader", ["value"] = "${KAFKA_PASSWORD}" } };
        var source = cell switch
        {
            "refused" => stage.Source(address: $"kafka://127.0.0.1:{TestServer.FreePort()}"),
            "no such host" => stage.Source(address: "kafka://nowhere.invalid:9092"),
            "private" => stage.Source(allowPrivate: false),
            "missing topic" => stage.Source(topic: "nothing"),
            "plain credentials" => stage.Source(auth: login, connection: [("sasl", "plain")]),
            "no SASL there" => stage.Source(auth: login, timeout: TimeSpan.FromSeconds(2)),
            "no TLS there" => stage.Source(address: $"kafkas://localhost:{stage.Cluster.PortOf(1)}", timeout: TimeSpan.FromSeconds(2)),
            "silent" => stage.Source(address: $"kafka://127.0.0.1:{proxy.Port}", timeout: TimeSpan.FromSeconds(2)),
            _ => stage.Source(),
        };
        await using var services = Sources.Services(settings: ("KAFKA_PASSWORD", "planted-secret"));
        await using var harness = new ReaderHarness(source, services) { Cursor = cell == "bad cursor" ? "x" : null };

        var failure = await harness.FailureAsync();

        Assert.True((code, isTransient) == (failure.Code, failure.IsTransient), $"{failure.Code}: {failure.Message}");
        Assert.Contains(said, failure.Message);
        Assert.DoesNotContain("planted-secret", failure.Message);
        Assert.Empty(harness.Landed);
    }

    [Theory, InlineData("169.254.169.254", "address-refused"), InlineData("nowhere.invalid", "source-unavailable")]
    public async Task Brokers_that_the_cluster_leads_to_are_checked(string host, string code)
    {
        using var stage = new KafkaStage(brokers: 2, partitions: 1);
        stage.Cluster.Advertise(2, host, 9092);
        await using var harness = new ReaderHarness(stage.Source());

        var failure = await harness.FailureAsync();

        Assert.Equal(code, failure.Code);
        Assert.Contains(host, failure.Message);
    }

    [Theory]
    [InlineData(ErrorCode.TopicAuthorizationFailed, "forbidden", false)]
    [InlineData(ErrorCode.UnknownTopicOrPart, "not-found", false)]
    [InlineData(ErrorCode.TopicException, "configuration-invalid", false)]
    public async Task What_the_broker_says_of_the_topic(ErrorCode error, string code, bool isTransient)
    {
        using var stage = new KafkaStage(partitions: 1);
        stage.Cluster.FailTopic(KafkaStage.Topic, error);
        await using var harness = new ReaderHarness(stage.Source());

        var failure = await harness.FailureAsync();

        Assert.Equal((code, isTransient), (failure.Code, failure.IsTransient));
        Assert.Contains("'prices'", failure.Message);
    }

    [Theory]
    [InlineData(ErrorCode.NotLeaderForPartition), InlineData(ErrorCode.LeaderNotAvailable), InlineData(ErrorCode.KafkaStorageError)]
    [InlineData(ErrorCode.ReplicaNotAvailable), InlineData(ErrorCode.OffsetNotAvailable)]
    public async Task What_librdkafka_mends_while_reading(ErrorCode error)
    {
        using var stage = new KafkaStage(brokers: 1, partitions: 2);
        await stage.SendAsync(500);
        stage.Cluster.FailNext(MockKafka.Fetch, error, error, error);
        await using var harness = new ReaderHarness(stage.Source());

        await harness.RunAsync();

        harness.AssertExactly(stage.Numbers, KafkaStage.NumberOf, ordered: false);
    }

    [Theory, InlineData(ErrorCode.RequestTimedOut, "timeout"), InlineData(ErrorCode.Unknown, "source-unavailable")]
    public async Task What_another_attempt_mends(ErrorCode error, string code)
    {
        using var stage = new KafkaStage(partitions: 1);
        await stage.SendAsync(500);
        stage.Cluster.FailNext(MockKafka.Fetch, error);
        await using var harness = new ReaderHarness(stage.Source());

        var failure = await harness.FailureAsync();
        await harness.RunAsync();

        Assert.Equal((code, true), (failure.Code, failure.IsTransient));
        harness.AssertExactly(stage.Numbers, KafkaStage.NumberOf);
    }

    [Fact]
    public async Task The_leader_changes_while_reading()
    {
        using var stage = new KafkaStage(brokers: 3, partitions: 1);
        await stage.SendAsync(20_000);
        await using var harness = new ReaderHarness(stage.Source());
        var moved = false;
        harness.Destination = landing => new NotingStream(landing, () =>
        {
            if (!moved)
                stage.Cluster.Lead(KafkaStage.Topic, 0, 2);
            moved = true;
        });

        await harness.RunAsync();
        await harness.RunAsync();

        Assert.True(moved);
        harness.AssertExactly(stage.Numbers, KafkaStage.NumberOf);
    }

    [Fact]
    public async Task A_broker_stops_and_comes_back_while_reading()
    {
        using var stage = new KafkaStage(brokers: 2, partitions: 4);
        await stage.SendAsync(40_000);
        await using var harness = new ReaderHarness(stage.Source());
        var writes = 0;
        harness.Destination = landing => new NotingStream(landing, () =>
        {
            if (++writes == 1)
                stage.Cluster.Stop(2);
            if (writes == 2)
                stage.Cluster.Start(2);
        });

        await harness.RunAsync();
        for (var i = 0; i < 3; i++)
            await harness.RunAsync();

        Assert.True(writes >= 2);
        harness.AssertExactly(stage.Numbers, KafkaStage.NumberOf, ordered: false);
    }

    [Fact]
    public async Task Every_broker_stops_after_something_was_read()
    {
        using var stage = new KafkaStage(partitions: 1);
        await stage.SendAsync(10);
        await using var harness = new ReaderHarness(stage.Source([("stopAtEnd", "false")]));

        // what was read before is a part
        var running = harness.RunAsync();
        await stage.FetchedAsync();
        stage.Cluster.Stop(1);
        await running;
        harness.AssertExactly(stage.Numbers, KafkaStage.NumberOf);

        var failure = await harness.FailureAsync();
        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));

        stage.Cluster.Start(1);
        await stage.SendAsync(5);
        await using var again = new ReaderHarness(stage.Source()) { Cursor = harness.Cursor };
        await again.RunAsync();
        again.AssertExactly(stage.Numbers.Skip(10), KafkaStage.NumberOf);
    }

    [Theory, InlineData(Flow.FromServer), InlineData(Flow.ToServer)]
    public async Task Connections_are_reset_while_reading(Flow flow)
    {
        using var stage = new KafkaStage(partitions: 1);
        await stage.SendAsync(30_000);
        await using var proxy = FaultProxy.Start(stage.Cluster.PortOf(1));
        stage.Cluster.Advertise(1, "127.0.0.1", proxy.Port);
        _ = proxy.Reset(flow, flow is Flow.FromServer ? 300_000 : 600, times: 2);
        await using var harness = new ReaderHarness(stage.Source(address: $"kafka://127.0.0.1:{proxy.Port}", attempts: 5));

        for (var i = 0; i < 4; i++)
            await harness.RunAsync();

        harness.AssertExactly(stage.Numbers, KafkaStage.NumberOf);
    }

    [Fact]
    public async Task A_slow_broker_is_waited_for()
    {
        using var stage = new KafkaStage(partitions: 2);
        await stage.SendAsync(100);
        stage.Cluster.Delay(1, 300);
        await using var harness = new ReaderHarness(stage.Source());

        await harness.RunAsync();

        harness.AssertExactly(stage.Numbers, KafkaStage.NumberOf, ordered: false);
    }

    [Fact]
    public async Task Retention_has_passed_the_position()
    {
        using var stage = new KafkaStage(partitions: 1);
        await stage.SendAsync(10);
        stage.Cluster.DeleteRecords(KafkaStage.Topic, 0, before: 6);
        await using var strict = new ReaderHarness(stage.Source()) { Cursor = "0:2" };
        await using var lenient = new ReaderHarness(stage.Source([("onLoss", "continue")])) { Cursor = "0:2" };

        var failure = await strict.FailureAsync();
        await lenient.RunAsync();

        Assert.Equal(("source-changed", false), (failure.Code, failure.IsTransient));
        Assert.Contains("partition 0: offsets 2 to 5", failure.Message);
        Assert.Equal([6, 7, 8, 9], lenient.Records.Select(KafkaStage.NumberOf));
        Assert.Equal("partition 0: offsets 2 to 5", lenient.Landed[0].Part.Headers["lost"]);
    }

    [Fact]
    public async Task A_topic_was_made_anew()
    {
        using var stage = new KafkaStage(partitions: 1);
        await stage.SendAsync(10);
        await using var harness = new ReaderHarness(stage.Source()) { Cursor = "0:5000" };

        var failure = await harness.FailureAsync();

        Assert.Equal(("source-changed", false), (failure.Code, failure.IsTransient));
        Assert.Contains("made anew", failure.Message);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Messages_are_deleted_while_reading(bool goesOn)
    {
        using var stage = new KafkaStage(partitions: 1);
        await stage.SendAsync(10);
        stage.Cluster.FailNext(MockKafka.Fetch, ErrorCode.OffsetOutOfRange);
        await using var harness = new ReaderHarness(stage.Source(goesOn ? [("onLoss", "continue")] : []));

        if (goesOn)
        {
            await harness.RunAsync();
            harness.AssertExactly(stage.Numbers, KafkaStage.NumberOf);
            Assert.Contains("partition 0", harness.Landed[0].Part.Headers["lost"]);
        }
        else
        {
            Assert.Equal("source-changed", (await harness.FailureAsync()).Code);
        }
    }

    [Theory, InlineData(nameof(CrashPoint.BeforeLanding)), InlineData(nameof(CrashPoint.BeforeAcknowledgement)), InlineData(nameof(CrashPoint.AfterAcknowledgement))]
    public async Task A_run_is_killed(string point)
    {
        using var stage = new KafkaStage();
        await stage.SendAsync(100);
        await using var harness = new ReaderHarness(stage.Source([("group", "watched")]));

        await harness.CrashAsync(Enum.Parse<CrashPoint>(point));
        await stage.SendAsync(100);
        await harness.RunAsync();
        await harness.RunAsync();

        harness.AssertExactly(stage.Numbers, KafkaStage.NumberOf, ordered: false);
        Assert.Equal(stage.Sent, stage.Committed("watched").Sum());
    }

    [Theory, InlineData(nameof(CrashPoint.BeforeLanding)), InlineData(nameof(CrashPoint.BeforeAcknowledgement)), InlineData(nameof(CrashPoint.AfterAcknowledgement))]
    public async Task A_member_of_a_group_is_killed(string point)
    {
        using var stage = new KafkaStage();
        await stage.SendAsync(100);
        await using var harness = new ReaderHarness(stage.Source([("group", "shared"), ("membership", "subscribe"), ("sessionTimeout", "6s")]));

        await harness.CrashAsync(Enum.Parse<CrashPoint>(point));
        await stage.SendAsync(100);
        await harness.RunAsync();
        await harness.RunAsync();

        harness.AssertExactly(stage.Numbers, KafkaStage.NumberOf, ordered: false);
        Assert.Equal(stage.Sent, stage.Committed("shared").Sum());
    }

    [Theory]
    [InlineData(MockKafka.FindCoordinator, ErrorCode.GroupCoordinatorNotAvailable)]
    [InlineData(MockKafka.Heartbeat, ErrorCode.RebalanceInProgress)]
    [InlineData(MockKafka.OffsetCommit, ErrorCode.GroupLoadInProgress)]
    public async Task The_coordinator_has_trouble(short request, ErrorCode error)
    {
        using var stage = new KafkaStage();
        await stage.SendAsync(50);
        stage.Cluster.FailNext(request, error);
        await using var harness = new ReaderHarness(stage.Source([("group", "shared"), ("membership", "subscribe"), ("sessionTimeout", "6s")]));

        await harness.RunAsync();
        await harness.RunAsync();

        harness.AssertExactly(stage.Numbers, KafkaStage.NumberOf, ordered: false);
    }

    [Fact]
    public async Task A_group_that_may_not_be_used_is_reported()
    {
        using var stage = new KafkaStage();
        await stage.SendAsync(5);
        stage.Cluster.FailNext(MockKafka.OffsetCommit, ErrorCode.GroupAuthorizationFailed);
        await using var harness = new ReaderHarness(stage.Source([("group", "theirs")]));

        var failure = await harness.FailureAsync();

        Assert.Equal(("forbidden", false), (failure.Code, failure.IsTransient));
        Assert.Contains("'theirs'", failure.Message);
    }

    [Fact]
    public async Task A_second_member_takes_over_only_what_the_first_has_landed()
    {
        using var stage = new KafkaStage(partitions: 4);
        await stage.SendAsync(400);
        var first = stage.Source([("group", "shared"), ("membership", "subscribe"), ("sessionTimeout", "6s"), ("stopAtEnd", "false")]);
        await using var one = new ReaderHarness(first);
        await using var two = new ReaderHarness(stage.Source([("group", "shared"), ("membership", "subscribe"), ("sessionTimeout", "6s")]));

        var reading = one.RunAsync(); // would go on for two minutes, but the second member's coming ends it
        await stage.FetchedAsync();
        await two.RunAsync();
        await reading;
        await two.RunAsync();

        var numbers = one.Records.Concat(two.Records).Select(KafkaStage.NumberOf).Order();
        Assert.NotEmpty(one.Landed);
        Assert.Equal(stage.Numbers, numbers);
    }

    [Fact]
    public async Task Timestamps_that_go_backwards_do_not_matter()
    {
        using var stage = new KafkaStage(partitions: 1);
        await stage.Cluster.ProduceAsync(KafkaStage.Topic, Enumerable.Range(0, 10).Select(n =>
            (0, new Message<byte[]?, byte[]?> { Value = System.Text.Encoding.UTF8.GetBytes($$"""{"n":{{n}}}"""), Timestamp = new(new DateTime(2030 - n, 1, 1, 0, 0, 0, DateTimeKind.Utc)) })));
        await using var harness = new ReaderHarness(stage.Source(windowRecords: 4));

        for (var i = 0; i < 3; i++)
            await harness.RunAsync();

        harness.AssertExactly(Enumerable.Range(0, 10), KafkaStage.NumberOf);
    }

    [Fact]
    public async Task Landing_that_fails_costs_nothing()
    {
        using var stage = new KafkaStage();
        await stage.SendAsync(10);
        await using var harness = new ReaderHarness(stage.Source());
        harness.Destination = _ => new NotingStream(new MemoryStream(), () => throw new IOException("disk full"));
        await Assert.ThrowsAsync<IOException>(() => harness.RunAsync());

        harness.Destination = null;
        await harness.RunAsync();

        harness.AssertExactly(stage.Numbers, KafkaStage.NumberOf, ordered: false);
    }

    [Fact]
    public async Task A_window_can_be_cancelled()
    {
        using var stage = new KafkaStage();
        await using var harness = new ReaderHarness(stage.Source([("stopAtEnd", "false")]));
        using var stop = new CancellationTokenSource();

        var running = harness.RunAsync(cancellationToken: stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    sealed class NotingStream(Stream inner, Action written) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            written();
            await inner.WriteAsync(buffer, cancellationToken);
        }
    }
}
