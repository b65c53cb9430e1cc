using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;

namespace DataIngestion.Connect.Tests;

public sealed class WebSocketTests
{
    [Fact]
    public async Task Messages_of_any_kind_are_landed_in_order()
    {
        string?[] heard = [null, null];
        await using var server = await SocketServer.StartAsync(async (vendor, _, stop) =>
        {
            heard = [await vendor.HearAsync(stop), await vendor.HearAsync(stop)];
            await vendor.SendAsync("""{"type":"ack"}""", stop);
            await vendor.SendAsync("{\n \"a\": 1.10 }", stop);
            await vendor.SendAsync("[1,2]", stop);
            await vendor.SendAsync("hello", stop);
            await vendor.Socket.SendAsync(new byte[] { 0xff, 0x00 }, WebSocketMessageType.Binary, true, stop);
            foreach (var piece in (string[])["{\"lo", "ng\":\"", new string('x', 100_000)])
                await vendor.Socket.SendAsync(Encoding.UTF8.GetBytes(piece), WebSocketMessageType.Text, false, stop);
            await vendor.Socket.SendAsync("\"}"u8.ToArray(), WebSocketMessageType.Text, true, stop);
            await vendor.HearAsync(stop);
        });
        await using var harness = Harness(server.Socket(), new() { ["subscribe"] = "{\"ask\":\"b\"}", ["ignore"] = "type=ack" }, new() { ["loginMessage"] = "{\"ask\":\"a\",\"key\":\"${KEY}\"}" }, records: 5, settings: ("KEY", "qu\"ote"));

        var part = Assert.Single(await harness.RunAsync());

        Assert.Equal(["{\"ask\":\"a\",\"key\":\"qu\\\"ote\"}", "{\"ask\":\"b\"}"], heard);
        Assert.Equal((5L, "application/x-ndjson"), (part.Part.Records, part.Part.ContentType));
        Assert.Equal("1.10", harness.Records[0].GetProperty("a").GetRawText());
        Assert.Equal("[1,2]", harness.Records[1].GetProperty("value").GetRawText());
        Assert.Equal("hello", harness.Records[2].GetProperty("value").GetString());
        Assert.Equal([0xff, 0x00], harness.Records[3].GetProperty("value_base64").GetBytesFromBase64());
        Assert.Equal(100_000, harness.Records[4].GetProperty("long").GetString()!.Length);
        Assert.All(harness.Records, r => Assert.True(r.TryGetProperty("_received", out _)));
    }

    [Fact]
    public async Task A_window_ends_by_time_and_a_quiet_one_has_no_part()
    {
        await using var server = await SocketServer.StartAsync(async (vendor, n, stop) =>
        {
            if (n == 1)
                await vendor.SendNumberAsync(1, stop);
            await vendor.HearAsync(stop);
        });
        await using var harness = Harness(server.Socket(), [], window: TimeSpan.FromMilliseconds(300));

        Assert.Single(await harness.RunAsync());
        Assert.Empty(await harness.RunAsync());
        Assert.Single(harness.Lines);
    }

    [Fact]
    public async Task With_a_replay_nothing_is_lost_and_nothing_comes_twice_whatever_breaks_and_whoever_is_killed()
    {
        await using var server = await SocketServer.StartAsync(async (vendor, n, stop) =>
        {
            var asked = JsonElement.Parse((await vendor.HearAsync(stop))!);
            var from = asked.TryGetProperty("after", out var after) ? after.GetInt64() : 1; // inclusive, as many are
            for (var number = from; number <= 400; number++)
            {
                if (n % 2 == 1 && number == from + 17)
                    vendor.Break();
                await vendor.SendNumberAsync(number, stop);
            }

            await vendor.HearAsync(stop);
        });
        await using var harness = Harness(
            server.Socket(), new() { ["subscribe"] = "{\"ask\":1}", ["resumeMessage"] = "{\"after\":{position}}", ["sequence"] = "seq", ["reconnects"] = "100" }, records: 100);

        await harness.CrashAsync(CrashPoint.BeforeLanding);
        await harness.RunAsync();
        await harness.CrashAsync(CrashPoint.BeforeAcknowledgement);
        await harness.RunAsync();
        await harness.CrashAsync(CrashPoint.AfterAcknowledgement);
        await harness.RunAsync();
        await harness.RunAsync();

        harness.AssertExactly(Enumerable.Range(1, 400).Select(i => (long)i), r => r.GetProperty("seq").GetInt64());
        Assert.Equal("400", harness.Cursor);
        Assert.DoesNotContain(harness.Landed, p => p.Part.Headers.ContainsKey("gaps"));
    }

