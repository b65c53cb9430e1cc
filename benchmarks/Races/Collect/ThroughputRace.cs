using System.Diagnostics;
using DataIngestion.Collect;
using DataIngestion.Contracts;

namespace DataIngestion.Benchmarks.Collect;

/// <summary>Pages of a megabyte from loopback HTTP into Azurite, against Azurite alone taking the same bytes in the same run.</summary>
internal static class ThroughputRace
{
    const int Pages = 2000;
    const int Concurrent = 8;
    const double Goal = 28; // 100 GB an hour

    public static async Task RunAsync(IReport report, CancellationToken cancellationToken)
    {
        await using var vendor = await VendorPeer.StartAsync(cancellationToken);
        await using var stage = await CollectStage.OpenAsync(cancellationToken);
        var source = CollectStage.Source(vendor.Address, "/bars", Pages / 20, Concurrent);
        await stage.CollectAsync(source, null, cancellationToken); // until everything is compiled

        var before = await AloneAsync(stage, cancellationToken);
        var memory = new List<(long Bytes, double Megabytes)>();
        var samples = new Sampler(bytes => memory.Add((bytes, CollectStage.WorkingSet())));
        var (began, cpu) = (Stopwatch.GetTimestamp(), CollectStage.Cpu());
        var result = await stage.CollectAsync(CollectStage.Source(vendor.Address, "/bars", Pages, Concurrent), samples, cancellationToken);
        var (time, used) = (Stopwatch.GetElapsedTime(began), CollectStage.Cpu() - cpu);
        var after = await AloneAsync(stage, cancellationToken);

        var (ours, azurite) = (result.Bytes / 1e6 / time.TotalSeconds, (before + after) / 2);
        report.Add(new RaceResult("collect", $"{result.Bytes / 1e6:N0} MB in {result.Artefacts:N0} pages from loopback HTTP; Azurite taking the same pages alone", ours, azurite, "MB/s", ours / azurite, memory.Max(m => m.Megabytes)));
        report.Add(new BoardResult("collect", "sustained throughput of one collector, MB/s (goal: 28, or 0.9 of Azurite alone if that is less)", ours, null, Math.Min(Goal, 0.9 * azurite)));
        var settled = memory.Where(m => m.Bytes > result.Bytes / 4).ToList();
        report.Add(new BoardResult("collect", "growth of memory from the first quarter to the end, %, at most", ((settled[^1].Megabytes / settled[0].Megabytes) - 1) * 100, null, 10));
        report.Note($"  processor time for a GB: {used.TotalSeconds / (result.Bytes / 1e9):0.0} s");
        report.Note($"  Azurite alone before and after: {before:0} and {after:0} MB/s; working set: {string.Join(", ", memory.Select(m => $"{m.Megabytes:0}"))} MB");
    }

    // The two blobs of a page, as the collector writes them.
    static async Task<double> AloneAsync(CollectStage stage, CancellationToken cancellationToken)
    {
        const int Count = 400;
        var page = VendorPeer.Page(VendorPeer.PageBytes);
        var note = new byte[700];
        var folder = new LakePath(Containers.Landing, $"alone/{Guid.NewGuid():N}");
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = Concurrent, CancellationToken = cancellationToken }, async (i, stop) =>
        {
            await stage.Blobs.WriteOnceAsync(folder.Child($"{i}.bin"), new MemoryStream(page), "application/json", stop);
            await stage.Blobs.WriteOnceAsync(folder.Child($"{i}.json"), new MemoryStream(note), "application/json", stop);
        });
        return Count * (double)page.Length / 1e6 / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Looks at the memory twenty times on the way.</summary>
    sealed class Sampler(Action<long> sample) : IProgress<CollectProgress>
    {
        readonly Lock _turn = new();
        long _next;

        public void Report(CollectProgress value)
        {
            lock (_turn)
            {
                if (value.Bytes < _next)
                    return;
                _next = value.Bytes + ((long)Pages * VendorPeer.PageBytes / 20);
                sample(value.Bytes);
            }
        }
    }
}
