using System.Collections.Concurrent;
using System.Diagnostics;
using DataIngestion.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect.Tests.Quotas;

/// <summary>Processes of their own, one storage emulator, and a vendor that counts.</summary>
[Trait("Category", "server")]
public sealed class QuotaProcessTests(AzuriteFixture azurite, ITestOutputHelper output) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public Task Three_processes_never_exceed_the_limit_together() => RaceAsync(processes: 3, permits: 120, seconds: 3, measured: TimeSpan.FromSeconds(9), kills: 1, atLeast: 0.1);

    [Fact]
    [Trait("Category", "campaign")]
    public Task Eight_processes_use_what_is_allowed_and_never_more() => RaceAsync(processes: 8, permits: 500, seconds: 5, measured: TimeSpan.FromSeconds(60), kills: 0, atLeast: 0.95);

    [Fact]
    [Trait("Category", "campaign")]
    public Task Processes_that_are_killed_take_nothing_along_that_others_could_exceed() => RaceAsync(processes: 8, permits: 200, seconds: 2, measured: TimeSpan.FromSeconds(60), kills: 4, atLeast: 0.3);

    async Task RaceAsync(int processes, int permits, double seconds, TimeSpan measured, int kills, double atLeast)
    {
        var stop = TestContext.Current.CancellationToken;
        var arrivals = new ConcurrentQueue<(long At, string Who)>();
        await using var vendor = await VendorAsync(context =>
        {
            arrivals.Enqueue((Stopwatch.GetTimestamp(), context.Request.Path.Value!));
            return context.Response.WriteAsync("figures");
        });
        var address = new Uri(vendor.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var workers = Enumerable.Range(0, processes).Select(i => Start(new(azurite.ConnectionString, address, permits, seconds, Concurrency: permits / processes * 2, $"worker-{i}-{Guid.NewGuid():n}"))).ToList();
        try
        {
            await UntilAsync(() => arrivals.Select(a => a.Who).Distinct().Count() == processes, TimeSpan.FromMinutes(2), stop);
            await Task.Delay(TimeSpan.FromSeconds(seconds * 2), stop); // until the shares are even
            var from = Stopwatch.GetTimestamp();
            for (var i = 0; i <= kills; i++)
            {
                await Task.Delay(measured / (kills + 1), stop);
                if (i < kills)
                    workers[i].Kill();
            }

            var to = Stopwatch.GetTimestamp();
            var times = arrivals.Select(a => a.At).Order().ToList();
            var most = Most(times, (long)(seconds * Stopwatch.Frequency));
            var used = times.Count(t => t >= from && t < to) / (Stopwatch.GetElapsedTime(from, to).TotalSeconds * permits / seconds);
            output.WriteLine($"{processes} processes, {permits} per {seconds} s: at most {most} in any {seconds} s, {used:P1} of what is allowed, {times.Count} requests; by worker {string.Join(' ', arrivals.GroupBy(a => a.Who).Select(g => g.Count()))}");

            Assert.InRange(most, 1, permits);
            Assert.True(used >= atLeast, $"{used:P1} of what is allowed was used: expected {atLeast:P0}");
        }
        finally
        {
            foreach (var worker in workers)
            {
                worker.StandardInput.Close();
                if (!worker.WaitForExit(TimeSpan.FromSeconds(10)))
                    worker.Kill();
                worker.Dispose();
            }
        }
    }

    // The most in any half-open stretch of that length.
    static int Most(List<long> times, long length)
    {
        var (most, from) = (0, 0);
        for (var to = 0; to < times.Count; to++)
        {
            while (times[to] - times[from] >= length)
                from++;
            most = Math.Max(most, to - from + 1);
        }

        return most;
    }

    static Process Start(QuotaWorker.Orders orders)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(QuotaProcessTests).Assembly.Location, "-explicit", "only", "-class", typeof(QuotaWorker).FullName!]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment[QuotaWorker.Setting] = orders.ToString();
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    static async Task<WebApplication> VendorAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }

    static async Task UntilAsync(Func<bool> condition, TimeSpan limit, CancellationToken stop)
    {
        for (var began = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(100, stop))
            Assert.True(Stopwatch.GetElapsedTime(began) < limit, $"the condition did not come true within {limit}");
    }
}
