using DataIngestion.Contracts;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect.Tests;

public sealed class ConnectorTests
{
    [Fact]
    public async Task The_probe_says_what_was_asked_and_answered()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("{}");
        });
        await using var services = Sources.Services();
        var source = Sources.At(server.Address);
        source = source with { Connection = source.Connection! with { Probe = "/v1/status" } };

        var result = await services.GetRequiredService<Connector>().CheckAsync(new(source), TestContext.Current.CancellationToken);

        Assert.Equal((new Uri(server.Address, "/v1/status").ToString(), "200 OK, application/json"), (result.Endpoint, result.Detail));
        Assert.True(result.RoundTrip > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_source_that_does_not_let_us_in_fails_the_check()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 401;
            return Task.CompletedTask;
        });
        await using var services = Sources.Services();

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<Connector>().CheckAsync(new(Sources.At(server.Address)), TestContext.Current.CancellationToken));

        Assert.Equal(("unauthorized", 401), (failure.Code, failure.HttpStatus));
    }

    [Theory]
    [InlineData(null, true), InlineData("/v1/status", false)]
    public async Task Nothing_at_the_base_address_is_enough_only_where_no_probe_is_configured(string? probe, bool passes)
    {
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        await using var services = Sources.Services();
        var source = Sources.At(server.Address);
        source = source with { Connection = source.Connection! with { Probe = probe } };
        Task<ConnectResult> Check() => services.GetRequiredService<Connector>().CheckAsync(new(source), TestContext.Current.CancellationToken);

        if (passes)
            Assert.StartsWith("404", (await Check()).Detail, StringComparison.Ordinal);
        else
            Assert.Equal("not-found", (await Sources.FailureOfAsync(Check)).Code);
    }

    [Fact]
    public async Task Changed_limits_neither_hide_nor_reset_what_the_source_has_done()
    {
        await using var server = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        await using var services = Sources.Services();
        var http = services.GetRequiredService<ISourceHttp>();

        await http.GetTextAsync(Sources.At(server.Address));
        await http.GetTextAsync(Sources.At(server.Address, Sources.Quick with { Burst = 7 }));
        await http.GetTextAsync(Sources.At(server.Address));

        var state = Assert.Single(services.GetRequiredService<ISourceConnections>().States);
        Assert.Equal(("vendor", CircuitStatus.Closed, 3, 0), (state.Source, state.Circuit, state.Requests, state.InFlight));
    }

    [Fact]
    public async Task A_source_without_a_connection_cannot_be_checked()
    {
        await using var services = Sources.Services();

        var failure = await Sources.FailureOfAsync(() =>
            services.GetRequiredService<Connector>().CheckAsync(new(new() { Source = "files", Kind = SourceKind.File }), TestContext.Current.CancellationToken));

        Assert.Equal("connection-missing", failure.Code);
    }
}
