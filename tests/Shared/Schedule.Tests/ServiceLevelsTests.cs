using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Schedule.Tests;

/// <remarks>With storage of its own: other tests look at every request in the queue.</remarks>
public sealed class ServiceLevelsTests : IClassFixture<AzuriteFixture>, IAsyncLifetime
{
    static readonly DateTimeOffset Start = new(2026, 3, 2, 12, 3, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Midnight = new(Start.Date, TimeSpan.Zero);

    readonly FakeTimeProvider _time = new(Start);
    readonly RecordedMetrics _recorded = new();
    readonly BlobStore _blobs;
    readonly FreshnessStore _freshness;
    readonly Scheduler _scheduler;
    readonly ServiceLevels _levels;

    public ServiceLevelsTests(AzuriteFixture azurite)
    {
        var clients = StorageClients.Connect(azurite.ConnectionString);
        var metrics = new ScheduleMetrics(_recorded.Meters);
        _blobs = new(clients);
        _freshness = new(_blobs);
        _scheduler = new(_blobs, new(clients), metrics, new("test", "1", ScheduleShare.All));
        _levels = new(_blobs, _freshness, metrics);
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _blobs.CreateContainersAsync(Cancel);

    public ValueTask DisposeAsync()
    {
        _recorded.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_is_left_falls_from_the_slot_on_and_below_nothing_until_the_data_come()
    {
        var configuration = Configuration("hourly", TimeSpan.FromHours(2));
        Assert.Equal(100, (await TickAsync(configuration)).Left); // nothing has fallen due

        _time.SetUtcNow(Midnight.AddHours(13));
        Assert.Equal((Midnight.AddHours(13), 100d), Of(await TickAsync(configuration)));
        _time.Advance(TimeSpan.FromMinutes(90)); // another slot has come, and the first is still open
        Assert.Equal((Midnight.AddHours(14), 75d), Of(await TickAsync(configuration)));

        await DeliverAsync("hourly", Midnight.AddHours(13));
        _time.Advance(TimeSpan.FromMinutes(210)); // 18:00
        Assert.Equal((Midnight.AddHours(14), -100d), Of(await TickAsync(configuration)));

        await DeliverAsync("hourly", Midnight.AddHours(18));
        Assert.Equal((null, 100d), Of(await TickAsync(configuration)));
        Assert.Equal([100, 100, 75, -100, 100], _recorded.Of("ingestion.sla.left{dataset=bars,source=hourly}"));
    }

    [Fact]
    public async Task A_dataset_that_promises_nothing_and_a_source_without_a_schedule_are_not_looked_at()
    {
        var configuration = Configuration("silent", sla: null);
        await _scheduler.RunAsync(configuration, _time.GetUtcNow(), Cancel);
        Assert.Empty(await _levels.LookAsync(configuration, _time.GetUtcNow(), Cancel));

        configuration = Configuration("by-hand", TimeSpan.FromHours(1));
        configuration = With(configuration, configuration.Sources["by-hand"] with { Schedule = null });
        Assert.Empty(await _levels.LookAsync(configuration, _time.GetUtcNow(), Cancel));
    }

    [Fact]
    public async Task A_batch_owes_what_its_members_deliver()
    {
        var configuration = Configuration("member", TimeSpan.FromHours(1));
        var schedule = configuration.Sources["member"].Schedule;
        configuration = With(configuration, configuration.Sources["member"] with { Schedule = null }, new() { Source = "whole", Kind = SourceKind.Batch, Members = ["member"], Schedule = schedule });
        await TickAsync(configuration);
        _time.SetUtcNow(Midnight.AddHours(13.5));

        var level = await TickAsync(configuration);

        Assert.Equal(("member", "bars", 50d), (level.Source, level.Dataset, level.Left));
    }

    [Fact]
    public async Task Every_look_at_the_schedules_is_a_heartbeat()
    {
        await TickAsync(Configuration("beating", TimeSpan.FromHours(1)));

        Assert.Equal([1], _recorded.Of("ingestion.schedule.ticks{outcome=complete}"));
    }

    // A slot that is due is asked for before it is looked at, as the agent does.
    async Task<ServiceLevel> TickAsync(PlatformConfiguration configuration)
    {
        await _scheduler.RunAsync(configuration, _time.GetUtcNow(), Cancel);
        return Assert.Single(await _levels.LookAsync(configuration, _time.GetUtcNow(), Cancel));
    }

    Task DeliverAsync(string source, DateTimeOffset slot) => _freshness.DeliveredAsync(source, "bars", new(slot, RunId.From(source, slot, "schedule"), _time.GetUtcNow()), Cancel);

    static (DateTimeOffset? Open, double Left) Of(ServiceLevel level) => (level.Open, Math.Round(level.Left, 6));

    static PlatformConfiguration With(PlatformConfiguration configuration, params SourceDefinition[] sources) =>
        configuration with { Sources = sources.ToDictionary(s => s.Source) };

    static PlatformConfiguration Configuration(string source, TimeSpan? sla) => new()
    {
        Sources = new Dictionary<string, SourceDefinition>
        {
            [source] = new() { Source = source, Kind = SourceKind.File, Schedule = new() { Every = TimeSpan.FromHours(1) }, Datasets = [new() { Dataset = "bars", Files = "*" }] },
        },
        Datasets = new Dictionary<string, DatasetDefinition>
        {
            ["bars"] = new() { Dataset = "bars", Keys = ["k"], Columns = new Dictionary<string, ColumnDefinition> { ["k"] = new() { Type = ColumnKind.String } }, Sla = sla },
        },
        Workflows = new Dictionary<string, WorkflowDefinition>(),
    };
}
