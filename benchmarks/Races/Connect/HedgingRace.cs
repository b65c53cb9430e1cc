using System.Diagnostics;
using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Benchmarks.Connect;

/// <summary>A vendor of which one answer in a hundred takes half a second: with hedging, and without.</summary>
internal sealed class HedgingRace : IConnectRace
{
    const int Requests = 2000;
    const int Concurrent = 4;

    public string Name => "hedging";

    public string? Server => null;

    public async Task RunAsync(IReport report, CancellationToken cancellationToken)
    {
        await using var peer = await LoopbackPeer.StartAsync(cancellationToken);
        await using var stage = new ConnectStage();
        var plain = new LimitsDefinition { RequestsPerSecond = 100_000, Burst = 10_000, MaxConcurrent = 100 };
        await AskAsync(plain, 200); // warms up
        var without = await AskAsync(plain, Requests);
        var with = await AskAsync(plain with { HedgeAfter = TimeSpan.FromMilliseconds(60) }, Requests);
        foreach (var (share, name) in ((double, string)[])[(0.5, "median"), (0.995, "p99.5")])
        {
            var (ours, theirs) = (LoopbackPeer.Percentile(with, share), LoopbackPeer.Percentile(without, share));
            report.Add(new RaceResult("connect", $"{name} of a GET, hedged after 60 ms against not", ours, theirs, "ms", theirs / ours, null));
        }

        var state = stage.Get<ISourceConnections>().States[0];
        report.Note($"  {state.Hedges} of {Requests} requests were hedged.");

        async Task<TimeSpan[]> AskAsync(LimitsDefinition limits, int requests)
        {
            var source = new SourceDefinition { Source = "vendor", Kind = SourceKind.Api, Connection = new() { BaseUrl = peer.Address.ToString(), AllowPrivateNetwork = true, Limits = limits } };
            var http = stage.Get<ISourceHttp>();
            var times = new TimeSpan[requests];
            var next = -1;
            await Task.WhenAll(Enumerable.Range(0, Concurrent).Select(async _ =>
            {
                for (var i = Interlocked.Increment(ref next); i < requests; i = Interlocked.Increment(ref next))
                {
                    var began = Stopwatch.GetTimestamp();
                    await http.SendAsync(source, new() { Path = "/tail" }, (_, _) => Task.FromResult(true), cancellationToken);
                    times[i] = Stopwatch.GetElapsedTime(began);
                }
            }));
            return times;
        }
    }
}
