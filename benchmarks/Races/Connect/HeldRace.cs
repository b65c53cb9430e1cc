using System.Diagnostics;
using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Benchmarks.Connect;

/// <summary>A thousand connections held open at once, and opened anew several times: memory must not grow.</summary>
internal sealed class HeldRace : IConnectRace
{
    const int Connections = 1000;
    const int Rounds = 10;
    const int WarmUp = 4; // until the heap has found its size

    public string Name => "held";

    public string? Server => null;

    public async Task RunAsync(IReport report, CancellationToken cancellationToken)
    {
        await using var peer = await LoopbackPeer.StartAsync(cancellationToken);
        await using var stage = new ConnectStage();
        var http = stage.Get<ISourceHttp>();
        var source = new SourceDefinition
        {
            Source = "vendor",
            Kind = SourceKind.Stream,
            Connection = new() { BaseUrl = peer.Address.ToString(), AllowPrivateNetwork = true, Limits = new() { RequestsPerSecond = 100_000, Burst = 10_000, MaxConcurrent = 200 } },
        };
        var memory = new List<double>();
        var fewest = int.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var held = await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ => (await http.OpenAsync(source, new() { Path = "/held" }, cancellationToken)).Value));
            var read = 0;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            stop.CancelAfter(TimeSpan.FromSeconds(5));
            await Task.WhenAll(held.Select(async response =>
            {
                var buffer = new byte[64];
                var last = 0;
                try
                {
                    while ((last = await response.Body.ReadAsync(buffer, stop.Token)) > 0)
                    {
                    }
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref read); // still open when the time was over
                }
            }));
            fewest = Math.Min(fewest, read);
            memory.Add(WorkingSet());
            foreach (var response in held)
                await response.DisposeAsync();
        }

        var growth = (memory[^1] / memory[WarmUp]) - 1;
        report.Add(new BoardResult("connect", $"connections held at once for 5 s, fewest of {Rounds} rounds", fewest, Connections, Connections));
        report.Add(new BoardResult("connect", $"memory with {Connections} connections held, MB", memory[^1], null, 300));
        report.Add(new BoardResult("connect", $"growth of memory over {(Rounds - 1 - WarmUp) * Connections} connections held and opened anew, %, at most", growth * 100, null, 5));
        report.Note($"  working set by round: {string.Join(", ", memory.Select(m => $"{m:0}"))} MB");
    }

    static double WorkingSet()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64 / 1e6;
    }
}
