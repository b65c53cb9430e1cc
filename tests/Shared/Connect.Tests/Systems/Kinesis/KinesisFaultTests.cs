using System.Text.Json;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;

namespace DataIngestion.Connect.Tests;

/// <summary>What goes wrong with Kinesis: what is tried again, what is landed, what is said; nothing lost, nothing twice.</summary>
[Trait("Category", "server")]
public sealed class KinesisFaultTests(SharedServers servers)
{
    [Theory]
    [InlineData("refused", "source-unavailable", true, "ListShards")]
    [InlineData("no such host", "source-unavailable", true, "ListShards")]
    [InlineData("private", "address-refused", false, "allowPrivateNetwork")]
    [InlineData("missing stream", "not-found", false, "'object'")]
    [InlineData("bad cursor", "cursor-invalid", false, "'x'")]
    [InlineData("gone shard", "source-changed", false, "shardId-000000000099")]
    [InlineData("stall", "timeout", true, "")]
    public async Task What_keeps_it_from_beginning(string cell, string code, bool isTransient, string said)
    {
        using var stage = await StartAsync();
        await using var proxy = FaultProxy.Start((await servers.GetAsync("kinesalite")).Port);
        if (cell == "stall")
            _ = proxy.Stall(Flow.FromServer, 10);
        await using var harness = stage.Reader(cell switch
        {
            "refused" => stage.Source(address: $"http://127.0.0.1:{TestServer.FreePort()}"),
            "no such host" => stage.Source(address: "http://nowhere.invalid"),
            "private" => stage.Source(allowPrivate: false),
            "missing stream" => stage.Source(stream: "nothing"),
            "stall" => stage.Source(address: $"http://127.0.0.1:{proxy.Port}", timeout: TimeSpan.FromMilliseconds(500)),
            _ => stage.Source(),
        });
        harness.Cursor = cell switch { "bad cursor" => "x", "gone shard" => "0:-,99:123", _ => null };

        var failure = await harness.FailureAsync();

        Assert.Equal((code, isTransient), (failure.Code, failure.IsTransient));
        Assert.Contains(said, failure.Message);
        Assert.DoesNotContain("planted-secret", failure.Message);
        Assert.Empty(harness.Landed);
    }

    [Theory]
    [InlineData("ListShards", 400, "AccessDeniedException", "forbidden", false)]
    [InlineData("ListShards", 400, "UnrecognizedClientException", "unauthorized", false)]
    [InlineData("ListShards", 400, "InvalidSignatureException", "unauthorized", false)]
    [InlineData("ListShards", 400, "LimitExceededException", "rate-limited", true)]
    [InlineData("GetShardIterator", 400, "InvalidArgumentException", "configuration-invalid", false)]
    [InlineData("GetRecords", 400, "KMSAccessDeniedException", "forbidden", false)]
    [InlineData("GetRecords", 500, "InternalFailure", "source-unavailable", true)]
    [InlineData("GetRecords", 503, "ServiceUnavailable", "source-unavailable", true)]
    public async Task What_the_service_says(string action, int status, string type, string code, bool isTransient)
    {
        using var stage = await StartAsync();
        await stage.SendAsync(5);
        await using var front = await FrontAsync((asked, _) => asked == action ? (status, Refusal(type)) : null);
        await using var harness = stage.Reader(stage.Source(address: front.Address.ToString()));

        var failure = await harness.FailureAsync();

        Assert.Equal((code, isTransient), (failure.Code, failure.IsTransient));
        Assert.Contains(type, failure.Message);
    }

    [Theory]
    [InlineData("ProvisionedThroughputExceededException"), InlineData("ExpiredIteratorException")]
    public async Task What_is_tried_again_within_the_window(string type)
    {
        using var stage = await StartAsync();
        await stage.SendAsync(20);
        await using var front = await FrontAsync((asked, number) => asked == "GetRecords" && number <= 2 ? (400, Refusal(type)) : null);
        await using var harness = stage.Reader(stage.Source(address: front.Address.ToString()));

        await harness.RunAsync();

        Assert.Equal(1, harness.Attempts);
        harness.AssertExactly(stage.Numbers, KinesisStage.NumberOf);
    }

    [Theory, InlineData("RequestTimeTooSkewed"), InlineData("ExpiredTokenException")]
    public async Task A_signature_that_can_be_mended_is_mended(string type)
    {
        using var stage = await StartAsync();
        await stage.SendAsync(5);
        await using var front = await FrontAsync((asked, number) => asked == "ListShards" && number == 1 ? (400, Refusal(type)) : null, clock: type == "RequestTimeTooSkewed" ? TimeSpan.FromHours(2) : null);
        await using var harness = stage.Reader(stage.Source(address: front.Address.ToString()));

        await harness.RunAsync();

        Assert.Equal(1, harness.Attempts);
        harness.AssertExactly(stage.Numbers, KinesisStage.NumberOf);
    }

