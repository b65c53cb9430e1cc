using DataIngestion.Contracts;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect.Tests.Quotas;

public sealed class QuotaHttpTests
{
    static readonly LimitsDefinition Limited = Sources.Quick with
    {
        TotalTimeout = TimeSpan.FromSeconds(20),
        Quota = new() { Key = "vendor-key", Permits = 100, Per = TimeSpan.FromSeconds(60) },
    };

    [Fact]
    public async Task An_answer_that_leaves_nothing_until_a_reset_stops_the_next_request_before_it_is_made()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.Headers["X-RateLimit-Limit"] = "60";
            context.Response.Headers["X-RateLimit-Remaining"] = "0";
            context.Response.Headers["X-RateLimit-Reset"] = "300";
            return context.Response.WriteAsync("figures");
        });
        await using var services = Sources.Services();
        var http = services.GetRequiredService<ISourceHttp>();

        await http.GetTextAsync(Sources.At(server.Address, Limited));
        var refused = await Sources.FailureOfAsync(() => http.GetTextAsync(Sources.At(server.Address, Limited)));

        Assert.Equal(("rate-limited", true), (refused.Code, refused.IsTransient));
        Assert.InRange((refused.RetryNotBefore!.Value - TimeProvider.System.GetUtcNow()).TotalSeconds, 200, 301);
        Assert.Single(server.Received);
        var quota = services.GetRequiredService<ISourceConnections>().States[0].Quota!;
        Assert.Equal("vendor-key", quota.Key);
        Assert.NotNull(quota.PausedUntil);
    }

    [Fact]
    public async Task Sources_with_the_same_key_share_it_and_a_weight_takes_as_many_permits()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync("figures"));
        await using var services = Sources.Services();
        var http = services.GetRequiredService<ISourceHttp>();
        var limits = Limited with { TotalTimeout = TimeSpan.FromSeconds(2), Quota = new() { Key = "vendor-key", Permits = 10, Per = TimeSpan.FromHours(1) } };
        var one = Sources.At(server.Address, limits);
        var other = one with { Source = "other" };

        await http.GetTextAsync(one, new() { Path = "/data", Weight = 6 });
        await http.GetTextAsync(other, new() { Path = "/data", Weight = 4 });
        var refused = await Sources.FailureOfAsync(() => http.GetTextAsync(one));

        Assert.Equal("rate-limited", refused.Code);
        Assert.Equal(2, server.Received.Count);
        Assert.Equal(10, services.GetRequiredService<ISourceConnections>().States[0].Quota!.Limits.Single().Permits);
    }

    [Fact]
    public async Task Without_a_name_the_credentials_name_the_budget()
    {
        await using var services = Sources.Services();
        var broker = services.GetRequiredService<QuotaBroker>();
        var limits = Sources.Quick with { Quota = new() { Permits = 10 } };
        var auth = new AuthenticationDefinition { Kind = "bearer", Options = new Dictionary<string, string> { ["value"] = "${VENDOR_TOKEN}" } };

        Assert.Equal("vendor/VENDOR_TOKEN", broker.Of("vendor", Sources.At(new("http://localhost"), limits, auth).Connection!)!.Key);
        Assert.Equal("vendor", broker.Of("vendor", Sources.At(new("http://localhost"), limits).Connection!)!.Key);
        Assert.Null(broker.Of("vendor", Sources.At(new("http://localhost")).Connection!));
    }
}
