using System.Diagnostics;
using System.Globalization;
using DataIngestion.TestKit;

namespace DataIngestion.Merge.Tests;

/// <summary>At full size by hand: <c>INGEST_LARGE=1000000 dotnet run -c Release -- -method "*LargeMergeTests*" -showLiveOutput</c>.</summary>
public sealed class LargeMergeTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_merge_far_larger_than_its_buffer_stays_small()
    {
        var rows = int.Parse(Environment.GetEnvironmentVariable("INGEST_LARGE") ?? "60000", CultureInfo.InvariantCulture);
        var lake = await TestLake.CreateAsync(azurite);
        var options = new MergerOptions { SortBufferBytes = rows < 100_000 ? 1 << 20 : 64 << 20 };
        var first = await lake.CurateAsync("fed", 1, new Prices(rows, 0));
        var second = await lake.CurateAsync("ecb", 2, new Prices(rows, rows / 2));
        var report = TestContext.Current.TestOutputHelper!;
        foreach (var run in new[] { first, second })
        {
            using var process = Process.GetCurrentProcess();
            var (watch, worked) = (Stopwatch.StartNew(), process.TotalProcessorTime);
            var allocated = GC.GetTotalAllocatedBytes();
            var result = await lake.Merger(options: options).MergeAsync(run, TestContext.Current.CancellationToken);
            process.Refresh();
            report.WriteLine($"{result.RowsIn:N0} rows into {result.SnapshotRows:N0} in {watch.Elapsed.TotalSeconds:0.0} s ({(process.TotalProcessorTime - worked).TotalSeconds:0.0} s of processor), "
                + $"{(GC.GetTotalAllocatedBytes() - allocated) >> 20:N0} MiB allocated, peak {process.PeakWorkingSet64 >> 20:N0} MiB");
        }

        var manifest = (await lake.CurrentAsync())!;
        Assert.Equal(rows + (rows / 2), manifest.Result.SnapshotRows);
        Assert.Equal(rows / 2, manifest.Result.RowsSuperseded);
    }

    sealed class Prices(int count, int from) : IReadOnlyList<Price>
    {
        public int Count => count;

        // A permutation, so that nothing comes sorted.
        public Price this[int index]
        {
            get
            {
                var place = from + (int)(((long)index * 7_919) % count);
                return new($"SYM{place % 5_000:D5}", place / 5_000, 100 + (place % 977) + (from > 0 ? 1 : 0));
            }
        }

        public IEnumerator<Price> GetEnumerator() => Enumerable.Range(0, count).Select(i => this[i]).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
