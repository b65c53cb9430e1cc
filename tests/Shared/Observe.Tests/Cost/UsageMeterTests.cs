using DataIngestion.Contracts;
using DataIngestion.Observe.Cost;
using DataIngestion.Storage;
using DataIngestion.Storage.Usage;
using DataIngestion.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Observe.Tests.Cost;

public sealed class UsageMeterTests : IAsyncLifetime
{
    static int Days;

    readonly FakeTimeProvider _time;
    readonly DateOnly _day;
    readonly StorageClients _clients;
    readonly UsageStore _store;
    readonly UsageMeter _meter;
    TimeSpan _processor;

    public UsageMeterTests(AzuriteFixture azurite)
    {
        // A day of its own for every test, since all share one account.
        _day = new DateOnly(2030, 1, 1).AddDays(Interlocked.Add(ref Days, 3));
        _time = new(new(_day, new(10, 0), TimeSpan.Zero));
        _clients = StorageClients.Connect(azurite.ConnectionString);
        _store = new(_clients, new(_clients));
        _meter = Meter();
    }

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await new BlobStore(_clients).CreateContainersAsync(Stop);

    public ValueTask DisposeAsync()
    {
        _meter.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_command_has_a_record_of_its_own_and_what_it_uses_afterwards_comes_with_the_rest()
    {
        var subject = UsageSubject.Of("vendor-20300101T000000Z-abcdef", "prices", "collect");
        await _meter.MeasureAsync("i1", async () =>
        {
            UsageScope.Current!.Subject = subject;
            UsageScope.Current.Add(new() { BytesLanded = 1000, Events = 2 });
            _time.Advance(TimeSpan.FromSeconds(3));
            _processor += TimeSpan.FromSeconds(1);
            await _meter.RecordAsync("vendor-20300101T000000Z-abcdef/prices-collect/1", Stop);
            UsageScope.Current.Add(new() { Actions = 1 });
            _time.Advance(TimeSpan.FromSeconds(0.52));
        });

        var written = Assert.Single(await ReadAsync());
        var record = Assert.Single(written.Records);
        Assert.Equal((subject, "blue", 4096), (record.Subject, written.Stamp, written.MemoryMB));
        Assert.Equal(("vendor", "prices", "collect"), (record.Subject.Source, record.Subject.Dataset, record.Subject.Step));
        Assert.Equal((1, 1000, 2, 0), (record.Used.Executions, record.Used.BytesLanded, record.Used.Events, record.Used.Actions));
        Assert.Equal((3.0, 3.0, 12.0, 1.0), (record.Used.WallSeconds, record.Used.ActiveSeconds, record.Used.GbSeconds, record.Used.CpuSeconds));

        await _meter.FlushAsync(Stop);
        var all = await UsedAsync();
        Assert.Equal(subject, Assert.Single(all).Key);
        Assert.Equal((1, 1, 4 * 3.6), (all[subject].Executions, all[subject].Actions, Math.Round(all[subject].GbSeconds, 6))); // 3.52 s are billed as 3.6
        Assert.Equal(1, all[subject].StorageOperations["devstoreaccount1/blob-write"]); // the record itself
    }

    [Fact]
    public async Task What_is_used_for_none_or_by_many_is_written_together_and_once()
    {
        for (var i = 0; i < 50; i++)
            await _meter.MeasureAsync($"i{i}", () => { UsageScope.Current!.Subject = i % 2 == 0 ? UsageSubject.Platform : new() { Source = "vendor" }; return Task.CompletedTask; });

        await _meter.FlushAsync(Stop);
        await _meter.FlushAsync(Stop);
        await _meter.FlushAsync(Stop);

        Assert.Equal(2, Assert.Single(await ReadAsync()).Records.Count);
        Assert.All((await UsedAsync()).Values, used => Assert.Equal(25, used.Executions));
    }

    [Fact]
    public async Task A_step_that_is_repeated_counts_as_often_as_it_was_done()
    {
        for (var i = 0; i < 3; i++)
        {
            await _meter.MeasureAsync($"i{i}", async () =>
            {
                UsageScope.Current!.Subject = UsageSubject.Of("vendor-20300101T000000Z-abcdef", "prices", "merge");
                await _meter.RecordAsync("vendor-20300101T000000Z-abcdef/prices-merge/1", Stop);
            });
        }

        Assert.Equal(3, (await ReadAsync()).Count);
        Assert.Equal(3, (await UsedAsync()).Values.Sum(u => u.Executions));
    }

    [Fact]
    public async Task A_batch_written_again_under_its_name_counts_once()
    {
        var batch = new UsageBatch { At = _time.GetUtcNow(), Instance = "i", MemoryMB = 2048, Records = [new(UsageSubject.Platform, new() { Executions = 7 })] };

        Assert.True(await _store.WriteAsync("again", batch, Stop));
        Assert.False(await _store.WriteAsync("again", batch with { At = batch.At.AddMinutes(1) }, Stop));

        Assert.Equal(7, (await UsedAsync())[UsageSubject.Platform].Executions);
    }

    [Fact]
    public async Task What_cannot_be_written_now_is_written_later_under_the_same_name_and_the_work_goes_on()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        var done = false;
        await _meter.MeasureAsync("i1", async () =>
        {
            UsageScope.Current!.Subject = UsageSubject.Of("vendor-20300101T000000Z-abcdef");
            await _meter.RecordAsync("r", gone.Token);
            done = true;
        });
        Assert.True(done);
        Assert.Empty(await ReadAsync());

        await _meter.FlushAsync(Stop);

        Assert.Equal(1, (await UsedAsync()).Values.Sum(u => u.Executions));
    }

