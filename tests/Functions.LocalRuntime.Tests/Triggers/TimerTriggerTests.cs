using Azure.Storage.Blobs;
using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.LocalRuntime.Tests.Hosting;
using DataIngestion.LocalRuntime.Triggers.Timers;
using DataIngestion.TestKit;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.LocalRuntime.Tests.Triggers;

public sealed class TimerTriggerTests(AzuriteFixture azurite)
{
    static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 58, 0, TimeSpan.Zero);

    public sealed class Hourly(Recorder recorder, TimeProvider time)
    {
        [Function("Hourly")]
        public void Run([TimerTrigger("%Schedule%")] TimerInfo timer) => recorder.Record("run", (time.GetUtcNow(), timer.IsPastDue, timer.ScheduleStatus?.Next));
    }

    public sealed class AtStart(Recorder recorder)
    {
        [Function("AtStart")]
        public void Run([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer) => recorder.Record("run", timer.IsPastDue);
    }

    public sealed class Slow(Recorder recorder)
    {
        [Function("Slow")]
        public async Task RunAsync([TimerTrigger("0 0 * * * *")] TimerInfo timer)
        {
            recorder.Record("began", timer.IsPastDue);
            await recorder.Gate("go").Task;
            recorder.Record("ended", null);
        }
    }

    [Fact]
    public async Task It_runs_when_due_and_records_what_comes_next()
    {
        var time = new FakeTimeProvider(Monday);
        var app = TestHost.NewPrefix();
        await using var test = await Start(app, time, typeof(Hourly));
        await Status(app, "Hourly", Monday.AddMinutes(2).UtcDateTime);

        await AdvanceUntil(time, TimeSpan.FromMinutes(2), test, "run", 1);
        await Status(app, "Hourly", Monday.AddMinutes(62).UtcDateTime);
        await AdvanceUntil(time, TimeSpan.FromMinutes(60), test, "run", 2);

        var runs = test.Recorder.Of("run").Cast<(DateTimeOffset At, bool Past, DateTime? Next)>().ToList();
        Assert.Equal([Monday.AddMinutes(2), Monday.AddMinutes(62)], runs.Select(r => r.At));
        Assert.All(runs, r => Assert.False(r.Past));
    }

    [Fact]
    public async Task A_run_missed_while_nothing_ran_is_made_up_for_once_and_says_so()
    {
        var time = new FakeTimeProvider(Monday);
        var app = TestHost.NewPrefix();
        using var folder = new TemporaryFolder("host");
        await using (await Start(app, time, typeof(Hourly), folder))
            await Status(app, "Hourly", Monday.AddMinutes(2).UtcDateTime);

        time.Advance(TimeSpan.FromHours(5));
        await using var test = await Start(app, time, typeof(Hourly), folder);

        var run = ((DateTimeOffset At, bool Past, DateTime? Next))(await test.Recorder.WaitAsync("run"))[0]!;
        Assert.True(run.Past);
        Assert.Equal(Monday.AddMinutes(2).UtcDateTime, run.Next);
        await Status(app, "Hourly", Monday.AddHours(5).AddMinutes(2).UtcDateTime);
        Assert.Single(test.Recorder.Of("run"));
    }

    [Fact]
    public async Task Run_on_startup_runs_at_every_start()
    {
        var app = TestHost.NewPrefix();
        for (var start = 0; start < 2; start++)
        {
            await using var test = await Start(app, new FakeTimeProvider(Monday), typeof(AtStart));
            Assert.Equal([false], await test.Recorder.WaitAsync("run"));
        }
    }

    [Fact]
    public async Task Only_one_of_two_hosts_runs_a_timer_and_the_other_takes_over()
    {
        var time = new FakeTimeProvider(Monday);
        var app = TestHost.NewPrefix();
        var first = await Start(app, time, typeof(Hourly));
        await Status(app, "Hourly", Monday.AddMinutes(2).UtcDateTime);
        await using var second = await Start(app, time, typeof(Hourly));

        await AdvanceUntil(time, TimeSpan.FromMinutes(2), first, "run", 1);
        await Status(app, "Hourly", Monday.AddMinutes(62).UtcDateTime);
        Assert.Empty(second.Recorder.Of("run"));

        await first.DisposeAsync();
        await AdvanceUntil(time, TimeSpan.FromMinutes(60), second, "run", 1);
        Assert.Single(first.Recorder.Of("run"));
    }

    [Fact]
    public async Task A_run_that_outlasts_its_next_occurrence_does_not_overlap()
    {
        var time = new FakeTimeProvider(Monday);
        var app = TestHost.NewPrefix();
        await using var test = await Start(app, time, typeof(Slow));
        await Status(app, "Slow", Monday.AddMinutes(2).UtcDateTime);
        await AdvanceUntil(time, TimeSpan.FromMinutes(2), test, "began", 1);

        time.Advance(TimeSpan.FromHours(3));
        Assert.Single(test.Recorder.Of("began"));
        test.Recorder.Gate("go").SetResult();

        Assert.Equal([false, true], await test.Recorder.WaitAsync("began", 2));
    }

    [Fact]
    public async Task An_operator_runs_a_timer_by_hand_with_the_master_key()
    {
        var time = new FakeTimeProvider(Monday);
        await using var test = await Start(TestHost.NewPrefix(), time, typeof(Hourly));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/functions/Hourly") { Content = new StringContent("{}") };
        request.Headers.Add("x-functions-key", test.Host.MasterKey);

        var response = await test.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
        await test.Recorder.WaitAsync("run");
        var refused = await test.Http.PostAsync("/admin/functions/Hourly", null, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task A_lease_is_renewed_by_its_holder_refused_to_others_and_free_when_released()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var blob = new BlobContainerClient(azurite.ConnectionString, TestHost.NewPrefix()).GetBlobClient("lock");
        var (first, second) = (new BlobLease(blob), new BlobLease(blob));

        Assert.True(await first.TryHoldAsync(cancellationToken));
        Assert.True(await first.TryHoldAsync(cancellationToken));
        Assert.False(await second.TryHoldAsync(cancellationToken));
        await first.ReleaseAsync();
        Assert.True(await second.TryHoldAsync(cancellationToken));
    }

    [Theory]
    [InlineData("0 */5 * * * *", "2026-03-02T10:00:00Z")]
    [InlineData("30 0 12 * * 1-5", "2026-03-02T12:00:30Z")]
    [InlineData("*/5 * * * *", "2026-03-02T10:00:00Z")]
    [InlineData("00:00:10", "2026-03-02T09:58:10Z")]
    public void Schedules_name_their_next_occurrence(string schedule, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next).UtcDateTime, TimerSchedule.TryParse(schedule, f => Assert.Fail(f))!.Next(Monday.UtcDateTime));

    [Theory]
    [InlineData("every hour")]
    [InlineData("99 * * * * *")]
    [InlineData("-00:01:00")]
    [InlineData("")]
    public void Schedules_that_make_no_sense_are_faults(string schedule)
    {
        var faults = new List<string>();

        Assert.Null(TimerSchedule.TryParse(schedule, faults.Add));
        Assert.Single(faults);
    }

    Task<TestHost> Start(string app, TimeProvider time, Type function, TemporaryFolder? folder = null)
    {
        var recorder = new Recorder();
        return TestHost.StartAsync(
            azurite.ConnectionString,
            o => o with
            {
                TimeProvider = time,
                Settings = new Dictionary<string, string?>(o.Settings) { ["Schedule"] = "0 0 * * * *" },
                // Locks and schedules carry the app's name, so each test has an app of its own; "test" is only for its container.
                Apps = [o.Apps[0] with { Name = app }, new("test", typeof(TestHost).Assembly, b => TestHost.Configure(b, recorder)) { Only = [typeof(Nothing)] }],
            },
            [function],
            folder: folder,
            recorder: recorder);
    }

    public static class Nothing
    {
        [Function("Nothing")]
        public static void Run([QueueTrigger("nothing-at-all")] string message) => Assert.Fail(message);
    }

    async Task Status(string app, string function, DateTime next)
    {
        var blob = new BlobContainerClient(azurite.ConnectionString, "azure-webjobs-hosts").GetBlobClient($"timers/{app}/{function}/status");
        await Eventually.TrueAsync(async () =>
            await blob.ExistsAsync() && (await blob.DownloadContentAsync()).Value.Content.ToObjectFromJson<ScheduleStatus>()!.Next == next);
    }

    /// <summary>Moves the clock to the occurrence, and on by hairs until the listener, which may not have been waiting yet, has seen it.</summary>
    static async Task AdvanceUntil(FakeTimeProvider time, TimeSpan by, TestHost test, string record, int count)
    {
        var due = time.GetUtcNow() + by;
        time.Advance(by);
        await Eventually.TrueAsync(() =>
        {
            if (test.Recorder.Of(record).Count < count)
                time.SetUtcNow(due);
            return Task.FromResult(test.Recorder.Of(record).Count >= count);
        });
    }
}
