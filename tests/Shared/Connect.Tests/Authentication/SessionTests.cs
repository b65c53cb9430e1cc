using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Connect.Tests;

public sealed class SessionTests
{
    const string Password = "pa\"ss\\wörd&=";

    readonly FakeTimeProvider _time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_log_in_whose_answer_holds_the_token()
    {
        await using var server = await StartAsync((context, n) => context.Response.WriteAsJsonAsync(new { data = new { sessions = new[] { new { id = $"session-{n}" } } } }));
        await using var services = Services();

        await AskAsync(services, server, ("body", """{"user":"reader","password":"${PASSWORD}"}"""), ("tokenPath", "$.data.sessions[0].id"));
        await AskAsync(services, server, ("body", """{"user":"reader","password":"${PASSWORD}"}"""), ("tokenPath", "$.data.sessions[0].id"));

        var login = Assert.Single(server.Received, r => r.Path == "/login");
        Assert.Equal(Password, JsonDocument.Parse(login.Body).RootElement.GetProperty("password").GetString());
        Assert.Equal(["Bearer session-1", "Bearer session-1"], server.Received.Where(r => r.Path == "/data").Select(r => r.Headers["Authorization"]));
    }

    [Theory]
    [InlineData("header"), InlineData("cookie"), InlineData("query")]
    public async Task A_token_is_taken_from_a_header_or_cookie_and_sent_as_configured(string place)
    {
        await using var server = await StartAsync((context, _) =>
        {
            context.Response.Headers["X-Session"] = "from-header";
            context.Response.Headers.SetCookie = "sid=from-cookie; Path=/; HttpOnly";
            return Task.CompletedTask;
        });
        await using var services = Services();

        (string, string)[] options = place switch
        {
            "header" => [("tokenHeader", "X-Session"), ("header", "X-Token")],
            "cookie" => [("tokenCookie", "sid"), ("cookie", "sid")],
            _ => [("tokenCookie", "sid"), ("query", "session")],
        };
        await AskAsync(services, server, [.. options, ("contentType", "application/x-www-form-urlencoded"), ("body", "user=reader&password=${PASSWORD}")]);

        var (login, asked) = (server.Received.First(), server.Received.Last());
        Assert.Equal($"user=reader&password={Uri.EscapeDataString(Password)}", login.Body);
        Assert.Equal(place switch { "header" => "from-header", "cookie" => "sid=from-cookie", _ => "?session=from-cookie" }, place switch { "header" => asked.Headers["X-Token"], "cookie" => asked.Headers["Cookie"], _ => asked.Query });
    }

    [Fact]
    public async Task A_session_that_the_source_ended_is_begun_anew_and_the_one_before_left()
    {
        var accepted = 1;
        await using var server = await StartAsync(
            (context, n) => context.Response.WriteAsJsonAsync(new { token = $"session-{n}", seconds = 600 }),
            token => token == $"Bearer session-{accepted}");
        await using var services = Services();
        (string, string)[] options = [("tokenPath", "$.token"), ("lifetimePath", "$.seconds"), ("logoutUrl", new Uri(server.Address, "/logout").ToString())];
        await AskAsync(services, server, options);

        accepted = 2;
        _time.Advance(TimeSpan.FromSeconds(30));
        await AskAsync(services, server, options);
        accepted = 3;
        _time.Advance(TimeSpan.FromSeconds(595));
        await AskAsync(services, server, options);

        Assert.Equal(3, server.Received.Count(r => r.Path == "/login"));
        Assert.Equal(["Bearer session-1", "Bearer session-2"], server.Received.Where(r => r.Path == "/logout").Select(r => r.Headers["Authorization"]));
    }

    [Theory]
    [InlineData(401, "unauthorized", false), InlineData(403, "unauthorized", false), InlineData(429, "rate-limited", true), InlineData(500, "source-unavailable", true), InlineData(302, "redirect-refused", false), InlineData(200, "protocol-error", false)]
    public async Task A_log_in_that_fails_is_told_without_the_password(int status, string code, bool transient)
    {
        await using var server = await StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return context.Response.WriteAsync($"you said {Password}");
        });
        await using var services = Services();

        var failure = await Sources.FailureOfAsync(() => AskAsync(services, server, ("tokenPath", "$.token"), ("user", "reader"), ("password", "${PASSWORD}")));

        Assert.Equal((code, transient), (failure.Code, failure.IsTransient));
        Assert.DoesNotContain(Password, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Received, r => r.Path == "/data");
    }

    [Theory]
    [InlineData("""{"a":{"b":[1,{"c":"x"}]}}""", "$.a.b[1].c", "x"), InlineData("""{"a":{"b":[1,{"c":"x"}]}}""", "$.a.b[0]", "1"), InlineData("\"x\"", "$", "x")]
    [InlineData("""{"a":1}""", "$.b", null), InlineData("""{"a":[1]}""", "$.a[1]", null), InlineData("""{"a":{}}""", "$.a", null), InlineData("<html>", "$.a", null), InlineData("""{"a":1}""", "$.a.b", null)]
    public void A_path_leads_to_a_value_or_to_nothing(string json, string path, string? expected) => Assert.Equal(expected, JsonPick.Find(json, path));

    static Task<LoopbackServer> StartAsync(Func<HttpContext, int, Task> login, Func<string, bool>? accepts = null)
    {
        var logins = 0;
        return LoopbackServer.StartAsync((context, _) =>
        {
            if (context.Request.Path == "/login")
                return login(context, Interlocked.Increment(ref logins));
            context.Response.StatusCode = accepts?.Invoke(context.Request.Headers.Authorization.ToString()) is false ? 401 : 200;
            return Task.CompletedTask;
        });
    }

    static Task<SourceExchange<string>> AskAsync(ServiceProvider services, LoopbackServer server, params (string Name, string Value)[] options)
    {
        var all = options.Append(("url", new Uri(server.Address, "/login").ToString())).ToDictionary(o => o.Item1, o => o.Item2);
        return services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, Sources.Quick with { Attempts = 1 }, new() { Kind = "session", Options = all }));
    }

    ServiceProvider Services() => Sources.Services(time: _time, settings: [("PASSWORD", Password), ("Ingestion:TokenKey", Convert.ToBase64String(new byte[32]))]);
}
