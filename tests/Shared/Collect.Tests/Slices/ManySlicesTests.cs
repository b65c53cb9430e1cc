using System.Diagnostics;
using DataIngestion.Connect;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Collect.Tests.Slices;

public sealed class ManySlicesTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    [Fact]
    public async Task A_thousand_slices_are_landed_a_few_at_a_time_within_the_quota()
    {
        await using var vendor = await TickerVendor.StartAsync();
        await using var bench = await Workbench.OpenAsync(azurite);
        var symbols = Enumerable.Range(0, 1000).Select(n => $"S{n:D4}").ToArray();
        var limits = new LimitsDefinition { RequestsPerSecond = 10_000, Burst = 1000, MaxConcurrent = 8 };
        var source = bench.Source(vendor.Address, PartitionTests.Bars(PartitionTests.Symbols(symbols)), limits: limits);

        var (_, manifest) = await bench.CollectAsync(source, 1);

        Assert.Equal(symbols, manifest.Artefacts.Concat(manifest.Passed).Select(a => a.Partition["symbol"]));
        Assert.Equal(symbols.Select(s => $"bars?symbol={s}"), vendor.TakeAsked());
        Assert.InRange(vendor.MostAtOnce, 1, 8);
    }

    [Fact]
    public async Task A_quota_is_not_exceeded_however_many_slices_there_are()
    {
        await using var vendor = await TickerVendor.StartAsync();
        await using var bench = await Workbench.OpenAsync(azurite);
        var limits = new LimitsDefinition { RequestsPerSecond = 50, Burst = 5, MaxConcurrent = 16 };
        var source = bench.Source(vendor.Address, PartitionTests.Bars(PartitionTests.Symbols([.. Enumerable.Range(0, 60).Select(n => $"S{n:D4}")])), limits: limits);
        List<long> times = [];
        vendor.Instead = _ =>
        {
            lock (times)
                times.Add(Stopwatch.GetTimestamp());
            return Task.FromResult(false);
        };

        await bench.CollectAsync(source, 1);

        // Whatever the machine's speed: n requests are not there before the rate allows them.
        for (var n = 0; n < times.Count; n++)
            Assert.True(n <= 5 + 1 + (Stopwatch.GetElapsedTime(times[0], times[n]).TotalSeconds * 50), $"request {n} came after {Stopwatch.GetElapsedTime(times[0], times[n])}");
    }

    [Fact]
    public async Task Hundred_thousand_slices_are_made_as_they_are_asked_for_and_what_is_kept_of_each_is_small()
    {
        const int Count = 100_000;
        var values = Enumerable.Range(0, Count).Select(n => $"S{n:D6}").ToArray();
        var dataset = PartitionTests.Bars(PartitionTests.Symbols(values));
        var source = new SourceDefinition { Source = "many", Kind = SourceKind.Api, Connection = new() { BaseUrl = "http://localhost" }, Datasets = [dataset] };
        var plan = new CollectPlan { To = "2026-03-01", StartedAt = DateTimeOffset.UnixEpoch };
        var inquiry = new DefinedInquiry(source, dataset, plan, previous: null, SliceStates.None, values: null, parents: null!);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var made = 0;
        await foreach (var slice in inquiry.SlicesAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal(values[made++], slice.Partition["symbol"]);
            inquiry.Settle(new(slice, [], Nothing: null));
        }

        var kept = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        output.WriteLine($"{kept:N0} bytes a slice");
        Assert.Equal(Count, made);
        Assert.InRange(kept, 0, 1500);
        Assert.Equal(Count, inquiry.Conclude().Slices!.Count);
    }
}
