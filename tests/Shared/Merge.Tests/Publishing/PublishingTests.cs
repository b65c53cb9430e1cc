using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Merge.Tests;

/// <summary>Races and crashes.</summary>
public sealed class PublishingTests(AzuriteFixture azurite)
{
    static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mergers_at_work_at_once_all_get_their_runs_into_the_dataset()
    {
        var lake = await TestLake.CreateAsync(azurite);
        lake.Time.AutoAdvanceAmount = TimeSpan.Zero; // all take the same moment
        var runs = await Task.WhenAll(Enumerable.Range(1, 5).Select(i => lake.CurateAsync($"s{i}", i, new("A", 1, i, i), new($"K{i}", 1, 1m))));
        var results = await Task.WhenAll(runs.Select(run => lake.Merger().MergeAsync(run, CancellationToken)));

        var current = (await lake.CurrentAsync())!;
        Assert.Equal(runs.Select(r => r.Run).Order(), current.Runs.Select(r => r.Run).Order());
        Assert.Equal(6, current.Result.SnapshotRows);
        Assert.Equal(5, results.Select(r => r.Snapshot).Distinct().Count());
        Assert.StartsWith("A 5.0000", await lake.DumpAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_merger_that_loses_the_race_merges_again_on_what_the_other_published()
    {
        var lake = await TestLake.CreateAsync(azurite);
        var (slow, fast) = (await lake.CurateAsync("ecb", 1, new("A", 1, 1m), new("B", 1, 1m)), await lake.CurateAsync("fed", 2, new("A", 1, 2m), new("C", 1, 1m)));
        var writes = new FailingWrites { BeforePointer = () => lake.Merger().MergeAsync(fast, CancellationToken) };
        var result = await lake.Merger(writes).MergeAsync(slow, CancellationToken);

        Assert.Equal((2, 2, 1, 3), (result.RowsIn, result.RowsOut, result.RowsSuperseded, result.SnapshotRows));
        Assert.Equal([fast.Run, slow.Run], (await lake.CurrentAsync())!.Runs.Select(r => r.Run));
    }

    [Fact]
    public async Task The_same_run_merged_by_two_at_once_is_in_the_dataset_once()
    {
        var lake = await TestLake.CreateAsync(azurite);
        var run = await lake.CurateAsync("ecb", 1, new Price("A", 1, 1m));
        MergeResult? other = null;
        var writes = new FailingWrites { BeforePointer = async () => other = await lake.Merger().MergeAsync(run, CancellationToken) };
        var result = await lake.Merger(writes).MergeAsync(run, CancellationToken);

        Assert.Equal(other, result);
        Assert.Single((await lake.CurrentAsync())!.Runs);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task A_merge_killed_at_any_write_and_repeated_ends_as_if_undisturbed(bool afterWriting)
    {
        var lake = await TestLake.CreateAsync(azurite);
        Price[] first = [new("A", 1, 1m), new("B", 1, 2m)], second = [new("A", 1, 3m, 9), new("C", 1, 4m, 9)];
        var calm = lake.Twin();
        await calm.Merger().MergeAsync(await calm.CurateAsync("fed", 1, first), CancellationToken);
        var undisturbed = new FailingWrites();
        var expectedResult = await calm.Merger(undisturbed).MergeAsync(await calm.CurateAsync("ecb", 2, second), CancellationToken);
        var expected = await calm.DumpAsync(all: true);
        Assert.Equal(4, undisturbed.Writes);

        for (var k = 1; k <= undisturbed.Writes; k++)
        {
            var killed = lake.Twin();
            await killed.Merger().MergeAsync(await killed.CurateAsync("fed", 1, first), CancellationToken);
            var before = await killed.DumpAsync(all: true);
            var run = await killed.CurateAsync("ecb", 2, second);
            await Assert.ThrowsAsync<IOException>(() => killed.Merger(new FailingWrites { FailAt = k, AfterWriting = afterWriting }).MergeAsync(run, CancellationToken));
            Assert.Equal(k == undisturbed.Writes && afterWriting ? expected : before, await killed.DumpAsync(all: true));

            var result = await killed.Merger().MergeAsync(run, CancellationToken);
            Assert.Equal(expected, await killed.DumpAsync(all: true));
            Assert.Equal(expectedResult with { Snapshot = default }, result with { Snapshot = default });
            Assert.Equal(2, (await killed.CurrentAsync())!.Runs.Count);
        }
    }
}
