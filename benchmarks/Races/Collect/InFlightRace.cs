using System.Globalization;
using DataIngestion.Collect;

namespace DataIngestion.Benchmarks.Collect;

/// <summary>A thousand requests under way at once, ten thousand in all: memory must not grow.</summary>
internal static class InFlightRace
{
    const int Concurrent = 1000;
    const int Requests = 10_000;

    public static async Task RunAsync(IReport report, CancellationToken cancellationToken)
    {
        await using var vendor = await VendorPeer.StartAsync(cancellationToken);
        await using var stage = await CollectStage.OpenAsync(cancellationToken);
        List<double> memory = [];
        var result = await stage.CollectAsync(CollectStage.Source(vendor.Address, "/slow", Requests, Concurrent), new Sampler(memory), cancellationToken);
        using var client = new HttpClient();
        var most = int.Parse(await client.GetStringAsync(new Uri(vendor.Address, "/most"), cancellationToken), CultureInfo.InvariantCulture);

        report.Add(new BoardResult("collect", $"requests in flight as the vendor counted them, most of {result.Requests:N0}", most, Concurrent, Concurrent));
        report.Add(new BoardResult("collect", "growth of memory from the third thousand to the last, %, at most", ((memory[^1] / memory[2]) - 1) * 100, null, 10));
        report.Note($"  working set by thousand: {string.Join(", ", memory.Select(m => $"{m:0}"))} MB");
    }

    sealed class Sampler(List<double> memory) : IProgress<CollectProgress>
    {
        readonly Lock _turn = new();

        public void Report(CollectProgress value)
        {
            lock (_turn)
            {
                if (value.Artefacts >= (memory.Count + 1) * Requests / 10)
                    memory.Add(CollectStage.WorkingSet());
            }
        }
    }
}
