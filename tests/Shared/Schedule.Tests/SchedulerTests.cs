using System.Diagnostics.Metrics;
using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace DataIngestion.Schedule.Tests;

public sealed class SchedulerTests : IAsyncLifetime
{
    static readonly DateTimeOffset Start = new(2026, 3, 2, 12, 3, 0, TimeSpan.Zero);

    readonly FakeTimeProvider _time = new(Start);
    readonly StorageClients _clients;
    readonly Scheduler _scheduler;
    readonly Scheduler _other;
    readonly AzuriteFixture _azurite;

    public SchedulerTests(AzuriteFixture azurite)
    {
        _azurite = azurite;
        _clients = StorageClients.Connect(azurite.ConnectionString);
        _scheduler = Create(azurite);
        _other = Create(azurite);
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await new BlobStore(_clients).CreateContainersAsync(Cancel);
        await _clients.Queues.GetQueueClient(Queues.IngestionRequests).DeleteIfExistsAsync(Cancel);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_schedule_seen_for_the_first_time_waits_for_its_next_slot()
    {
        var configuration = Configuration(("first", new() { Every = TimeSpan.FromMinutes(5) }));

        Assert.Empty(await RunAsync(configuration));
        Assert.Empty(await RunAsync(configuration));
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal([new DueSlot("first", Start.AddMinutes(2), 0)], await _scheduler.DueAsync(configuration, _time.GetUtcNow(), Cancel));
        var request = Assert.Single(await RunAsync(configuration));
        Assert.Equal((RunId.From("first", Start.AddMinutes(2), "schedule"), IngestionCause.Schedule), (request.Run, request.Cause));
        Assert.Empty(await RunAsync(configuration));
        Assert.Empty(await _scheduler.DueAsync(configuration, _time.GetUtcNow(), Cancel));
    }

    [Fact]
    public async Task After_downtime_the_latest_slot_runs_once()
    {
        var configuration = Configuration(("down", new() { Cron = "30 18 * * *", TimeZone = "America/New_York" }));
        await RunAsync(configuration);
        _time.Advance(TimeSpan.FromDays(4.5));

        var due = Assert.Single(await _scheduler.DueAsync(configuration, _time.GetUtcNow(), Cancel));
        Assert.Equal(new("down", new(2026, 3, 6, 23, 30, 0, TimeSpan.Zero), Missed: 4), due);
        Assert.Single(await RunAsync(configuration));
        Assert.Empty(await RunAsync(configuration));
    }

    [Fact]
    public async Task A_crash_between_asking_and_remembering_asks_for_the_same_run_again()
    {
        var configuration = Configuration(("crash", new() { Every = TimeSpan.FromHours(1) }));
        await RunAsync(configuration);
        var state = _clients.Blobs.GetBlobContainerClient(Containers.Control).GetBlobClient("schedules/crash.json");
        var before = (await state.DownloadContentAsync(Cancel)).Value.Content;
        _time.Advance(TimeSpan.FromHours(1));

        var first = await RunAsync(configuration);
        await state.UploadAsync(before, overwrite: true, Cancel); // as if it had not been remembered
        var second = await RunAsync(configuration);

        Assert.Equal(first, second);
    }

    [Fact]
    public async Task One_source_whose_state_is_broken_does_not_stop_the_others()
    {
        var configuration = Configuration(("broken", new() { Every = TimeSpan.FromHours(1) }), ("sound", new() { Every = TimeSpan.FromHours(1) }));
        await RunAsync(configuration);
        await _clients.Blobs.GetBlobContainerClient(Containers.Control).GetBlobClient("schedules/broken.json").UploadAsync(BinaryData.FromString("{"), overwrite: true, Cancel);
        _time.Advance(TimeSpan.FromHours(1));

        var failure = await Assert.ThrowsAsync<AggregateException>(() => RunAsync(configuration));

        Assert.Contains("The schedule of 'broken' could not be followed", Assert.Single(failure.InnerExceptions).Message, StringComparison.Ordinal);
        Assert.Equal("sound", Assert.Single(await ReceiveAsync()).Source);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public async Task Each_slot_runs_at_most_once_and_the_latest_always_whatever_the_ticks_and_schedulers(int seed)
    {
        var random = new Random(seed);
        var schedules = Enumerable.Range(0, 12).Select(i => ($"random-{seed}-{i}", random.Next(3) switch
        {
            0 => new ScheduleDefinition { Every = TimeSpan.FromSeconds(random.Next(1, 7_200)) },
            1 => new ScheduleDefinition { Cron = $"*/{random.Next(1, 60)} * * * *", TimeZone = "Europe/London" },
            _ => new ScheduleDefinition { Cron = $"{random.Next(60)} {random.Next(24)} * * *", TimeZone = "America/New_York" },
        })).ToArray();
        var configuration = Configuration(schedules);
        _time.SetUtcNow(new(2026, 3, 7, 20, 0, 0, TimeSpan.Zero)); // the clocks of New York change in the night
        await RunAsync(configuration);

        var expected = new HashSet<string>(StringComparer.Ordinal);
        for (var tick = 0; tick < 20; tick++)
        {
            var before = _time.GetUtcNow();
            _time.Advance(TimeSpan.FromSeconds(random.Next(4) == 0 ? random.Next(1, 40_000) : random.Next(1, 300)));
            foreach (var (source, schedule) in schedules)
            {
                if (ScheduleTimes.Latest(schedule, before, _time.GetUtcNow()) is { } latest)
                    expected.Add(RunId.From(source, latest.Due, "schedule"));
            }

            await Task.WhenAll(
                _scheduler.RunAsync(configuration, _time.GetUtcNow(), Cancel),
                _other.RunAsync(configuration, _time.GetUtcNow(), Cancel));
        }

        Assert.NotEmpty(expected);
        Assert.Equal(expected.Order(), (await ReceiveAsync()).Where(r => configuration.Sources.ContainsKey(r.Source)).Select(r => r.Run).Distinct().Order());
    }

    [Theory]
    [InlineData(11), InlineData(12)]
    public async Task While_shares_are_moved_between_stamps_no_slot_is_lost_and_what_both_see_is_one_run(int seed)
    {
        var random = new Random(seed);
        var schedules = Enumerable.Range(0, 24).Select(i => ($"moved-{seed}-{i}", new ScheduleDefinition { Every = TimeSpan.FromSeconds(random.Next(30, 600)) })).ToArray();
        var configuration = Configuration(schedules);
        await RunAsync(configuration);

        var expected = new HashSet<string>(StringComparer.Ordinal);
        for (var tick = 0; tick < 12; tick++)
        {
            var before = _time.GetUtcNow();
            _time.Advance(TimeSpan.FromSeconds(random.Next(1, 900)));
            foreach (var (source, schedule) in schedules)
            {
                if (ScheduleTimes.Latest(schedule, before, _time.GetUtcNow()) is { } latest)
                    expected.Add(RunId.From(source, latest.Due, "schedule"));
            }

            // One stamp has its new share already, the other still its old one: they overlap.
            var (from, to) = (random.Next(101), random.Next(101));
            var blue = Create(_azurite, new(0, Math.Max(from, to)));
            var green = Create(_azurite, new(Math.Min(from, to), 100));
            await Task.WhenAll(blue.RunAsync(configuration, _time.GetUtcNow(), Cancel), green.RunAsync(configuration, _time.GetUtcNow(), Cancel));
        }

        Assert.NotEmpty(expected);
        Assert.Equal(expected.Order(), (await ReceiveAsync()).Where(r => configuration.Sources.ContainsKey(r.Source)).Select(r => r.Run).Distinct().Order());
    }

    [Fact]
    public async Task A_slot_that_falls_between_two_shares_is_run_by_the_next_stamp_that_has_the_source()
    {
        var configuration = Configuration(("between", new() { Every = TimeSpan.FromHours(1) }));
        await RunAsync(configuration);
        _time.Advance(TimeSpan.FromHours(3));

        Assert.Empty(await Create(_azurite, ScheduleShare.None).RunAsync(configuration, _time.GetUtcNow(), Cancel));
        Assert.Empty(await Create(_azurite, ScheduleShare.None).DueAsync(configuration, _time.GetUtcNow(), Cancel));
        Assert.Equal("between", Assert.Single(await RunAsync(configuration)).Source);
    }

    Task<IReadOnlyList<IngestionRequest>> RunAsync(PlatformConfiguration configuration) => _scheduler.RunAsync(configuration, _time.GetUtcNow(), Cancel);

    async Task<List<IngestionRequest>> ReceiveAsync()
    {
        var requests = new List<IngestionRequest>();
        var queue = _clients.Queues.GetQueueClient(Queues.IngestionRequests);
        while (await queue.ReceiveMessagesAsync(32, TimeSpan.FromMinutes(5), Cancel) is { Value.Length: > 0 } messages)
            requests.AddRange(messages.Value.Select(m => JsonSerializer.Deserialize<IngestionRequest>(m.Body, ContractJson.Options)!));
        return requests;
    }

    static Scheduler Create(AzuriteFixture azurite, ScheduleShare? share = null)
    {
        var clients = StorageClients.Connect(azurite.ConnectionString);
        return new(new(clients), new(clients), new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>()), new("test", "1", share ?? ScheduleShare.All));
    }

    static PlatformConfiguration Configuration(params (string Source, ScheduleDefinition Schedule)[] schedules) => new()
    {
        Sources = schedules.ToDictionary(s => s.Source, s => new SourceDefinition { Source = s.Source, Kind = SourceKind.File, Schedule = s.Schedule }),
        Datasets = new Dictionary<string, DatasetDefinition>(),
        Workflows = new Dictionary<string, WorkflowDefinition>(),
    };
}
