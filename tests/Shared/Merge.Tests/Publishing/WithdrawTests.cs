using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Merge.Tests;

public sealed class WithdrawTests(AzuriteFixture azurite)
{
    static readonly Price[] First = [new("A", 1, 1m), new("B", 1, 2m)];
    static readonly Price[] Second = [new("A", 1, 3m, 9), new("C", 1, 4m, 9)];
    static readonly Price[] Third = [new("A", 1, 5m, 20), new("C", 1, 4m, 20)];

    static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_newest_run_is_taken_back_to_the_snapshot_before()
    {
        var lake = await TestLake.CreateAsync(azurite);
        await MergeAsync(lake, "fed", 1, First);
        var before = (await lake.CurrentAsync())!;
        await MergeAsync(lake, "ecb", 2, Second);
        var result = await WithdrawAsync(lake, "ecb", 2);

        Assert.Equal(new(true, before.Result.Snapshot), result);
        Assert.Equivalent(before, await lake.CurrentAsync());
        Assert.Equal(result, await WithdrawAsync(lake, "ecb", 2));
        await MergeAsync(lake, "ecb", 2, Second);
        Assert.Equal(2, (await lake.CurrentAsync())!.Runs.Count);
    }

    [Theory]
    [InlineData("fed", 1), InlineData("ecb", 2), InlineData("ecb", 3)]
    public async Task A_dataset_without_a_run_is_as_if_it_had_never_been_merged(string source, int withdrawn)
    {
        var lake = await TestLake.CreateAsync(azurite);
        var (all, others) = (lake.Twin(), lake.Twin());
        foreach (var (from, run, prices) in new[] { ("fed", 1, First), ("ecb", 2, Second), ("ecb", 3, Third) })
        {
            await MergeAsync(all, from, run, prices);
            if (run != withdrawn)
                await MergeAsync(others, from, run, prices);
        }

        Assert.True((await WithdrawAsync(all, source, withdrawn)).Withdrawn);
        Assert.Equal(await others.DumpAsync(all: true), await all.DumpAsync(all: true));
        Assert.Equal(await others.DumpAsync(), await all.DumpAsync());
        Assert.DoesNotContain((await all.CurrentAsync())!.Runs, r => r.Run == TestLake.RunOf(source, withdrawn));

        // The other two go as well, in turn, and leave nothing.
        foreach (var run in (await all.CurrentAsync())!.Runs)
            Assert.True((await all.Merger().WithdrawAsync(new(all.Dataset.Dataset, run.Run), CancellationToken)).Withdrawn);
        Assert.Null(await all.CurrentAsync());
    }

    [Fact]
    public async Task Withdrawing_what_was_never_published_changes_nothing()
    {
        var lake = await TestLake.CreateAsync(azurite);
        Assert.Equal(new(false, null), await WithdrawAsync(lake, "ecb", 1));
        await MergeAsync(lake, "fed", 1, First);
        Assert.Equal(new(false, (await lake.CurrentAsync())!.Result.Snapshot), await WithdrawAsync(lake, "ecb", 1));
    }

    [Fact]
    public async Task A_run_merged_during_a_withdrawal_stays()
    {
        var lake = await TestLake.CreateAsync(azurite);
        await MergeAsync(lake, "fed", 1, First);
        var late = await lake.CurateAsync("ecb", 2, Second);
        var writes = new FailingWrites { BeforePointer = () => lake.Merger().MergeAsync(late, CancellationToken) };
        var result = await lake.Merger(writes).WithdrawAsync(new(lake.Dataset.Dataset, TestLake.RunOf("fed", 1)), CancellationToken);

        Assert.True(result.Withdrawn);
        Assert.Equal(late.Run, Assert.Single((await lake.CurrentAsync())!.Runs).Run);
    }

    [Theory]
    [InlineData(1, 5), InlineData(2, 2)]
    public async Task A_withdrawal_killed_at_any_write_and_repeated_ends_as_if_undisturbed(int withdrawn, int writes)
    {
        var lake = await TestLake.CreateAsync(azurite);
        string? expected = null;
        for (var k = 0; k <= writes; k++)
        {
            var twin = lake.Twin();
            await MergeAsync(twin, "ecb", 1, First);
            await MergeAsync(twin, "ecb", 2, Second);
            if (k > 0)
                await Assert.ThrowsAsync<IOException>(() => WithdrawAsync(twin, "ecb", withdrawn, new FailingWrites { FailAt = k, AfterWriting = k % 2 == 0 }));
            Assert.True((await WithdrawAsync(twin, "ecb", withdrawn)).Withdrawn);
            Assert.Equal(expected ??= await twin.DumpAsync(all: true), await twin.DumpAsync(all: true));
        }
    }

    static async Task MergeAsync(TestLake lake, string source, int run, Price[] prices) =>
        await lake.Merger().MergeAsync(await lake.CurateAsync(source, run, prices), CancellationToken);

    static Task<WithdrawResult> WithdrawAsync(TestLake lake, string source, int run, FailingWrites? writes = null) =>
        lake.Merger(writes).WithdrawAsync(new(lake.Dataset.Dataset, TestLake.RunOf(source, run)), CancellationToken);
}
