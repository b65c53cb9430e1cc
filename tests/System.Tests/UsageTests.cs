using DataIngestion.Contracts;
using DataIngestion.Observe.Cost;
using DataIngestion.SystemTests.Platform;

namespace DataIngestion.SystemTests;

/// <summary>What a run uses is recorded, for its steps, by the platform as it is.</summary>
[Trait("Category", "server")]
public sealed class UsageTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_step_of_a_run_has_recorded_what_it_used()
    {
        await using var world = await World.CreateAsync(new(), configs: null, Stop);
        world.Settings["Ingestion__Usage__Interval"] = "00:00:01";
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        await world.StartAsync(Stop);
        var status = Assert.Single(await world.EndOfAsync([await world.OrderAsync("vendor-api", "usage", Stop)], TimeSpan.FromMinutes(3), Stop));
        Assert.True(status.Status is RunState.Completed, status.Report?.Failure?.Message);

        var used = await UntilRunIsWholeAsync(world, today, status.Run);

        foreach (var step in (string[])["connect", "collect", "convert", "quality", "merge"])
        {
            var amounts = used[step];
            Assert.True(amounts is { Executions: >= 1, Actions: >= 1, StorageBytesWritten: > 0 }, $"{step}: {amounts}");
            Assert.True(amounts.GbSeconds > 0 && amounts.ActiveSeconds <= amounts.WallSeconds + 0.001, $"{step}: {amounts}");
            Assert.True(amounts.StorageOperations.Values.Sum() >= 5, $"{step}: {string.Join(' ', amounts.StorageOperations)}");
        }

        var report = Assert.Single(status.Report!.Datasets);
        Assert.Equal(report.Bytes, used["collect"].BytesLanded);
        Assert.True(used["collect"].SourceBytesSent >= report.Requests * 20, $"{used["collect"].SourceBytesSent} bytes for {report.Requests} requests");
        Assert.Contains(used["merge"].StorageOperations.Keys, k => k.EndsWith("/blob-write", StringComparison.Ordinal));
        Assert.True(used["collect"].Events >= 2);
        Assert.Equal(report.Bytes, used.Values.Sum(u => u.BytesLanded));
    }

    // Activities and managers are written at intervals; commands are there at once.
    static async Task<Dictionary<string, UsageAmounts>> UntilRunIsWholeAsync(World world, DateOnly from, string run)
    {
        var store = new UsageStore(world.Storage, world.Blobs);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        while (true)
        {
            var used = new Dictionary<string, UsageAmounts>(StringComparer.Ordinal);
            await foreach (var batch in store.ReadAsync(from, from.AddDays(2), Stop))
            {
                foreach (var (subject, amounts) in batch.Records.Where(r => r.Subject.Run == run))
                {
                    Assert.Equal("vendor-api", subject.Source);
                    var step = subject.Step ?? "";
                    used[step] = used.TryGetValue(step, out var before) ? before + amounts : amounts;
                }
            }

            if (used.ContainsKey("") && used.ContainsKey("commit"))
                return used;
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, limit.Token);
        }
    }
}