    [Fact]
    public async Task A_gap_is_asked_for_again_where_the_vendor_can_repeat()
    {
        await using var server = await SocketServer.StartAsync(async (vendor, n, stop) =>
        {
            await vendor.HearAsync(stop);
            foreach (var number in (long[])(n == 1 ? [1, 2, 5] : [3, 4, 5, 6]))
                await vendor.SendNumberAsync(number, stop);
            await vendor.HearAsync(stop);
        });
        await using var harness = Harness(server.Socket(), new() { ["subscribe"] = "{}", ["resumeMessage"] = "{position}", ["sequence"] = "seq" }, records: 6);

        await harness.RunAsync();

        harness.AssertExactly([1, 2, 3, 4, 5, 6], r => r.GetProperty("seq").GetInt32());
    }

    [Theory, InlineData("report"), InlineData("fail")]
    public async Task A_gap_that_stays_is_said(string onGap)
    {
        await using var server = await SocketServer.StartAsync(async (vendor, _, stop) =>
        {
            foreach (var number in (long[])[10, 11, 14, 15])
                await vendor.SendNumberAsync(number, stop);
            await vendor.HearAsync(stop);
        });
        await using var harness = Harness(server.Socket(), new() { ["sequence"] = "seq", ["onGap"] = onGap }, records: 4);
        harness.Cursor = "7";

        if (onGap == "fail")
        {
            var failure = await harness.FailureAsync();
            Assert.Equal(("source-changed", false), (failure.Code, failure.IsTransient));
            Assert.Contains("8 to 9 are missing", failure.Message, StringComparison.Ordinal);
            return;
        }

        var part = Assert.Single(await harness.RunAsync());
        Assert.Equal(("8-9 12-13", "15"), (part.Part.Headers["gaps"], part.Part.Position)); // the first one between two windows, when nobody listened
        Assert.Equal(["""{"from":8,"to":9}""", null, """{"from":12,"to":13}""", null], harness.Records.Select(r => r.TryGetProperty("_gap", out var gap) ? gap.GetRawText() : null));
    }

