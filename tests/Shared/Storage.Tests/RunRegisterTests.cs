using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Storage.Tests;

public sealed class RunRegisterTests(AzuriteFixture azurite)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_stamps_that_get_the_same_request_one_begins_the_run()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        var register = new RunRegister(emulator.Blobs, emulator.Time);
        var request = Request();

        var stamps = Enumerable.Range(0, 8).Select(i => $"stamp-{i}").ToArray();
        var begun = await Task.WhenAll(stamps.Select(stamp => register.TryBeginAsync(request, stamp, Cancel)));

        var winner = Assert.Single(stamps.Where((_, i) => begun[i]));
        Assert.Equal(winner, (await register.FindAsync(request.Run, Cancel))!.Stamp);
        Assert.True(await register.TryBeginAsync(request, winner, Cancel)); // the same message again, after a crash
    }

    [Fact]
    public async Task A_run_that_has_ended_is_begun_by_nobody_and_keeps_its_report()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        var register = new RunRegister(emulator.Blobs, emulator.Time);
        var request = Request();
        Assert.True(await register.TryBeginAsync(request, "blue", Cancel));
        Assert.Contains(request.Run, await OpenAsync(register));

        await register.EndAsync(Report(request), Cancel);
        await register.EndAsync(Report(request), Cancel);

        Assert.DoesNotContain(request.Run, await OpenAsync(register));
        Assert.False(await register.TryBeginAsync(request, "blue", Cancel));
        Assert.False(await register.TryBeginAsync(request, "green", Cancel));
        Assert.Equal(RunOutcome.Failed, (await register.FindAsync(request.Run, Cancel))!.Report!.Outcome);
    }

    [Fact]
    public async Task A_run_is_moved_from_the_stamp_that_has_it_and_from_no_other()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        var register = new RunRegister(emulator.Blobs, emulator.Time);
        var request = Request();
        await register.TryBeginAsync(request, "blue", Cancel);

        Assert.False(await register.TryMoveAsync(request.Run, "green", "red", Cancel));
        Assert.True(await register.TryMoveAsync(request.Run, "blue", "green", Cancel));
        Assert.False(await register.TryMoveAsync(request.Run, "blue", "red", Cancel));

        Assert.True(await register.TryBeginAsync(request, "green", Cancel));
        Assert.False(await register.TryBeginAsync(request, "blue", Cancel));
        Assert.False(await register.TryMoveAsync("gone-20260302T120000Z-aaaaaa", "blue", "green", Cancel));
    }

    [Fact]
    public async Task The_end_of_a_run_that_was_never_begun_here_leaves_nothing()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        var register = new RunRegister(emulator.Blobs, emulator.Time);
        var request = Request();

        await register.EndAsync(Report(request), Cancel);

        Assert.Null(await register.FindAsync(request.Run, Cancel));
    }

    static async Task<List<string>> OpenAsync(RunRegister register)
    {
        var open = new List<string>();
        await foreach (var record in register.OpenAsync(Cancel))
            open.Add(record.Request.Run);
        return open;
    }

    static IngestionRequest Request() => new() { Run = RunId.From("vendor", new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero), $"{Guid.NewGuid()}"), Source = "vendor" };

    static RunReport Report(IngestionRequest request) =>
        new() { Run = request.Run, Source = request.Source, Outcome = RunOutcome.Failed, StartedAt = default, FinishedAt = new(2026, 3, 2, 12, 5, 0, TimeSpan.Zero) };
}
