using System.Text.Json;
using Azure.Data.Tables;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Storage.Tests;

public sealed class CommandLedgerTests(AzuriteFixture azurite)
{
    readonly string _command = $"alpha-{Guid.NewGuid():n}/collect-bars/1";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_is_unseen_then_begun_then_alive_then_answered()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        var start = emulator.Time.GetUtcNow();
        Assert.Equal(CommandState.Unseen, await emulator.Ledger.FindAsync(_command, Cancel));

        await emulator.Ledger.BeginAsync(_command, Cancel);
        emulator.Time.Advance(TimeSpan.FromSeconds(2));
        await emulator.Ledger.BeatAsync(_command, Cancel);
        Assert.Equal(new CommandState(start, start.AddSeconds(2), null), await emulator.Ledger.FindAsync(_command, Cancel));

        var reply = Reply(emulator, "done");
        Assert.Same(reply, await emulator.Ledger.FinishAsync(reply, Cancel));
        await emulator.Ledger.BeatAsync(_command, Cancel);
        var state = await emulator.Ledger.FindAsync(_command, Cancel);
        Assert.Equal("done", state.Reply!.ResultAs<string>());
        Assert.Equal(start, state.BeganAt);
    }

    [Theory]
    [InlineData(10), InlineData(200_000)]
    public async Task Of_many_replies_at_once_the_first_counts_for_all(int length)
    {
        var emulator = await Emulator.CreateAsync(azurite);
        var beating = Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
                await emulator.Ledger.BeatAsync(_command, Cancel);
        }, Cancel);

        var counted = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => emulator.Ledger.FinishAsync(Reply(emulator, new string((char)('a' + i), length)), Cancel)));
        await beating;

        var stored = (await emulator.Ledger.FindAsync(_command, Cancel)).Reply!.ResultAs<string>();
        Assert.Equal(length, stored.Length);
        Assert.All(counted, reply => Assert.Equal(stored, reply.ResultAs<string>()));
    }

    [Fact]
    public async Task A_failed_reply_keeps_its_failure()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        var failure = new Failure { Code = "rate-limited", Message = "m", IsTransient = true, HttpStatus = 429, RetryNotBefore = emulator.Time.GetUtcNow().AddMinutes(1) };

        await emulator.Ledger.FinishAsync(new() { CommandId = _command, Failure = failure }, Cancel);

        Assert.Equal(failure, (await emulator.Ledger.FindAsync(_command, Cancel)).Reply!.Failure);
    }

    [Fact]
    public async Task A_large_reply_that_has_gone_is_not_taken_for_none()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        await emulator.Ledger.FinishAsync(Reply(emulator, new string('x', 100_000)), Cancel);
        Assert.Equal(1, await emulator.Blobs.DeleteFolderAsync(new(Containers.Control, $"replies/{_command}"), Cancel));

        Assert.Equal("reply-missing", (await Assert.ThrowsAsync<StepFailedException>(() => emulator.Ledger.FindAsync(_command, Cancel))).Failure.Code);
    }

    [Fact]
    public async Task Attempts_are_commands_of_their_own()
    {
        var emulator = await Emulator.CreateAsync(azurite);
        await emulator.Ledger.FinishAsync(Reply(emulator, "first"), Cancel);

        Assert.Equal(CommandState.Unseen, await emulator.Ledger.FindAsync(_command[..^1] + "2", Cancel));
    }

    [Theory]
    [InlineData(""), InlineData("run"), InlineData("/step/1")]
    public async Task What_is_no_command_id_is_refused(string id)
    {
        var emulator = await Emulator.CreateAsync(azurite);

        await Assert.ThrowsAsync<ArgumentException>(() => emulator.Ledger.FindAsync(id, Cancel));
    }

    [Fact]
    public async Task The_table_is_made_when_it_is_missing()
    {
        using var data = new TemporaryFolder("azurite");
        await using var fresh = await DataIngestion.LocalRuntime.Hosting.AzuriteProcess.StartAsync(new(data.Path), Cancel);
        var clients = StorageClients.Connect(fresh.ConnectionString);
        var blobs = new BlobStore(clients);

        Assert.Equal(CommandState.Unseen, await new CommandLedger(clients, blobs, TimeProvider.System).FindAsync(_command, Cancel));
        await new CommandLedger(clients, blobs, TimeProvider.System).FinishAsync(new() { CommandId = _command, Result = JsonSerializer.SerializeToElement(1) }, Cancel);
        await clients.Tables.GetTableClient("commands").DeleteAsync(Cancel);
        await new CommandLedger(clients, blobs, TimeProvider.System).BeginAsync(_command, Cancel);

        Assert.Single(clients.Tables.GetTableClient("commands").Query<TableEntity>(cancellationToken: Cancel));
    }

    AgentReply Reply(Emulator emulator, string result) =>
        new() { CommandId = _command, Result = JsonSerializer.SerializeToElement(result), StartedAt = emulator.Time.GetUtcNow(), FinishedAt = emulator.Time.GetUtcNow() };
}
