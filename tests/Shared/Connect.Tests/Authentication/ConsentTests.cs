using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using DataIngestion.Contracts;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect.Tests;

public sealed class ConsentTests
{
    [Fact]
    public async Task The_browser_brings_a_code_that_only_we_can_use()
    {
        await using var server = await TokenServer.StartAsync();
        server.Rotates = true;
        await using var services = Services();
        IReadOnlyDictionary<string, string> asked = null!;

        var result = await services.GetRequiredService<Consents>().AskAsync(Source(server), Browse(query =>
        {
            asked = query;
            return $"code=the-code&state={query["state"]}";
        }), TestContext.Current.CancellationToken);

        var form = server.Forms.Single();
        Assert.Equal(("code", "native", "S256", "prices offline"), (asked["response_type"], asked["client_id"], asked["code_challenge_method"], asked["scope"]));
        Assert.Equal(("authorization_code", "the-code", asked["redirect_uri"]), (form["grant_type"], form["code"], form["redirect_uri"]));
        Assert.Equal(asked["code_challenge"], WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]))));
        Assert.Equal("127.0.0.1", new Uri(asked["redirect_uri"]).Host);
        Assert.Equal(new(true, TimeSpan.FromHours(1)), result);
        Assert.Equal("figures for Bearer token-1", (await services.GetRequiredService<ISourceHttp>().GetTextAsync(Source(server))).Value);
    }

    [Fact]
    public async Task An_answer_that_is_not_ours_is_refused_and_ours_still_waited_for()
    {
        await using var server = await TokenServer.StartAsync();
        await using var services = Services();
        using var http = new HttpClient();
        var refused = new ConcurrentQueue<HttpStatusCode>();

        await services.GetRequiredService<Consents>().AskAsync(
            Source(server),
            prompt => _ = Task.Run(async () =>
            {
                var query = QueryHelpers.ParseQuery(prompt.Address.Query);
                foreach (var answer in new[] { "code=stolen&state=guessed", "code=stolen", "error=x", $"code=the-code&state={query["state"]}" })
                    refused.Enqueue((await http.GetAsync(new Uri($"{query["redirect_uri"]}?{answer}"))).StatusCode);
            }),
            TestContext.Current.CancellationToken);

        Assert.Equal("the-code", server.Forms.Single()["code"]);
        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest], refused.Take(3));
    }

    [Fact]
    public async Task Who_does_not_consent_is_understood()
    {
        await using var server = await TokenServer.StartAsync();
        await using var services = Services();

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<Consents>().AskAsync(
            Source(server), Browse(query => $"error=access_denied&state={query["state"]}"), TestContext.Current.CancellationToken));

        Assert.Equal(("forbidden", false), (failure.Code, failure.IsTransient));
        Assert.Contains("access_denied", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Forms);
    }

    [Fact]
    public async Task An_issuer_that_gives_no_refresh_token_is_told_of()
    {
        await using var server = await TokenServer.StartAsync();
        await using var services = Services();

        var result = await services.GetRequiredService<Consents>().AskAsync(Source(server), Browse(query => $"code=c&state={query["state"]}"), TestContext.Current.CancellationToken);

        Assert.False(result.Lasts);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        await using var server = await TokenServer.StartAsync();
        await using var services = Services();

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<Consents>().AskAsync(
            Source(server, ("redirectPort", $"{server.Address.Port}")), _ => Assert.Fail("nobody can come back"), TestContext.Current.CancellationToken));

        Assert.Equal("port-taken", failure.Code);
        Assert.Contains($"{server.Address.Port}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_needs_no_consent_says_so()
    {
        await using var services = Services();

        foreach (var auth in new AuthenticationDefinition?[] { null, new() { Kind = "bearer", Options = new Dictionary<string, string> { ["value"] = "${X}" } } })
        {
            var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<Consents>().AskAsync(
                Sources.At(new("https://api.example.com"), auth: auth), _ => Assert.Fail("nothing to do"), TestContext.Current.CancellationToken));
            Assert.Equal("consent-not-needed", failure.Code);
        }
    }

    [Fact]
    public async Task A_device_asks_no_faster_than_it_may()
    {
        await using var server = await LoopbackServer.StartAsync(async (context, n) =>
        {
            if (context.Request.Path == "/device")
                await context.Response.WriteAsJsonAsync(new { device_code = "device", user_code = "ABCD-EFGH", verification_uri = "https://example.com/device", expires_in = 600, interval = 2 });
            else if (n == 4)
                context.Response.StatusCode = 503;
            else if (n < 6)
                await TokenServer.RefuseAsync(context, HttpStatusCode.BadRequest, n == 3 ? "slow_down" : "authorization_pending");
            else
                await context.Response.WriteAsJsonAsync(new { access_token = "token", token_type = "Bearer", refresh_token = "refresh", expires_in = 60 });
        });
        var time = new HastyTime();
        await using var services = Services(time);
        ConsentPrompt? shown = null;

        var result = await services.GetRequiredService<Consents>().AskAsync(OnDevice(server), prompt => shown = prompt, TestContext.Current.CancellationToken);

        Assert.True(result.Lasts);
        Assert.Equal((new Uri("https://example.com/device"), "ABCD-EFGH"), (shown!.Address, shown.Code));
        Assert.Equal([2, 2, 7, 14, 14], time.Waited.Select(wait => (int)wait.TotalSeconds));
    }

    [Theory]
    [InlineData("access_denied", "forbidden"), InlineData("expired_token", "consent-missing"), InlineData("invalid_client", "unauthorized")]
    public async Task A_device_that_is_refused_asks_no_more(string error, string code)
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Request.Path == "/device"
            ? context.Response.WriteAsJsonAsync(new { device_code = "device", user_code = "ABCD", verification_uri = "https://example.com/device" })
            : TokenServer.RefuseAsync(context, HttpStatusCode.BadRequest, error));
        await using var services = Services(new HastyTime());

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<Consents>().AskAsync(OnDevice(server), _ => { }, TestContext.Current.CancellationToken));

        Assert.Equal(code, failure.Code);
        Assert.Equal(2, server.Received.Count);
    }

    static SourceDefinition OnDevice(LoopbackServer server) => Sources.At(server.Address, auth: new()
    {
        Kind = "oauth2",
        Options = new Dictionary<string, string> { ["grant"] = "device-code", ["clientId"] = "native", ["deviceUrl"] = new Uri(server.Address, "/device").ToString(), ["tokenUrl"] = new Uri(server.Address, "/token").ToString() },
    });

    static Action<ConsentPrompt> Browse(Func<IReadOnlyDictionary<string, string>, string> answer) => prompt => _ = Task.Run(async () =>
    {
        var query = QueryHelpers.ParseQuery(prompt.Address.Query).ToDictionary(q => q.Key, q => q.Value.ToString());
        using var http = new HttpClient();
        await http.GetAsync(new Uri($"{query["redirect_uri"]}?{answer(query)}"));
    });

    static SourceDefinition Source(TokenServer server, params (string Name, string Value)[] options)
    {
        var all = new Dictionary<string, string> { ["grant"] = "authorization-code", ["clientId"] = "native", ["authorizeUrl"] = new Uri(server.Address, "/authorize").ToString(), ["tokenUrl"] = server.TokenUrl, ["scopes"] = "prices\noffline" };
        foreach (var (name, value) in options)
            all[name] = value;
        return Sources.At(server.Address, Sources.Quick with { Attempts = 1 }, new() { Kind = "oauth2", Options = all });
    }

    static ServiceProvider Services(TimeProvider? time = null) => Sources.Services(time: time, settings: ("Ingestion:TokenKey", Convert.ToBase64String(new byte[32])));

    /// <summary>Waits of less than a quarter of a minute are over at once; longer ones, which are limits, never.</summary>
    sealed class HastyTime : TimeProvider
    {
        public ConcurrentQueue<TimeSpan> Waited { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var isWait = dueTime > TimeSpan.Zero && dueTime < TimeSpan.FromSeconds(15);
            if (isWait)
                Waited.Enqueue(dueTime);
            return System.CreateTimer(callback, state, isWait ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, period);
        }
    }
}
