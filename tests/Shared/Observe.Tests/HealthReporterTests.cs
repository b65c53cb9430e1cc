using System.Text.Json;
using DataIngestion.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Observe.Tests;

public sealed class HealthReporterTests
{
    readonly FakeTimeProvider _time = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> AllServices => [.. Services.OfAgents, .. Services.OfOrchestrators];

    [Theory]
    [MemberData(nameof(AllServices))]
    public async Task Every_service_answers_every_question(string service)
    {
        foreach (var question in Enum.GetValues<HealthQuestion>())
        {
            var report = await new HealthReporter([new Probe("a")], _time).ReportAsync(service, question, Cancel);
            Assert.Equal((service, HealthStatus.Pass, 200), (report!.Service, report.Status, report.StatusCode));
            Assert.Equal(question is HealthQuestion.Ready ? 1 : 0, report.Checks.Count);
        }
    }

    [Fact]
    public async Task Nobody_answers_for_a_service_that_is_none() =>
        Assert.Null(await new HealthReporter([], _time).ReportAsync("data-oracle", HealthQuestion.Live, Cancel));

    [Fact]
    public async Task The_worst_check_is_the_verdict_and_all_are_shown_by_name()
    {
        var reporter = new HealthReporter([new Probe("c", HealthStatus.Fail), new Probe("a"), new Probe("b", HealthStatus.Warn)], _time);

        var report = await reporter.ReportAsync(Services.DataMerger, HealthQuestion.Ready, Cancel);

        Assert.Equal((HealthStatus.Fail, 503), (report!.Status, report.StatusCode));
        Assert.Equal(["a", "b", "c"], report.Checks.Select(c => c.Name));
    }

    [Fact]
    public async Task A_concern_is_not_a_failure() =>
        Assert.Equal(200, (await new HealthReporter([new Probe("a", HealthStatus.Warn)], _time).ReportAsync(Services.DataMerger, HealthQuestion.Ready, Cancel))!.StatusCode);

    [Fact]
    public async Task A_probe_of_another_service_or_question_is_not_asked()
    {
        var reporter = new HealthReporter([new Probe("other", HealthStatus.Fail, Services.DataConnector), new Probe("start", HealthStatus.Fail, question: HealthQuestion.Startup)], _time);

        Assert.Empty((await reporter.ReportAsync(Services.DataMerger, HealthQuestion.Ready, Cancel))!.Checks);
        Assert.Equal("start", Assert.Single((await reporter.ReportAsync(Services.DataMerger, HealthQuestion.Startup, Cancel))!.Checks).Name);
        Assert.Equal("other", Assert.Single((await reporter.ReportAsync(Services.DataConnector, HealthQuestion.Ready, Cancel))!.Checks).Name);
    }

    [Fact]
    public async Task A_probe_that_throws_fails_with_the_first_line_of_what_it_says()
    {
        var report = await new HealthReporter([new Probe("a", failure: new InvalidOperationException("gone.\nHeaders: secret"))], _time).ReportAsync(Services.DataMerger, HealthQuestion.Ready, Cancel);

        Assert.Equal("InvalidOperationException: gone.", Assert.Single(report!.Checks).Detail);
    }

    [Fact]
    public async Task A_probe_that_never_answers_fails_after_the_limit()
    {
        var stuck = new Probe("stuck", wait: new TaskCompletionSource());
        var asking = new HealthReporter([stuck, new Probe("a")], _time).ReportAsync(Services.DataMerger, HealthQuestion.Ready, Cancel);
        await stuck.Asked.Task.WaitAsync(Cancel);
        Assert.False(asking.IsCompleted);
        _time.Advance(HealthReporter.ProbeLimit);

        var report = await asking;

        Assert.Equal(HealthStatus.Fail, report!.Status);
        Assert.Equal("did not answer within 5s.", report.Checks.Single(c => c.Name == "stuck").Detail);
        Assert.Equal(5_000, report.Checks.Single(c => c.Name == "stuck").DurationMs);
    }

    [Fact]
    public async Task A_caller_that_goes_away_is_not_answered()
    {
        using var gone = new CancellationTokenSource();
        var stuck = new Probe("stuck", wait: new TaskCompletionSource());
        var asking = new HealthReporter([stuck], _time).ReportAsync(Services.DataMerger, HealthQuestion.Ready, gone.Token);
        await stuck.Asked.Task.WaitAsync(Cancel);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public void The_body_is_health_json()
    {
        var report = new HealthReport(Services.DataMerger, HealthQuestion.Ready, HealthStatus.Fail, [new("storage:blobs", HealthStatus.Fail, "gone.", 1.5), new("host", HealthStatus.Pass, null, 0)]);

        using var json = JsonDocument.Parse(report.ToJson());

        Assert.Equal("""{"serviceId":"data-merger","question":"ready","status":"fail","checks":[{"name":"storage:blobs","status":"fail","output":"gone.","durationMs":1.5},{"name":"host","status":"pass","durationMs":0}]}""",
            JsonSerializer.Serialize(json.RootElement));
    }

    sealed class Probe(
        string name, HealthStatus status = HealthStatus.Pass, string? service = null, HealthQuestion question = HealthQuestion.Ready,
        Exception? failure = null, TaskCompletionSource? wait = null) : IHealthProbe
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => name;

        public string? Service => service;

        public HealthQuestion Question => question;

        public async Task<HealthAnswer> CheckAsync(CancellationToken cancellationToken)
        {
            Asked.TrySetResult();
            if (wait is not null)
                await wait.Task; // deaf to cancellation
            return failure is null ? new(status) : throw failure;
        }
    }
}
