using System.Globalization;
using DataIngestion.Storage;
using DataIngestion.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Recover.Tests;

public sealed class BackupTests(Accounts accounts) : IClassFixture<Accounts>, IAsyncLifetime
{
    readonly TemporaryFolder _folder = new("backup");
    readonly FakeTimeProvider _time = new(new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await accounts.EmptyAsync();

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task What_was_backed_up_is_restored_into_an_empty_account_as_it_was(bool toContainer)
    {
        await FillAsync(accounts.Live);
        await Accounts.PutAsync(accounts.Live, "landing/large.bin", new string('x', 9_000_000)); // more than a container target keeps in memory
        var target = Target(toContainer);
        var summary = await BackUpAsync(target);

        var restored = await new Restore(accounts.Other).RunAsync(target, new() { Verify = true }, Cancel);

        Assert.Equal(await Accounts.ContentAsync(accounts.Live), [.. (await Accounts.ContentAsync(accounts.Other)).Where(l => !l.StartsWith("backups/", StringComparison.Ordinal))]);
        Assert.Equal((summary.Blobs, summary.Id, 3L), (restored.Written, restored.Backup, restored.Rows));
        Assert.Equal(restored.Written, restored.Verified);
        Assert.Equal(summary.Copied, await Backup.VerifyAsync(target, summary.Id, Cancel));
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task Only_what_changed_is_copied_again_and_every_backup_stays(bool toContainer)
    {
        await FillAsync(accounts.Live);
        var target = Target(toContainer);
        var first = await BackUpAsync(target);
        var before = await Accounts.ContentAsync(accounts.Live);
        await Accounts.PutAsync(accounts.Live, "landing/a/new.csv", "new");
        await Accounts.PutAsync(accounts.Live, "datasets/bars/current.json", "second");

        var second = await BackUpAsync(target);
        var third = await BackUpAsync(target);

        Assert.Equal((2L, 0L, first.Blobs + 1), (second.Copied, third.Copied, third.Blobs));
        Assert.Equal([first.Id, second.Id, third.Id], await Backup.ListAsync(target, Cancel));
        await new Restore(accounts.Other).RunAsync(target, new() { Backup = first.Id, Verify = true }, Cancel);
        Assert.Equal(before, [.. (await Accounts.ContentAsync(accounts.Other)).Where(l => !l.StartsWith("backups/", StringComparison.Ordinal))]);
    }

    [Fact]
    public async Task A_backup_that_is_killed_at_any_moment_is_no_backup_and_the_next_one_is_whole()
    {
        await FillAsync(accounts.Live);
        var expected = await Accounts.ContentAsync(accounts.Live);
        for (var operations = 0; operations < 14; operations++)
        {
            using var folder = new TemporaryFolder("killed");
            var target = new FolderTarget(folder.Path);
            try
            {
                await BackUpAsync(new FailingTarget(target, operations));
            }
            catch (IOException)
            {
                Assert.Empty(await Backup.ListAsync(target, Cancel));
            }

            var summary = await BackUpAsync(target);

            Assert.Empty(await target.ListAsync("partial/", Cancel));
            await Accounts.EmptyAsync(accounts.Other);
            await new Restore(accounts.Other).RunAsync(target, new() { Backup = summary.Id, Verify = true }, Cancel);
            Assert.Equal(expected, await Accounts.ContentAsync(accounts.Other));
        }
    }

    // Published as the platform does: data, then the pointer, then the cursor; the run is open until all is done.
    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task While_the_platform_publishes_no_copy_has_a_pointer_without_its_snapshot_or_a_cursor_without_its_pointer(bool toContainer)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await PublishAsync(0);
        var publishing = Task.Run(
            async () =>
            {
                for (var i = 1; !stop.IsCancellationRequested; i++)
                    await PublishAsync(i);
            },
            Cancel);
        var target = Target(toContainer);
        var backups = new List<string>();
        for (var i = 0; i < 6; i++)
            backups.Add((await BackUpAsync(target)).Id);
        await stop.CancelAsync();
        await publishing;

        foreach (var backup in backups)
        {
            var account = toContainer ? accounts.Live : accounts.Other; // where the backups do not lie
            await Accounts.EmptyAsync(account);
            await new Restore(account).RunAsync(target, new() { Backup = backup, Verify = true }, Cancel);

            var pointer = await Accounts.GetAsync(account, "datasets/bars/current.json");
            var cursor = await Accounts.GetAsync(account, "control/cursors/vendor/bars.json");
            Assert.NotNull(await Accounts.GetAsync(account, $"datasets/bars/snapshots/{pointer}/part.parquet"));
            Assert.NotNull(await Accounts.GetAsync(account, $"landing/vendor/{cursor}/manifest.json"));
            Assert.True(int.Parse(cursor!, CultureInfo.InvariantCulture) <= int.Parse(pointer!, CultureInfo.InvariantCulture), $"cursor {cursor}, pointer {pointer}");

            // A run that ends meanwhile is in both, never in neither, and what ended has its data.
            var known = await RunsAsync(account);
            Assert.Equal(Enumerable.Range(0, known.Keys.Max() + 1), known.Keys.Order());
            Assert.True(known.Where(r => r.Value).Max(r => (int?)r.Key) is not { } ended || ended <= int.Parse(cursor!, CultureInfo.InvariantCulture), $"cursor {cursor}");
        }

        static async Task<Dictionary<int, bool>> RunsAsync(StorageClients account)
        {
            var runs = new Dictionary<int, bool>();
            await foreach (var blob in new BlobStore(account).ListAsync("control", "runs/", Cancel))
            {
                var run = int.Parse(Path.GetFileNameWithoutExtension(blob.Path.FileName)["vendor-".Length..], CultureInfo.InvariantCulture);
                runs[run] = runs.GetValueOrDefault(run) || blob.Path.Name.StartsWith("runs/ended/", StringComparison.Ordinal);
            }

            return runs;
        }

        async Task PublishAsync(int i)
        {
            await Accounts.PutAsync(accounts.Live, $"control/runs/open/vendor-{i}.json", """{"request":{"run":"a","source":"vendor"},"stamp":"local"}""");
            await Accounts.PutAsync(accounts.Live, $"landing/vendor/{i}/manifest.json", $"{i}");
            await Accounts.PutAsync(accounts.Live, $"datasets/bars/snapshots/{i}/part.parquet", $"{i}");
            await Accounts.PutAsync(accounts.Live, "datasets/bars/current.json", $"{i}");
            await Accounts.PutAsync(accounts.Live, "control/cursors/vendor/bars.json", $"{i}");
            await Accounts.PutAsync(accounts.Live, $"control/runs/ended/vendor-{i}.json", $"{i}");
            await accounts.Live.Blobs.GetBlobContainerClient("control").DeleteBlobAsync($"runs/open/vendor-{i}.json", cancellationToken: Cancel);
        }
    }

    [Fact]
    public async Task What_is_made_again_is_not_copied_and_what_nobody_named_is()
    {
        await FillAsync(accounts.Live);
        await Accounts.PutAsync(accounts.Live, "control/replies/run/collect/1/a.json", "{}");
        await Accounts.PutAsync(accounts.Live, "azure-webjobs-hosts/locks/a", "");
        await Accounts.PutAsync(accounts.Live, "somebody/else", "x");
        await Accounts.AddRowAsync(accounts.Live, "commands", "r", 1);
        await Accounts.AddRowAsync(accounts.Live, "IngestionHistory", "r", 1);
        await Accounts.AddRowAsync(accounts.Live, "something", "r", 1);
        var target = Target(toContainer: false);
        await BackUpAsync(target);

        await new Restore(accounts.Other).RunAsync(target, cancellationToken: Cancel);

        var restored = string.Join('\n', await Accounts.ContentAsync(accounts.Other));
        Assert.Contains("somebody/else", restored, StringComparison.Ordinal);
        Assert.Contains("something p r 1", restored, StringComparison.Ordinal);
        foreach (var left in new[] { "replies", "azure-webjobs", "commands", "History" })
            Assert.DoesNotContain(left, restored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_alone_are_a_backup_of_their_own()
    {
        await FillAsync(accounts.Live);
        var target = Target(toContainer: false);

        var summary = await new Backup(accounts.Live, _time).RunAsync(target, new() { TablesOnly = true }, Cancel);

        Assert.Equal((0L, 2L), (summary.Blobs, summary.Tables));
        Assert.Equal(3, (await new Restore(accounts.Other).RunAsync(target, cancellationToken: Cancel)).Rows);
    }

    internal static async Task FillAsync(StorageClients account)
    {
        await Accounts.PutAsync(account, "landing/a/1.csv", "1", new() { ["note"] = "a" });
        await Accounts.PutAsync(account, "landing/a/2.csv", "2");
        await Accounts.PutAsync(account, "landing/a/Größe = 3.csv", "3");
        await Accounts.PutAsync(account, "datasets/bars/current.json", "first");
        await Accounts.PutAsync(account, "datasets/bars/snapshots/1/part.parquet", "rows");
        await Accounts.PutAsync(account, "control/cursors/a/bars.json", "cursor");
        await Accounts.PutAsync(account, "control/schedules/a.json", "slot");
        await Accounts.PutAsync(account, "audit/empty.json", "");
        await Accounts.AddRowAsync(account, "deadletters", "1", "letter");
        await Accounts.AddRowAsync(account, "deadletters", "2", 2L);
        await Accounts.AddRowAsync(account, "QuotaAccounts", "1", 0.5);
    }

    IBackupTarget Target(bool toContainer) =>
        toContainer ? new ContainerTarget(accounts.Other.Blobs.GetBlobContainerClient("backups"), "lake/") : new FolderTarget(_folder.Path);

    Task<BackupSummary> BackUpAsync(IBackupTarget target) => new Backup(accounts.Live, _time).RunAsync(target, cancellationToken: Cancel);
}
