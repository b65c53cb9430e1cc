using System.Diagnostics;
using DataIngestion.Connect;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Benchmarks.Connect;

/// <summary>How long it takes to get a connection to PostgreSQL that the pool has ready, against opening one.</summary>
internal sealed class WarmRace : IConnectRace
{
    const int Uses = 5000;
    const int Cold = 30;

    public string Name => "warm";

    public string Server => "postgresql";

    public async Task RunAsync(IReport report, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.StartAsync(Server, cancellationToken: cancellationToken);
        await using var stage = new ConnectStage(("DB_PASSWORD", "postgres"));
        var access = stage.Get<ISourceAccess>();
        var source = Source(0);

        var cold = new List<TimeSpan>();
        for (var i = 1; i <= Cold; i++) // sources of their own, so that each opens one
            cold.Add(await OpenAsync(Source(i)));
        for (var i = 0; i < 200; i++)
            await OpenAsync(source);
        var warm = new List<TimeSpan>();
        for (var i = 0; i < Uses; i++)
            warm.Add(await OpenAsync(source));

        var (median, tail, opening) = (LoopbackPeer.Percentile(warm, 0.5), LoopbackPeer.Percentile(warm, 0.99), LoopbackPeer.Percentile(cold, 0.5));
        report.Add(new BoardResult("connect", "warm pooled connection to PostgreSQL, median ms, at most", median, null, 1));
        report.Add(new BoardResult("connect", "warm pooled connection to PostgreSQL, p99 ms, at most", tail, null, 1));
        report.Add(new RaceResult("connect", "connection from the pool, against opening one", median, opening, "ms", opening / median, null));

        // Until the work has its connection; through the pipeline, as every use is.
        async Task<TimeSpan> OpenAsync(SourceDefinition from)
        {
            var began = Stopwatch.GetTimestamp();
            return await access.UseAsync(from, (_, _) => Task.FromResult(Stopwatch.GetElapsedTime(began)), cancellationToken);
        }

        SourceDefinition Source(int number) => new()
        {
            Source = $"market-{number}",
            Kind = SourceKind.Database,
            Connection = new()
            {
                System = "postgresql",
                BaseUrl = $"postgresql://127.0.0.1:{server.Port}/postgres",
                AllowPrivateNetwork = true,
                Auth = new() { Kind = "basic", Options = new Dictionary<string, string> { ["user"] = "postgres", ["value"] = "${DB_PASSWORD}" } },
                Limits = new() { RequestsPerSecond = 100_000, Burst = 10_000 },
                Options = new Dictionary<string, string> { ["encrypt"] = "false" },
            },
        };
    }
}
