using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.TestKit;

namespace DataIngestion.Recover.Tests;

public sealed class RestoreTests(Accounts accounts) : IClassFixture<Accounts>, IAsyncLifetime
{
    readonly TemporaryFolder _folder = new("backup");

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await accounts.EmptyAsync();
        await BackupTests.FillAsync(accounts.Live);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_damaged_account_gets_back_what_is_missing_and_keeps_what_came_later()
    {
        var before = await Accounts.ContentAsync(accounts.Live);
        var target = await BackUpAsync();
        await accounts.Live.Blobs.GetBlobContainerClient("landing").DeleteBlobAsync("a/2.csv", cancellationToken: Cancel);
        await accounts.Live.Blobs.DeleteBlobContainerAsync("control", cancellationToken: Cancel);
        await accounts.Live.Tables.GetTableClient("deadletters").DeleteEntityAsync("p", "2", cancellationToken: Cancel);
        await Accounts.PutAsync(accounts.Live, "landing/a/later.csv", "later");

        var plan = await RestoreAsync(target, new() { DryRun = true });
        Assert.Null(await Accounts.GetAsync(accounts.Live, "landing/a/2.csv"));
        var summary = await RestoreAsync(target, new() { Verify = true });

        Assert.Equal((3L, 1L, 5L), (summary.Written, summary.Rows, summary.Same));
        Assert.Equal((plan.Written, plan.Rows, plan.Same), (summary.Written, summary.Rows, summary.Same));
        Assert.Equal(before, (await Accounts.ContentAsync(accounts.Live)).Where(l => !l.Contains("later", StringComparison.Ordinal)));
        Assert.Equal("later", await Accounts.GetAsync(accounts.Live, "landing/a/later.csv"));
        var again = await RestoreAsync(target, new());
        Assert.Equal((0L, 0L), (again.Written, again.Rows));
    }