    [Fact]
    public async Task Numbers_that_go_back_are_not_silently_left_out()
    {
        await using var server = await SocketServer.StartAsync(async (vendor, _, stop) =>
        {
            foreach (var number in (long[])[1, 2, 3])
                await vendor.SendNumberAsync(number, stop);
            await vendor.HearAsync(stop);
        });
        await using var without = Harness(server.Socket(), new() { ["sequence"] = "seq" }, records: 3);
        await using var with = Harness(server.Socket(), new() { ["sequence"] = "seq", ["resumeMessage"] = "{position}" }, window: TimeSpan.FromMilliseconds(300));
        (without.Cursor, with.Cursor) = ("500", "500");

        await without.RunAsync(); // nothing was asked for again: the vendor counts anew
        without.AssertExactly([1, 2, 3], r => r.GetProperty("seq").GetInt32());
        var failure = await with.FailureAsync();
        Assert.Equal(("source-changed", false), (failure.Code, failure.IsTransient));
        Assert.Contains("behind 500", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_that_begin_anew_with_each_connection_are_followed_within_it()
    {
        await using var server = await SocketServer.StartAsync(async (vendor, n, stop) =>
        {
            foreach (var number in (long[])(n == 1 ? [1, 2] : [1, 3]))
                await vendor.SendNumberAsync(number, stop);
            if (n == 1)
                await vendor.CloseAsync(1012, "restart", stop);
            await vendor.HearAsync(stop);
        });
        await using var harness = Harness(server.Socket(), new() { ["sequence"] = "seq", ["sequenceScope"] = "connection" }, records: 4);

        var part = Assert.Single(await harness.RunAsync());

        Assert.Equal(("2-2", "1", null), (part.Part.Headers["gaps"], part.Part.Headers["reconnects"], part.Part.Position));
        Assert.Equal([false, false, true, false], harness.Records.Select(r => r.TryGetProperty("_after_break", out _)));
    }

    [Fact]
    public async Task A_log_in_by_message_and_one_by_header()
    {
        var heard = new List<string?>();
        await using var server = await SocketServer.StartAsync(async (vendor, _, stop) =>
        {
            heard.Add(vendor.Http.Request.Headers.Authorization);
            var login = await vendor.HearAsync(stop);
            heard.Add(login);
            await vendor.SendAsync("""{"event":"hello"}""", stop);
            await vendor.SendAsync(login!.Contains("right-key", StringComparison.Ordinal) ? """{"event":"auth","ok":true}""" : """{"event":"error","text":"who is wrong-key?"}""", stop);
            heard.Add(await vendor.HearAsync(stop));
            await vendor.SendNumberAsync(1, stop);
            await vendor.HearAsync(stop);
        });
        Dictionary<string, string> options = new() { ["loginMessage"] = "{\"key\":\"${KEY}\"}", ["loginAccepted"] = "event=auth", ["loginRefused"] = "event=error" };
        var auth = new AuthenticationDefinition { Kind = "bearer", Options = new Dictionary<string, string> { ["value"] = "${TOKEN}" } };
        await using var right = Harness(server.Socket(), new() { ["subscribe"] = "ask" }, options, records: 1, auth: auth, settings: [("KEY", "right-key"), ("TOKEN", "the-token")]);
        await using var wrong = Harness(server.Socket(), [], options, records: 1, auth: auth, settings: [("KEY", "wrong-key"), ("TOKEN", "the-token")]);

        await right.RunAsync();
        Assert.Equal(["Bearer the-token", "{\"key\":\"right-key\"}", "ask"], heard);
        Assert.Single(right.Lines);
        Assert.Equal("open", await right.ProbeAsync());

        var failure = await wrong.FailureAsync();
        Assert.Equal(("unauthorized", false), (failure.Code, failure.IsTransient));
        Assert.Contains("who is ***?", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "unauthorized", false), InlineData(403, "forbidden", false), InlineData(404, "not-found", false), InlineData(429, "rate-limited", true)]
    [InlineData(500, "source-unavailable", true), InlineData(503, "source-unavailable", true), InlineData(400, "request-refused", false), InlineData(302, "redirect-refused", false), InlineData(200, "protocol-error", false)]
    public async Task A_refused_handshake_says_what_to_do(int status, string code, bool isTransient)
    {
        await using var server = await SocketServer.StartAsync((_, _, _) => Task.CompletedTask, (http, _) =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.RetryAfter = "3600";
            http.Response.Headers.Location = "/elsewhere";
            return true;
        });
        await using var harness = Harness(server.Socket(), [], attempts: 2, window: TimeSpan.FromSeconds(30));

        var failure = await harness.FailureAsync();

        Assert.Equal((code, isTransient, status), (failure.Code, failure.IsTransient, failure.HttpStatus));
        Assert.Equal(isTransient, failure.RetryNotBefore is not null);
        Assert.Single(server.Received); // it is not asked again before that moment
    }

    [Theory]
    [InlineData(1000, "source-unavailable", true), InlineData(1001, "source-unavailable", true), InlineData(1013, "source-unavailable", true), InlineData(1008, "forbidden", false)]
    [InlineData(1003, "protocol-error", false), InlineData(4401, "unauthorized", false), InlineData(4429, "rate-limited", true), InlineData(4999, "not-found", false)]
    public async Task A_close_code_says_what_to_do(int close, string code, bool isTransient)
    {
        await using var server = await SocketServer.StartAsync(async (vendor, _, stop) =>
        {
            await vendor.CloseAsync(close, "because of marked-key", stop);
            await vendor.HearAsync(stop);
        });
        await using var harness = Harness(
            server.Socket(), new() { ["reconnects"] = "1" }, new() { ["closeCodes.4999"] = "not-found" }, attempts: 1, window: TimeSpan.FromSeconds(30),
            auth: new() { Kind = "bearer", Options = new Dictionary<string, string> { ["value"] = "${KEY}" } }, settings: ("KEY", "marked-key"));

        var failure = await harness.FailureAsync();

        Assert.Equal((code, isTransient), (failure.Code, failure.IsTransient));
        Assert.Contains($"{close}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("because of ***", failure.Message, StringComparison.Ordinal);
        Assert.Equal(isTransient ? 2 : 1, server.Received.Count);
    }

    [Fact]
    public async Task An_error_message_of_the_vendor_is_a_failure()
    {
        await using var server = await SocketServer.StartAsync(async (vendor, _, stop) =>
        {
            await vendor.SendAsync("""{"error":{"code":7,"text":"no such channel"}}""", stop);
            await vendor.HearAsync(stop);
        });
        await using var harness = Harness(server.Socket(), new() { ["errors"] = "error.code=*" });

        var failure = await harness.FailureAsync();

        Assert.Equal(("request-refused", false), (failure.Code, failure.IsTransient));
        Assert.Contains("no such channel", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_refused_before_it_is_all_there()
    {
        await using var server = await SocketServer.StartAsync(async (vendor, _, stop) =>
        {
            // Compressed it is small: what counts is what it becomes.
            await vendor.Socket.SendAsync(new byte[4 << 20], WebSocketMessageType.Binary, WebSocketMessageFlags.None, stop);
            await vendor.HearAsync(stop);
        });
        await using var harness = Harness(server.Socket(), [], new() { ["maxMessageBytes"] = "100000" });

        Assert.Equal(("response-too-large", false), await harness.FailureAsync() is var failure ? (failure.Code, failure.IsTransient) : default);
        Assert.Contains("permessage-deflate", server.Received.Single().Headers["Sec-WebSocket-Extensions"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vendors_own_ping_is_sent()
    {
        var pinged = new TaskCompletionSource<string?>();
        await using var server = await SocketServer.StartAsync(async (vendor, _, stop) =>
        {
            pinged.TrySetResult(await vendor.HearAsync(stop));
            await vendor.SendNumberAsync(1, stop);
            await vendor.HearAsync(stop);
        });
        await using var harness = Harness(server.Socket(), [], new() { ["pingMessage"] = "{\"op\":\"ping\"}", ["pingEvery"] = "1s" }, records: 1);

        await harness.RunAsync();

        Assert.Equal("{\"op\":\"ping\"}", await pinged.Task);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_half_open_connection_is_found_by_silence_or_by_pings(bool bySilence)
    {
        await using var server = await SocketServer.StartAsync(async (vendor, _, stop) =>
        {
            await vendor.SendNumberAsync(1, stop);
            await vendor.HearAsync(stop);
        });
        await using var proxy = FaultProxy.Start(server.Address.Port);
        _ = proxy.Stall(Flow.FromServer, 150, times: 1); // in the answer to the handshake or right behind it
        var options = bySilence ? new Dictionary<string, string> { ["silentFor"] = "400ms" } : new() { ["pingEvery"] = "1s", ["answerTimeout"] = "500ms" };
        await using var harness = Harness(new($"ws://127.0.0.1:{proxy.Port}"), [], options, records: 1, attemptTimeout: TimeSpan.FromSeconds(2));

        var part = Assert.Single(await harness.RunAsync());

        Assert.Equal("1", part.Part.Headers["reconnects"]);
        Assert.Equal(2, proxy.Connections);
    }

    [Fact]
    public async Task A_slow_landing_makes_the_vendor_wait_and_loses_nothing()
    {
        var sent = 0;
        var filler = new string('x', 10_000);
        await using var server = await SocketServer.StartAsync(async (vendor, _, stop) =>
        {
            for (var i = 0; i < 5000; i++)
            {
                await vendor.SendAsync($"{{\"seq\":{i},\"filler\":\"{filler}\"}}", stop);
                Interlocked.Exchange(ref sent, i + 1);
            }

            await vendor.HearAsync(stop);
        });
        var gate = new TaskCompletionSource();
        await using var harness = Harness(server.Socket(), new() { ["sequence"] = "seq" }, new() { ["compression"] = "false" }, records: 5000, window: TimeSpan.FromMinutes(2));
        harness.Destination = inner => new GatedStream(inner, gate.Task);

        var reading = harness.RunAsync();
        for (var before = -1; before != Volatile.Read(ref sent) || before <= 0; await Task.Delay(200, TestContext.Current.CancellationToken))
            before = Volatile.Read(ref sent);
        Assert.InRange(sent, 1, 4000); // 50 MB do not fit into the buffers between

        gate.SetResult();
        await reading;
        harness.AssertExactly(Enumerable.Range(0, 5000), r => r.GetProperty("seq").GetInt32());
    }

    [Fact]
    public async Task What_cannot_be_asked_is_said_at_start_up_or_when_asked()
    {
        await using var harness = Harness(new("ws://127.0.0.1:9"), [], window: TimeSpan.FromSeconds(5));
        var failure = (await Assert.ThrowsAsync<StepFailedException>(() => harness.RunAsync(new TimeWindow(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1))))).Failure;
        Assert.Equal("configuration-invalid", failure.Code);
        Assert.Empty(await harness.DiscoverAsync());

        string[] said =
        [
            .. Faults<WebSocketReadOptions>(new() { ["resumeMessage"] = "again" }), .. Faults<WebSocketReadOptions>(new() { ["ignore"] = "heartbeat" }), .. Faults<WebSocketReadOptions>(new() { ["subscribe"] = "${KEY}" }), .. Faults<WebSocketReadOptions>(new() { ["onGap"] = "fail" }),
            .. Faults<WebSocketConnectionOptions>(new() { ["loginAccepted"] = "a=b" }), .. Faults<WebSocketConnectionOptions>(new() { ["closeCodes.9"] = "bad" }),
        ];
        Assert.Contains(said, s => s.Contains("is the connection's 'loginMessage'", StringComparison.Ordinal));
        Assert.Contains(said, s => s.Contains("expected {position}", StringComparison.Ordinal));
        Assert.Contains(said, s => s.Contains("needs a 'sequence'", StringComparison.Ordinal));
        Assert.Contains(said, s => s.Contains("'heartbeat' is no condition", StringComparison.Ordinal));
        Assert.Contains(said, s => s.Contains("gaps are found by a 'sequence'", StringComparison.Ordinal));
        Assert.Contains(said, s => s.Contains("no 'loginMessage'", StringComparison.Ordinal));
        Assert.Contains(said, s => s.Contains("'9' is no close code", StringComparison.Ordinal));
        Assert.Contains(said, s => s.Contains("'bad' is no meaning", StringComparison.Ordinal));

        static IEnumerable<string> Faults<T>(Dictionary<string, string> options)
        {
            OptionsBinder.Bind(options, typeof(T), out var faults);
            return faults.Select(f => f.Message);
        }
    }

    internal static ReaderHarness Harness(
        Uri address, Dictionary<string, string> read, Dictionary<string, string>? connection = null, long records = 1000, TimeSpan? window = null, AuthenticationDefinition? auth = null,
        int attempts = 3, TimeSpan? attemptTimeout = null, params (string Name, string Value)[] settings) => new(
        new()
        {
            Source = "vendor",
            Kind = SourceKind.Stream,
            Connection = new()
            {
                System = "websocket",
                BaseUrl = address.ToString(),
                AllowPrivateNetwork = true,
                Auth = auth,
                Options = connection ?? [],
                Limits = Sources.Quick with { Attempts = attempts, AttemptTimeout = attemptTimeout ?? Sources.Quick.AttemptTimeout },
            },
            Datasets = [new() { Dataset = "ticks", Read = new() { Window = window ?? TimeSpan.FromSeconds(30), WindowRecords = records, Options = read } }],
        },
        settings: settings);

    /// <summary>A landing that does not take anything for a while.</summary>
    sealed class GatedStream(Stream inner, Task gate) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await gate.WaitAsync(cancellationToken);
            await inner.WriteAsync(buffer, cancellationToken);
        }
    }
}
