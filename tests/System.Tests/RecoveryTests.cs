using System.Text.Json.Nodes;
using DataIngestion.Contracts;
using DataIngestion.Samples;
using DataIngestion.SystemTests.Platform;
using DataIngestion.TestKit;

namespace DataIngestion.SystemTests;

/// <summary>The rehearsal of <c>docs/runbooks/restore.md</c>: the same commands, with an emulator in the place of Azure.</summary>
[Trait("Category", "server")]
public sealed class RecoveryTests(ITestOutputHelper output)
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    static readonly DateOnly FirstRunSees = new(2019, 11, 26);

    static Task<IReadOnlyDictionary<string, IReadOnlyList<string>>>? _undisturbed;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_account_and_task_hub_are_destroyed_it_goes_on_from_the_backup_to_the_same_data_as_undisturbed()
    {
        var expected = await UndisturbedAsync();

        var actual = await IngestAsync(async (world, backups) =>
        {
            await BackUpAsync(world, backups);

            // What comes after the backup is lost with the account, also in the middle of it; the source is asked for it again.
            world.Vendor.Through = null;
            var asked = world.Vendor.Requests;
            await world.OrderAsync("vendor-api", "lost", Stop);
            await World.UntilAsync(() => Task.FromResult(world.Vendor.Requests > asked), Limit, () => "The vendor was not asked.", Stop);
            await world.KillAsync();
            await RestoreAsync(world, backups);
            return [];
        });

        Same(expected, actual);
    }

    [Fact]
    public async Task A_run_that_was_under_way_in_the_backup_is_ended_after_the_restore()
    {
        var expected = await UndisturbedAsync();

        var actual = await IngestAsync(async (world, backups) =>
        {
            world.Vendor.Through = null;
            world.Vendor.Inject(VendorFault.NeverAnswers);
            var asked = world.Vendor.Requests;
            var run = await world.OrderAsync("vendor-api", "second", Stop);
            await World.UntilAsync(() => Task.FromResult(world.Vendor.Requests > asked), Limit, () => "The vendor was not asked.", Stop);
            await world.KillAsync();
            await BackUpAsync(world, backups);
            world.Vendor.Inject(VendorFault.None);
            await RestoreAsync(world, backups);

            var adopted = (await world.PostAsync("stamp/adopt", Stop))!["adopted"]!.AsArray().Select(r => r!.GetValue<string>()).ToList();
            Assert.Equal([run], adopted);
            return adopted;
        });

        Same(expected, actual);
    }

    [Fact]
    [Trait("Category", "campaign")]
    public async Task A_task_hub_alone_that_is_lost_begins_no_run_again_that_had_ended_and_gives_its_reports()
    {
        await using var world = await World.CreateAsync(new(), configs: null, Stop);
        await world.StartAsync(Stop);
        var run = await world.OrderAsync("vendor-api", "once", Stop);
        await EndAsync(world, [run]);
        var asked = world.Vendor.Requests;

        await world.KillAsync();
        world.LoseTaskHub();
        await world.StartAsync(Stop);

        Assert.Equal(run, await world.OrderAsync("vendor-api", "once", Stop));
        await EndAsync(world, [run]); // from the register
        var state = JsonNode.Parse("null");
        await World.UntilAsync(async () => (state = await world.GetAsync("stamp", Stop))!["drained"]!.GetValue<bool>(), Limit, () => $"It has work left: {state?.ToJsonString()}", Stop);
        Assert.Equal("local", state!["stamp"]!.GetValue<string>());
        Assert.Equal(asked, world.Vendor.Requests);
        Assert.Empty((await world.PostAsync("stamp/adopt", Stop))!["adopted"]!.AsArray());
    }

    // Tests of a class run one after another.
    Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> UndisturbedAsync() => _undisturbed ??= IngestAsync((_, _) => Task.FromResult<IReadOnlyList<string>>([]));

    async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> IngestAsync(Func<World, string, Task<IReadOnlyList<string>>> disaster)
    {
        using var backups = new TemporaryFolder("backups");
        await using var world = await World.CreateAsync(new() { Through = FirstRunSees }, configs: null, Stop);
        await world.StartAsync(Stop);
        var first = await world.DropAsync(Path.Combine(World.Samples, "drop"), Stop);
        var api = await world.OrderAsync("vendor-api", "first", Stop);
        await EndAsync(world, [.. first, api]);

        var again = await disaster(world, backups.Path);
        await EndAsync(world, again);

        world.Vendor.Through = null;
        var later = await world.DropAsync(Path.Combine(World.Samples, "later"), Stop);
        var second = await world.OrderAsync("vendor-api", "second", Stop);
        await EndAsync(world, [.. later, second]);

        // No file was ingested twice, and nothing is waiting.
        var files = (await world.GetAsync("ingestions?limit=500", Stop))!["runs"]!.AsArray().Select(r => r!["run"]!.GetValue<string>());
        Assert.Empty(files.Except([.. first, api, .. again, .. later, second]));
        await World.UntilAsync(async () => await world.MessagesAsync(Stop) == 0, Limit, () => "Messages are left in the queues.", Stop);

        var datasets = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var dataset in await world.DatasetsAsync(Stop))
            datasets[dataset] = await world.RowsAsync(dataset, Stop);
        Assert.Contains("daily-bars", datasets.Keys);
        return datasets;
    }

    async Task BackUpAsync(World world, string backups)
    {
        output.WriteLine(await world.CommandAsync(["backup", "--to", backups, "--verify"], Stop));
        output.WriteLine(await world.CommandAsync(["backup", "--to", backups, "--json"], Stop)); // one on top of the other
    }

    async Task RestoreAsync(World world, string backups)
    {
        await world.DestroyAsync(Stop);
        output.WriteLine(await world.CommandAsync(["restore", "--from", backups, "--verify"], Stop));
        await world.StartAsync(Stop);
    }

    static async Task EndAsync(World world, IReadOnlyCollection<string> runs)
    {
        foreach (var status in await world.EndOfAsync(runs, Limit, Stop))
        {
            Assert.True(status.Status is RunState.Completed, $"{status.Run}: {status.Report?.Failure?.Message}");
            Assert.All(status.Report!.Datasets, d => Assert.True(d.IsBalanced, $"{status.Run}: {d}"));
        }
    }

    static void Same(IReadOnlyDictionary<string, IReadOnlyList<string>> expected, IReadOnlyDictionary<string, IReadOnlyList<string>> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (dataset, rows) in expected)
            Assert.Equal(rows, actual[dataset]);
    }
}
