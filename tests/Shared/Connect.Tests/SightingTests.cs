using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Connect.Tests;

public sealed class SightingTests : IDisposable
{
    // A Sunday.
    readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    readonly RecordedMetrics _recorded = new();

    public void Dispose() => _recorded.Dispose();

    [Theory]
    [InlineData(200, "up"), InlineData(404, "up"), InlineData(429, "up"), InlineData(401, "refused"), InlineData(403, "refused"), InlineData(500, "down"), InlineData(503, "down")]
    public async Task An_attempt_shows_how_its_source_is(int status, string sighting)
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => Answer(context, status));
        await using var services = Services();

        await AskAsync(services, At(server));

        Assert.Equal([1], _recorded.Of($"connect.attempts{{sighting={sighting},source=vendor}}"));
        Assert.Single(_recorded.All, m => m.Series.StartsWith("connect.attempts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_source_is_down_from_the_first_attempt_that_found_it_so_until_one_finds_it_up()
    {
        var status = 503;
        await using var server = await LoopbackServer.StartAsync((context, _) => Answer(context, status));
        await using var services = Services();
        var states = services.GetRequiredService<ISourceConnections>();

        await AskAsync(services, At(server));
        _time.Advance(TimeSpan.FromMinutes(6));
        await AskAsync(services, At(server));
        Assert.Equal(_time.GetUtcNow().AddMinutes(-6), Assert.Single(states.States).DownSince);
        Assert.Equal([360], _recorded.Of("connect.source.down{source=vendor}"));

        status = 200;
        await AskAsync(services, At(server));
        Assert.Null(Assert.Single(states.States).DownSince);
    }

    [Fact]
    public async Task Nobody_is_told_of_an_announced_maintenance()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => Answer(context, 503));
        await using var services = Services();
        var source = At(server);
        source = source with { Connection = source.Connection! with { Maintenance = [new() { Days = [DayOfWeek.Sunday], From = new(11, 0), To = new(13, 0) }] } };

        await AskAsync(services, source);

        Assert.Equal([1], _recorded.Of("connect.attempts{sighting=maintenance,source=vendor}"));
        Assert.Null(Assert.Single(services.GetRequiredService<ISourceConnections>().States).DownSince);
    }

    static SourceDefinition At(LoopbackServer server) => Sources.At(server.Address, Sources.Quick with { Attempts = 1, AttemptTimeout = TimeSpan.FromHours(1), TotalTimeout = TimeSpan.FromHours(2) }) with { Source = "vendor" };

    static Task Answer(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    static async Task AskAsync(ServiceProvider services, SourceDefinition source)
    {
        try
        {
            await services.GetRequiredService<ISourceHttp>().GetTextAsync(source);
        }
        catch (StepFailedException)
        {
            // What it shows is what is looked at.
        }
    }

    ServiceProvider Services() => Sources.Services(_time, configure: services => services.AddSingleton(_recorded.Meters));
}
