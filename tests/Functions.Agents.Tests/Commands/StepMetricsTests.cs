using DataIngestion.Agents.Commands;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Agents.Tests.Commands;

public sealed class StepMetricsTests(AzuriteFixture azurite)
{
    readonly FakeTimeProvider _time = new(new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("daily-bars-collect", "collect", "daily-bars")]
    [InlineData("daily-bars-quality", "check-quality", "daily-bars")]
    [InlineData("daily-bars-collect-retry", "decide-retry", "daily-bars")]
    [InlineData("odd", "collect", "")]
    public void A_command_says_what_it_is_a_step_of(string middle, string kind, string dataset)
    {
        const string Run = "ecb-20260302T090000Z-abc123";

        Assert.Equal(new("ecb", dataset, kind), StepName.Of(Command(Run, $"{Run}/{middle}/2", kind)));
        Assert.Equal("", StepName.Of(Command("no run", "no id", kind)).Source);
    }

    [Fact]
    public void A_step_is_told_with_its_outcome_and_the_code_of_its_failure()
    {
        using var recorded = new RecordedMetrics();
        var metrics = new StepMetrics(recorded.Meters);
        var step = new StepName("ecb", "bars", "collect");
        var failed = new AgentReply { CommandId = "", Failure = new() { Code = "timeout", Message = "" } };

        metrics.Ended(Services.DataCollector, step, new() { CommandId = "" }, TimeSpan.FromSeconds(2));
        metrics.Ended(Services.DataCollector, step, failed, TimeSpan.FromSeconds(3));
        metrics.Ended(Services.DataCollector, step, failed with { Failure = failed.Failure! with { IsWaiting = true } }, TimeSpan.FromSeconds(4));

        Assert.Equal(
            [
                ("ingestion.steps.duration{code=,dataset=bars,outcome=done,service=data-collector,source=ecb,step=collect}", 2),
                ("ingestion.steps.duration{code=timeout,dataset=bars,outcome=failed,service=data-collector,source=ecb,step=collect}", 3),
                ("ingestion.steps.duration{code=timeout,dataset=bars,outcome=waiting,service=data-collector,source=ecb,step=collect}", 4),
            ],
            recorded.All);
    }

    [Fact]
    public async Task A_step_is_compared_with_the_median_of_its_own_last_seven_days()
    {
        var blobs = new BlobStore(StorageClients.Connect(azurite.ConnectionString));
        await blobs.CreateContainersAsync(Stop);
        var baselines = new StepBaselines(blobs, _time, NullLogger<StepBaselines>.Instance);
        var step = new StepName("ecb", "compared", "collect");

        foreach (var seconds in (double[])[1, 100, 2, 3, 2])
            Assert.Null(await CompareAsync(seconds)); // too little to compare with
        Assert.Equal(3, await CompareAsync(6)); // median of 1 2 2 3 100
        Assert.Equal(2, await CompareAsync(5)); // of 1 2 2 3 6 100
        Assert.Null(await baselines.CompareAsync(step with { Dataset = "" }, TimeSpan.FromSeconds(1), Stop));

        _time.Advance(StepBaselines.Window);
        Assert.Null(await CompareAsync(6)); // all of it is too long ago

        Task<double?> CompareAsync(double seconds) => baselines.CompareAsync(step, TimeSpan.FromSeconds(seconds), Stop);
    }

    static AgentCommand Command(string run, string id, string kind) => new() { Run = run, Id = id, Kind = kind, ReplyTo = "" };
}
