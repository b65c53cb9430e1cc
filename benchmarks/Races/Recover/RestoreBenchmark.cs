using System.Diagnostics;
using System.Globalization;
using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.Recover;
using DataIngestion.Storage;

namespace DataIngestion.Benchmarks.Recover;

/// <summary>How long it takes to back an account up and to have it back, between two Azurites and a folder.</summary>
internal sealed class RestoreBenchmark : IBenchmark
{
    const string Board = "restore";
    const int Large = 4 << 20;
    const int Small = 8 << 10;
    const int SmallBlobs = 1_000;
    const int Seed = 7;

    public string Name => Board;

    public string Description => "backup and restore of a data account on Azurite: MB/s, minutes a GB, an incremental backup with nothing new (argument: MB, default 512)";

    public async Task RunAsync(IReport report, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(arguments);
        var megabytes = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 512;
        var folder = Directory.CreateTempSubdirectory("ingest-bench-").FullName;
        try
        {
            await using var live = await AzuriteProcess.StartAsync(new(Path.Combine(folder, "live")), cancellationToken);
            await using var empty = await AzuriteProcess.StartAsync(new(Path.Combine(folder, "empty")), cancellationToken);
            var account = StorageClients.Connect(live.ConnectionString);
            await FillAsync(account, (int)(megabytes * 1_000_000L / Large), cancellationToken);
            var target = new FolderTarget(Path.Combine(folder, "backup"));
            var backup = new Backup(account, TimeProvider.System);

            var (first, firstTook) = await ClockAsync(() => backup.RunAsync(target, cancellationToken: cancellationToken));
            var gigabytes = first.Bytes / 1e9;
            Add("backup of everything, MB/s", first.Bytes / 1e6 / firstTook.TotalSeconds, 20);
            var (again, againTook) = await ClockAsync(() => backup.RunAsync(target, cancellationToken: cancellationToken));
            Add($"backup with nothing new, blobs a second ({again.Copied} copied)", again.Blobs / againTook.TotalSeconds, 1_000);

            var restore = new Restore(StorageClients.Connect(empty.ConnectionString));
            var (written, restoreTook) = await ClockAsync(() => restore.RunAsync(target, cancellationToken: cancellationToken));
            Add("restore into an empty account, MB/s", written.WrittenBytes / 1e6 / restoreTook.TotalSeconds, 20);
            var (verified, verifyTook) = await ClockAsync(() => restore.RunAsync(target, new() { Verify = true }, cancellationToken));
            Add("everything compared and read back, MB/s", 2 * verified.VerifiedBytes / 1e6 / verifyTook.TotalSeconds, 20);
            Add("restored and verified, minutes a GB, at most", (restoreTook + verifyTook).TotalMinutes / gigabytes, 4);
            report.Note($"{first.Blobs} blobs, {gigabytes:0.00} GB; {4 * 60 / ((restoreTook + verifyTook).TotalMinutes / gigabytes):0} GB in the four hours of the goal");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void Add(string what, double figure, double goal) => report.Add(new BoardResult(Board, what, figure, null, goal));
    }

    static async Task FillAsync(StorageClients account, int largeBlobs, CancellationToken cancellationToken)
    {
        var container = account.Blobs.GetBlobContainerClient("landing");
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, largeBlobs + SmallBlobs), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
            async (i, cancel) =>
            {
                var content = new byte[i < largeBlobs ? Large : Small];
                new Random(Seed + i).NextBytes(content);
                await container.GetBlobClient($"vendor/bars/{i:D6}.csv").UploadAsync(new BinaryData(content), overwrite: true, cancel);
            });
    }

    static async Task<(T Result, TimeSpan Took)> ClockAsync<T>(Func<Task<T>> act)
    {
        var began = Stopwatch.GetTimestamp();
        return (await act(), Stopwatch.GetElapsedTime(began));
    }
}