    [Theory, InlineData("InternalFailure", 500), InlineData("not even JSON", 502)]
    public async Task The_service_fails_once_while_reading(string type, int status)
    {
        using var stage = await StartAsync(shards: 2);
        await stage.SendAsync(100);
        await using var front = await FrontAsync((asked, number) => asked == "GetRecords" && number == 2 ? (status, type.Contains(' ') ? type : Refusal(type)) : null);
        await using var harness = stage.Reader(stage.Source(address: front.Address.ToString(), attempts: 3));

        await harness.RunAsync();

        harness.AssertExactly(stage.Numbers, KinesisStage.NumberOf, ordered: false);
    }

    [Theory, InlineData(Flow.FromServer), InlineData(Flow.ToServer)]
    public async Task The_connection_is_reset_while_reading(Flow flow)
    {
        using var stage = await StartAsync();
        await stage.SendAsync(400);
        await using var proxy = FaultProxy.Start((await servers.GetAsync("kinesalite")).Port);
        _ = proxy.Reset(flow, flow is Flow.FromServer ? 4000 : 900, times: 1);
        await using var harness = stage.Reader(stage.Source(address: $"http://127.0.0.1:{proxy.Port}", attempts: 3));

        await harness.RunAsync();

        harness.AssertExactly(stage.Numbers, KinesisStage.NumberOf);
    }

    [Theory, InlineData(nameof(CrashPoint.BeforeLanding)), InlineData(nameof(CrashPoint.BeforeAcknowledgement)), InlineData(nameof(CrashPoint.AfterAcknowledgement))]
    public async Task A_run_is_killed(string point)
    {
        using var stage = await StartAsync(shards: 2);
        await stage.SendAsync(100);
        await using var harness = stage.Reader();

        await harness.CrashAsync(Enum.Parse<CrashPoint>(point));
        await stage.SendAsync(100);
        await harness.RunAsync();
        await harness.RunAsync();

        harness.AssertExactly(stage.Numbers, KinesisStage.NumberOf, ordered: false);
    }

    [Fact]
    public async Task What_is_lost_is_noted_where_reading_goes_on()
    {
        using var stage = await StartAsync();
        await stage.SendAsync(5);
        await using var harness = stage.Reader(stage.Source([("onLoss", "continue")]));
        harness.Cursor = "0:-,99:123";

        await harness.RunAsync();

        harness.AssertExactly(stage.Numbers, KinesisStage.NumberOf);
        Assert.Equal("shardId-000000000099", harness.Landed[0].Part.Headers["lost"]);
    }

    static string Refusal(string type) => JsonSerializer.Serialize(new Dictionary<string, string> { ["__type"] = type, ["message"] = "as told" });

    async Task<KinesisStage> StartAsync(int shards = 1) => await KinesisStage.StartAsync((await servers.GetAsync("kinesalite")).Port, shards);

    // In front of kinesalite: answers itself when told to, and may have a clock of its own.
    async Task<LoopbackServer> FrontAsync(Func<string, int, (int Status, string Body)?> answer, TimeSpan? clock = null)
    {
        var port = (await servers.GetAsync("kinesalite")).Port;
        var asked = new Dictionary<string, int>(StringComparer.Ordinal);
        LoopbackServer? front = null;
        return front = await LoopbackServer.StartAsync(async (context, _) =>
        {
            var action = context.Request.Headers["X-Amz-Target"].ToString().Split('.')[^1];
            asked[action] = asked.GetValueOrDefault(action) + 1;
            if (clock is { } ahead)
                context.Response.Headers.Date = TimeProvider.System.GetUtcNow().Add(ahead).ToString("R");
            if (answer(action, asked[action]) is var (status, body))
            {
                context.Response.StatusCode = status;
                await context.Response.WriteAsync(body);
                return;
            }

            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}") { Content = new StringContent(front!.Received.Last().Body) };
            request.Content.Headers.ContentType = new("application/x-amz-json-1.1");
            foreach (var header in context.Request.Headers.Where(h => h.Key is not ("Host" or "Content-Length" or "Content-Type")))
            {
                if (!request.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray()))
                    request.Content.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray());
            }

            using var response = await http.SendAsync(request);
            context.Response.StatusCode = (int)response.StatusCode;
            await context.Response.Body.WriteAsync(await response.Content.ReadAsByteArrayAsync());
        });
    }
}