    [Fact]
    public async Task An_invocation_that_fails_is_used_all_the_same()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _meter.MeasureAsync("i1", () => throw new InvalidOperationException()));
        await _meter.FlushAsync(Stop);

        Assert.Equal(1, (await UsedAsync())[UsageSubject.Platform].Executions);
    }

    [Fact]
    public async Task Days_are_half_open_and_UTC()
    {
        foreach (var at in (DateTimeOffset[])[Midnight(0).AddTicks(-1), Midnight(0), Midnight(1).AddTicks(-1), Midnight(1), Midnight(0).ToOffset(TimeSpan.FromHours(9))])
            await _store.WriteAsync($"{at.Ticks}-{at.Offset.Ticks}", new() { At = at, Instance = "i", MemoryMB = 1, Records = [] }, Stop);

        var read = await ReadAsync();

        Assert.Equal([Midnight(0), Midnight(0), Midnight(1).AddTicks(-1)], read.Select(b => b.At.ToUniversalTime()).Order());

        DateTimeOffset Midnight(int days) => new(_day.AddDays(days), TimeOnly.MinValue, TimeSpan.Zero);
    }

    [Fact]
    public async Task A_batch_too_large_for_metadata_is_read_from_its_content()
    {
        var records = Enumerable.Range(0, 200).Select(i => new UsageRecord(new() { Source = $"vendor-{i}", Dataset = "größe" }, new() { Executions = i })).ToList();
        await _store.WriteAsync("large", new() { At = _time.GetUtcNow(), Instance = "i", MemoryMB = 1, Records = records }, Stop);

        Assert.Equal(records.Sum(r => r.Used.Executions), (await UsedAsync()).Values.Sum(u => u.Executions));
        Assert.Contains(await UsedAsync(), u => u.Key.Dataset == "größe");
    }

    [Fact]
    public async Task A_record_of_another_version_is_named_and_not_guessed_at()
    {
        await _store.WriteAsync("new", new() { SchemaVersion = 2, At = _time.GetUtcNow(), Instance = "i", MemoryMB = 1, Records = [] }, Stop);

        var fault = await Assert.ThrowsAsync<StepFailedException>(ReadAsync);

        Assert.Contains("new.json' is not a record of usage: it has schemaVersion 2: this version reads 1.", fault.Message, StringComparison.Ordinal);
    }

    UsageMeter Meter() => new(
        _store, Options.Create(new UsageOptions { InstanceMemoryMB = 4096 }),
        new ConfigurationBuilder().AddInMemoryCollection([new("Ingestion:Stamp", "blue")]).Build(), _time, () => _processor, NullLogger<UsageMeter>.Instance);

    async Task<List<UsageBatch>> ReadAsync()
    {
        var batches = new List<UsageBatch>();
        await foreach (var batch in _store.ReadAsync(_day, _day.AddDays(1), Stop))
            batches.Add(batch);
        return batches;
    }

    async Task<Dictionary<UsageSubject, UsageAmounts>> UsedAsync() =>
        (await ReadAsync()).SelectMany(b => b.Records).GroupBy(r => r.Subject).ToDictionary(g => g.Key, g => g.Select(r => r.Used).Aggregate((a, b) => a + b));
}
