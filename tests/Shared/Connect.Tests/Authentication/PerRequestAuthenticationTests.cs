using DataIngestion.Contracts;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect.Tests;

public sealed class PerRequestAuthenticationTests
{
    static readonly AuthenticationDefinition Connections = new() { Kind = "bearer", Options = new Dictionary<string, string> { ["value"] = "${KEY}" } };
    static readonly AuthenticationDefinition Own = new() { Kind = "api-key", Options = new Dictionary<string, string> { ["query"] = "apikey", ["value"] = "${OTHER}" } };

    [Fact]
    public async Task A_request_proves_itself_as_it_says_itself()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync("ok"));
        await using var services = Sources.Services(settings: [("KEY", "connections"), ("OTHER", "requests-own")]);
        var http = services.GetRequiredService<ISourceHttp>();
        var source = Sources.At(server.Address, auth: Connections);

        await http.GetTextAsync(source, new() { Path = "/private" });
        await http.GetTextAsync(source, new() { Path = "/public", Auth = new() { Kind = "none" } });
        await http.GetTextAsync(source, new() { Path = "/signed", Auth = Own });

        Assert.Equal(
            [("/private", "Bearer connections", ""), ("/public", null, ""), ("/signed", null, "?apikey=requests-own")],
            server.Received.Select(r => (r.Path, r.Headers.GetValueOrDefault("Authorization"), r.Query)));
    }

    [Theory]
    [InlineData("api-key", "Token the-key", "header=Authorization|scheme=Token|value=${KEY}")]
    [InlineData("basic", "Basic dGhlLWtleTo=", "user=${KEY}")]
    public async Task A_key_may_have_a_word_before_it_or_be_the_user(string kind, string expected, string options)
    {
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 403;
            return context.Response.WriteAsync($"you are {expected.Split(' ')[1]}");
        });
        await using var services = Sources.Services(settings: [("KEY", "the-key")]);
        var auth = new AuthenticationDefinition { Kind = kind, Options = options.Split('|').Select(o => o.Split('=', 2)).ToDictionary(o => o[0], o => o[1]) };

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, auth: auth)));

        Assert.Equal(expected, Assert.Single(server.Received).Headers["Authorization"]);
        Assert.EndsWith("It said: you are ***", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_secret_of_a_request_is_masked_and_left_out_of_links()
    {
        await using var server = await LoopbackServer.StartAsync((context, n) =>
        {
            context.Response.StatusCode = n == 1 ? 403 : 200;
            return context.Response.WriteAsync("you said requests-own");
        });
        await using var services = Sources.Services(settings: [("KEY", "connections"), ("OTHER", "requests-own")]);
        var http = services.GetRequiredService<ISourceHttp>();
        var source = Sources.At(server.Address, auth: Connections);

        var failure = await Sources.FailureOfAsync(() => http.GetTextAsync(source, new() { Path = "/signed", Auth = Own }));
        var (link, _, _) = await http.SendAsync(
            source, new() { Path = "/signed", Auth = Own }, (response, _) => Task.FromResult(response.ResolveLink("?page=2&apikey=requests-own")), TestContext.Current.CancellationToken);

        Assert.EndsWith("It said: you said ***", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("/signed?page=2", link, StringComparison.Ordinal);
    }
}