    [Fact]
    public async Task Newer_data_is_not_overwritten_unless_somebody_says_so()
    {
        var before = await Accounts.ContentAsync(accounts.Live);
        var target = await BackUpAsync();
        await accounts.Live.Blobs.GetBlobContainerClient("landing").DeleteBlobAsync("a/2.csv", cancellationToken: Cancel);
        await LaterAsync(() => Accounts.PutAsync(accounts.Live, "datasets/bars/current.json", "second"));
        await Accounts.AddRowAsync(accounts.Live, "deadletters", "1", "replayed");
        var damaged = await Accounts.ContentAsync(accounts.Live);

        var refused = await Assert.ThrowsAsync<NewerDataException>(() => RestoreAsync(target, new()));

        Assert.Equal("The account has 2 things that were written after the backup and differ from it: datasets/bars/current.json, 1 rows of table deadletters. Nothing was changed. Restore into an empty account, or replace them with --overwrite.", refused.Message);
        Assert.Equal(damaged, await Accounts.ContentAsync(accounts.Live));
        await RestoreAsync(target, new() { Overwrite = true, Verify = true });
        Assert.Equal(before, (await Accounts.ContentAsync(accounts.Live)).Where(l => !l.StartsWith("somebody/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_restore_that_is_killed_leaves_no_pointer_to_nothing_and_is_ended_by_the_next()
    {
        var expected = await Accounts.ContentAsync(accounts.Live);
        var target = await BackUpAsync();
        for (var operations = 1; operations < 14; operations++)
        {
            await Accounts.EmptyAsync(accounts.Other);
            try
            {
                await new Restore(accounts.Other).RunAsync(new FailingTarget(target, operations), new() { Parallel = 2 }, Cancel);
            }
            catch (IOException)
            {
                if (await Accounts.GetAsync(accounts.Other, "datasets/bars/current.json") is not null)
                    Assert.NotNull(await Accounts.GetAsync(accounts.Other, "datasets/bars/snapshots/1/part.parquet"));
                if (await Accounts.GetAsync(accounts.Other, "control/cursors/a/bars.json") is not null)
                    Assert.NotNull(await Accounts.GetAsync(accounts.Other, "datasets/bars/current.json"));
            }

            await new Restore(accounts.Other).RunAsync(target, new() { Verify = true }, Cancel);
            Assert.Equal(expected, await Accounts.ContentAsync(accounts.Other));
        }
    }

    [Fact]
    public async Task A_content_that_is_damaged_in_the_backup_is_found_and_not_restored()
    {
        var target = await BackUpAsync();
        var victim = Directory.EnumerateFiles(Path.Combine(_folder.Path, "objects"), "*", SearchOption.AllDirectories).First(f => File.ReadAllText(f) == "rows");
        await File.WriteAllTextAsync(victim, "rowz", Cancel);

        var damaged = await Assert.ThrowsAsync<BackupDamagedException>(() => new Restore(accounts.Other).RunAsync(target, cancellationToken: Cancel));

        Assert.StartsWith("The content of 'datasets/bars/snapshots/1/part.parquet' in the backup is not what it was: expected 4 bytes", damaged.Message, StringComparison.Ordinal);
        Assert.Null(await Accounts.GetAsync(accounts.Other, "datasets/bars/snapshots/1/part.parquet"));
        Assert.Null(await Accounts.GetAsync(accounts.Other, "datasets/bars/current.json"));
        var id = Assert.Single(await Backup.ListAsync(target, Cancel));
        await Assert.ThrowsAsync<BackupDamagedException>(() => Backup.VerifyAsync(target, id, Cancel));
        File.Delete(victim);
        Assert.Contains("lacks the content", (await Assert.ThrowsAsync<BackupDamagedException>(() => Backup.VerifyAsync(target, id, Cancel))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_is_cut_short_is_no_backup()
    {
        var target = await BackUpAsync();
        var list = Directory.GetFiles(Path.Combine(_folder.Path, "backups")).Single();
        var bytes = await File.ReadAllBytesAsync(list, Cancel);
        for (var length = 0; length < bytes.Length * 3 / 4; length += Math.Max(1, bytes.Length / 16))
        {
            await File.WriteAllBytesAsync(list, bytes[..length], Cancel);
            await Assert.ThrowsAsync<BackupDamagedException>(() => new Restore(accounts.Other).RunAsync(target, cancellationToken: Cancel));
        }

        await BackUpAsync();
        await new Restore(accounts.Other).RunAsync(target, new() { Verify = true }, Cancel);
        Assert.Contains("There is no backup", (await Assert.ThrowsAsync<BackupDamagedException>(() => RestoreAsync(target, new() { Backup = "never" }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dropped_file_is_dropped_again_only_if_its_run_had_not_ended()
    {
        foreach (var name in new[] { "done", "open", "unseen" })
            await Accounts.PutAsync(accounts.Live, $"drop/a/{name}.csv", name);
        var register = new RunRegister(new(accounts.Live), TimeProvider.System);
        var (done, open) = (await RequestAsync("done"), await RequestAsync("open"));
        await register.TryBeginAsync(done, "blue", Cancel);
        await register.TryBeginAsync(open, "blue", Cancel);
        await register.EndAsync(new() { Run = done.Run, Source = "a", Outcome = RunOutcome.Completed, StartedAt = default, FinishedAt = default }, Cancel);
        await register.TryBeginAsync(new() { Run = "b-20260302T120000Z-aaaaaa", Source = "b" }, "blue", Cancel);
        var target = await BackUpAsync();

        var summary = await new Restore(accounts.Other).RunAsync(target, new() { Verify = true }, Cancel);
        var kept = await RestoreAsync(target, new());

        Assert.Equal((1L, 1L), (summary.Ingested, summary.OpenRuns));
        Assert.Null(await Accounts.GetAsync(accounts.Other, "drop/a/done.csv"));
        Assert.Equal("open", await Accounts.GetAsync(accounts.Other, "drop/a/open.csv"));
        Assert.Equal("unseen", await Accounts.GetAsync(accounts.Other, "drop/a/unseen.csv"));
        Assert.Null(await Accounts.GetAsync(accounts.Other, RunRegister.OpenOf(open.Run).ToString())); // its file has a new version, and so a new run
        Assert.NotNull(await Accounts.GetAsync(accounts.Other, RunRegister.OpenOf("b-20260302T120000Z-aaaaaa").ToString()));
        Assert.Equal((0L, 0L, 2L), (kept.Written, kept.Ingested, kept.OpenRuns)); // where nothing is lost, nothing is taken away
    }

    async Task<IngestionRequest> RequestAsync(string name)
    {
        var path = new LakePath(Containers.Drop, $"a/{name}.csv");
        var file = (await new BlobStore(accounts.Live).FindAsync(path, Cancel))!;
        return new() { Run = RunId.From("a", file.ModifiedAt, $"{path} {file.ETag}"), Source = "a", File = new(path, file.ETag.ToString(), file.Length, file.ModifiedAt) };
    }

    async Task<FolderTarget> BackUpAsync()
    {
        var target = new FolderTarget(_folder.Path);
        await new Backup(accounts.Live, TimeProvider.System).RunAsync(target, cancellationToken: Cancel);
        return target;
    }

    Task<RestoreSummary> RestoreAsync(IBackupTarget target, RestoreOptions options) => new Restore(accounts.Live).RunAsync(target, options, Cancel);

    // Blobs' times are whole seconds: what comes later has to be seen as later.
    async Task LaterAsync(Func<Task> write)
    {
        var before = (await new BlobStore(accounts.Live).FindAsync(LakePath.Parse("landing/a/1.csv"), Cancel))!.ModifiedAt;
        do
            await write();
        while (await ModifiedAsync() <= before);

        async Task<DateTimeOffset> ModifiedAsync()
        {
            await Accounts.PutAsync(accounts.Live, "somebody/clock", "");
            return (await new BlobStore(accounts.Live).FindAsync(LakePath.Parse("somebody/clock"), Cancel))!.ModifiedAt;
        }
    }
}
