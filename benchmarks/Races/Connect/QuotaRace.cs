using System.Diagnostics;
using DataIngestion.Connect;
using DataIngestion.Contracts;
using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.Storage;
using DataIngestion.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Benchmarks.Connect;

/// <summary>What a quota costs that is never reached: requests a second with it, shared through the storage emulator, and without.</summary>
internal sealed class QuotaRace : IConnectRace
{
    const int Requests = 50_000;
    const int Concurrent = 16;
    const int Rounds = 4;

    public string Name => "quota";

    public string? Server => null;

    public async Task RunAsync(IReport report, CancellationToken cancellationToken)
    {
        await using var peer = await LoopbackPeer.StartAsync(cancellationToken);
        using var folder = new TemporaryFolder("quota-race");
        await using var azurite = await AzuriteProcess.StartAsync(new(folder.Path), cancellationToken);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton(StorageClients.Connect(azurite.ConnectionString));
        services.AddConnect();
        await using var provider = services.BuildServiceProvider();
        var http = provider.GetRequiredService<ISourceHttp>();
        var free = new LimitsDefinition { RequestsPerSecond = 100_000, Burst = 10_000, MaxConcurrent = 100 };
        var limited = free with { Quota = new() { Key = "race", Permits = 200_000, Per = TimeSpan.FromSeconds(1) } };

        await AskAsync(free);
        await AskAsync(limited);
        var (with, without) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < Rounds; round++) // in turn, the best of each
        {
            without = Min(without, await AskAsync(free));
            with = Min(with, await AskAsync(limited));
        }

        var (ours, theirs) = (Requests / with.TotalSeconds, Requests / without.TotalSeconds);
        report.Add(new RaceResult("connect", "requests under a shared quota, against without one", ours, theirs, "req/s", ours / theirs, null));

        async Task<TimeSpan> AskAsync(LimitsDefinition limits)
        {
            var source = new SourceDefinition { Source = "vendor", Kind = SourceKind.Api, Connection = new() { BaseUrl = peer.Address.ToString(), AllowPrivateNetwork = true, Limits = limits } };
            var left = Requests;
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, Concurrent).Select(async _ =>
            {
                while (Interlocked.Decrement(ref left) >= 0)
                    await http.SendAsync(source, new() { Path = "/quick" }, (_, _) => Task.FromResult(true), cancellationToken);
            }));
            return Stopwatch.GetElapsedTime(began);
        }
    }

    static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
