using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Storage.Tests;

public sealed class CursorStoreTests(AzuriteFixture azurite)
{
    readonly string _source = $"s{Guid.NewGuid():n}";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static LakePath Landing(string run) => new(Containers.Landing, $"{run}/manifest.json");

    [Fact]
    public async Task A_cursor_moves_from_where_the_run_began_and_only_then()
    {
        var cursors = (await Emulator.CreateAsync(azurite)).Cursors;
        Assert.Null(await cursors.FindAsync(_source, "bars", Cancel));

        Assert.True(await cursors.CommitAsync(_source, "bars", "run-1", null, "b", Landing("run-1"), Cancel));
        Assert.False(await cursors.CommitAsync(_source, "bars", "run-2", null, "c", Landing("run-2"), Cancel)); // began before run-1 ended
        Assert.True(await cursors.CommitAsync(_source, "bars", "run-3", "b", "d", Landing("run-3"), Cancel));
        Assert.False(await cursors.CommitAsync(_source, "bars", "run-4", "b", "e", Landing("run-4"), Cancel));

        var state = await cursors.FindAsync(_source, "bars", Cancel);
        Assert.Equal(("d", "run-3", Landing("run-3")), (state!.Value, state.Run, state.Landing!.Value));
        Assert.Null(await cursors.FindAsync(_source, "trades", Cancel));
    }

    [Fact]
    public async Task A_commit_repeated_after_a_crash_is_the_same_commit()
    {
        var cursors = (await Emulator.CreateAsync(azurite)).Cursors;
        await cursors.CommitAsync(_source, "bars", "run-1", null, "b", Landing("run-1"), Cancel);
        var before = await cursors.FindAsync(_source, "bars", Cancel);

        Assert.True(await cursors.CommitAsync(_source, "bars", "run-1", null, "b", Landing("run-1"), Cancel));

        Assert.Equal(before, await cursors.FindAsync(_source, "bars", Cancel));
    }

    [Fact]
    public async Task Of_runs_that_began_at_the_same_cursor_one_moves_it()
    {
        var cursors = (await Emulator.CreateAsync(azurite)).Cursors;
        await cursors.CommitAsync(_source, "bars", "run-0", null, "a", Landing("run-0"), Cancel);

        var moved = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => cursors.CommitAsync(_source, "bars", $"run-{i}", "a", $"to-{i}", Landing($"run-{i}"), Cancel)));

        Assert.Single(moved, m => m);
        Assert.Equal($"to-{Array.IndexOf(moved, true) + 1}", (await cursors.FindAsync(_source, "bars", Cancel))!.Value);
    }
}
