using DataIngestion.Contracts;
using DataIngestion.Samples;
using DataIngestion.SystemTests.Platform;

namespace DataIngestion.SystemTests;

[Trait("Category", "server")]
public sealed class KillTests(ITestOutputHelper output)
{
    const int Kills = 25;
    const int Seed = 20260302;

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    static readonly DateOnly FirstRunSees = new(2019, 11, 26);

    static readonly string[] EventsOfEveryRun =
    [
        LifecycleEventTypes.RunStarted, LifecycleEventTypes.CollectionStarted, LifecycleEventTypes.CollectionCompleted, LifecycleEventTypes.SchemaInferred,
        LifecycleEventTypes.FormatConverted, LifecycleEventTypes.QualityChecked, LifecycleEventTypes.MergeCompleted, LifecycleEventTypes.RunCompleted,
    ];

    [Fact]
    public Task Killed_at_25_random_moments_it_ends_in_the_same_data_as_undisturbed() => CompareAsync(Seed);

    [Theory]
    [Trait("Category", "campaign")]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public Task Killed_at_other_moments_it_ends_in_the_same_data_as_undisturbed(int seed) => CompareAsync(seed);

    async Task CompareAsync(int seed)
    {
        var stop = TestContext.Current.CancellationToken;
        var vendor = new VendorOptions { Through = FirstRunSees, RateLimitEvery = 5, UnavailableAt = 3 };

        var expected = await IngestAsync(vendor, (_, _) => Task.CompletedTask, stop);

        var random = new Random(seed);
        var actual = await IngestAsync(vendor, (world, kills) => KillAsync(world, random, kills, stop), stop);

        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (dataset, rows) in expected)
            Assert.Equal(rows, actual[dataset]);
    }

    async Task KillAsync(World world, Random random, int kills, CancellationToken stop)
    {
        for (var i = 0; i < kills; i++)
        {
            var wait = TimeSpan.FromMilliseconds(random.Next(50, 2500));
            using (var timer = new PeriodicTimer(wait))
                await timer.WaitForNextTickAsync(stop);
            await world.KillAsync();
            await world.StartAsync(stop);
        }

        output.WriteLine($"killed {kills} times");
    }

    // Both rounds of the demo: everything there is, then what is new.
    static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> IngestAsync(VendorOptions options, Func<World, int, Task> disturb, CancellationToken stop)
    {
        await using var world = await World.CreateAsync(options, configs: null, stop);
        await world.StartAsync(stop);
        var runs = new List<string>();

        runs.AddRange(await world.DropAsync(Path.Combine(World.Samples, "drop"), stop));
        runs.Add(await world.OrderAsync("vendor-api", "first", stop));
        await disturb(world, Kills - 8);
        await EndAsync(world, runs, stop);

        world.Vendor.Through = null;
        var later = await world.DropAsync(Path.Combine(World.Samples, "later"), stop);
        runs.AddRange(later);
        runs.Add(await world.OrderAsync("vendor-api", "second", stop));
        await disturb(world, 8);
        await EndAsync(world, runs, stop);

        await CheckEventsAsync(world, runs, stop);
        var letters = (await world.GetAsync("dead-letters", stop))!["deadLetters"]!.AsArray();
        Assert.True(letters.Count == 0, letters.ToJsonString());
        await World.UntilAsync(async () => await world.MessagesAsync(stop) == 0, Limit, () => "Messages are left in the queues.", stop);

        var datasets = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var dataset in await world.DatasetsAsync(stop))
            datasets[dataset] = await world.RowsAsync(dataset, stop);
        Assert.Contains("daily-bars", datasets.Keys);
        return datasets;
    }

    static async Task EndAsync(World world, IReadOnlyCollection<string> runs, CancellationToken stop)
    {
        foreach (var status in await world.EndOfAsync(runs, Limit, stop))
        {
            Assert.True(status.Status is RunState.Completed, $"{status.Run}: {status.Report?.Failure?.Message}");
            Assert.All(status.Report!.Datasets, d => Assert.True(d.IsBalanced, $"{status.Run}: {d}"));
        }
    }

    static async Task CheckEventsAsync(World world, IReadOnlyList<string> runs, CancellationToken stop)
    {
        var missing = new List<string>();
        await World.UntilAsync(
            async () =>
            {
                var events = await world.EventsAsync(stop);
                missing = [.. runs.SelectMany(run => EventsOfEveryRun.Where(type => !events.Any(e => e.Subject == run && e.Type == type)).Select(type => $"{run} {type}"))];
                if (missing.Count > 0)
                    return false;

                // One dataset a run here, so two ids for one type would be two events for one fact.
                var twice = events.GroupBy(e => (e.Subject, e.Type)).Where(g => g.Select(e => e.Id).Distinct().Count() > 1).Select(g => g.Key);
                Assert.Empty(twice);
                return true;
            },
            Limit, () => $"These events are missing: {string.Join(", ", missing)}", stop);
    }
}
