using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect.Tests;

public sealed class BodyTests
{
    [Theory]
    [InlineData("POST", "application/json", """{"key":"${KEY}"}""", """{"key":"a\"b&c<d"}""", "application/json; charset=utf-8")]
    [InlineData("PUT", "application/vnd.api+json", "[\"${KEY}\"]", """["a\"b&c<d"]""", "application/vnd.api+json; charset=utf-8")]
    [InlineData("POST", "application/x-www-form-urlencoded", "key=${KEY}&x=1", "key=a%22b%26c%3Cd&x=1", "application/x-www-form-urlencoded")]
    [InlineData("POST", "application/soap+xml; charset=utf-8", "<key>${KEY}</key>", "<key>a&quot;b&amp;c&lt;d</key>", "application/soap+xml; charset=utf-8")]
    [InlineData("POST", "text/plain", "ask ${KEY}", "ask a\"b&c<d", "text/plain; charset=utf-8")]
    public async Task A_body_goes_as_what_it_is_and_its_secrets_are_escaped(string method, string type, string body, string expected, string header)
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync("ok"));
        await using var services = Sources.Services(settings: ("KEY", "a\"b&c<d"));

        await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address), new() { Method = method, Path = "/ask", Body = body, ContentType = type });

        var received = Assert.Single(server.Received);
        Assert.Equal((method, expected, header), (received.Method, received.Body, received.Headers["Content-Type"]));
    }

    [Theory]
    [InlineData("""{"errors":[{"message":"slow down","extensions":{"code":"THROTTLED"}}],"data":null}""", "rate-limited", true)]
    [InlineData("""{"data":{"a":[1]},"errors":[{"path":["a",0],"extensions":{"x":{"code":"no"},"code":"INTERNAL_SERVER_ERROR"},"message":"boom"}]}""", "source-unavailable", true)]
    [InlineData("""{"errors":[{"message":"slow down","extensions":{"code":"THROTTLED"}},{"message":"no such field","locations":[{"line":1,"column":2}]}]}""", "request-refused", false)]
    [InlineData("""{"errors":[{"extensions":{"code":"UNAUTHENTICATED"},"message":"who are you"}]}""", "unauthorized", false)]
    [InlineData("""{"errors":[{"message":"not yours","extensions":{"code":"FORBIDDEN"}}]}""", "forbidden", false)]
    public async Task Errors_of_graphql_are_failures_under_a_200(string answer, string code, bool isTransient)
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => Pieces.WriteAsync(context, answer));
        await using var services = Sources.Services();
        var source = Sources.At(server.Address, Sources.Quick with { Attempts = 2 });

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(source, Ask));

        Assert.Equal((code, isTransient), (failure.Code, failure.IsTransient));
        Assert.Equal(isTransient ? 2 : 1, server.Received.Count);
        Assert.Matches("(slow down|boom|no such field|who are you|not yours)", failure.Message);
    }

    [Theory]
    [InlineData("""{"data":{"errors":[{"message":"a column of this name"}]}}"""), InlineData("""{"data":{},"errors":[]}"""), InlineData("""{"errors":null,"data":1}"""), InlineData("no JSON")]
    public async Task An_answer_of_graphql_without_errors_is_taken_as_it_is(string answer)
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => Pieces.WriteAsync(context, answer));
        await using var services = Sources.Services();

        Assert.Equal(answer, (await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address), Ask)).Value);
    }

    [Fact]
    public async Task A_throttled_operation_is_asked_again_within_the_call()
    {
        await using var server = await LoopbackServer.StartAsync((context, n) =>
            context.Response.WriteAsync(n < 3 ? """{"errors":[{"message":"slow down","extensions":{"code":"THROTTLED"}}]}""" : """{"data":{"bars":[]}}"""));
        await using var services = Sources.Services();

        var answer = await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address), Ask);

        Assert.Equal(("""{"data":{"bars":[]}}""", 3), (answer.Value, answer.Requests));
    }

    static SourceRequest Ask => new() { Method = "POST", Path = "/graphql", Body = "{}", IsGraphql = true };

    /// <summary>Answers byte by byte, so that every token is cut somewhere.</summary>
    static class Pieces
    {
        public static async Task WriteAsync(HttpContext context, string text)
        {
            foreach (var c in text)
            {
                await context.Response.WriteAsync($"{c}");
                await context.Response.Body.FlushAsync();
            }
        }
    }
}
