using DataIngestion.Contracts;
using DataIngestion.Orchestrators.Activities;
using DataIngestion.Storage;
using DataIngestion.TestKit;

namespace DataIngestion.Orchestrators.Tests.Activities;

public sealed class AnnounceRunTests : IClassFixture<AzuriteFixture>, IDisposable
{
    static readonly DateTimeOffset Slot = new(2026, 3, 2, 18, 30, 0, TimeSpan.Zero);

    readonly RecordedMetrics _recorded = new();
    readonly BlobStore _blobs;
    readonly FreshnessStore _freshness;
    readonly AnnounceRun _announce;

    public AnnounceRunTests(AzuriteFixture azurite)
    {
        var clients = StorageClients.Connect(azurite.ConnectionString);
        _blobs = new(clients);
        _freshness = new(_blobs);
        _announce = new(new(new(clients), _blobs), new(_blobs, TimeProvider.System), _freshness, new(_recorded.Meters));
    }

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _recorded.Dispose();

    [Fact]
    public async Task A_run_is_counted_by_source_cause_and_outcome_and_its_rows_by_what_became_of_them()
    {
        await _blobs.CreateContainersAsync(Stop);
        await AnnounceAsync(LifecycleEventTypes.RunStarted, "counted", null);
        await AnnounceAsync(LifecycleEventTypes.RunCompleted, "counted", Report("counted", Part("bars")));

        Assert.Equal(
            [
                ("ingestion.runs.started{cause=schedule,source=counted}", 1),
                ("ingestion.runs.finished{cause=schedule,outcome=completed,source=counted}", 1),
                ("ingestion.runs.duration{outcome=completed,source=counted}", 90),
                ("ingestion.bytes{dataset=bars,source=counted}", 1_000),
                ("ingestion.rows{dataset=bars,fate=in,source=counted}", 10),
                ("ingestion.rows{dataset=bars,fate=published,source=counted}", 6),
                ("ingestion.rows{dataset=bars,fate=quarantined,source=counted}", 1),
                ("ingestion.rows{dataset=bars,fate=merged-away,source=counted}", 3),
            ],
            _recorded.All);
    }

    [Fact]
    public async Task Rows_that_nobody_accounts_for_are_told()
    {
        await _blobs.CreateContainersAsync(Stop);
        await AnnounceAsync(LifecycleEventTypes.RunCompleted, "lossy", Report("lossy", Part("bars") with { RowsOut = 5 }));

        Assert.Equal([1], _recorded.Of("ingestion.runs.unbalanced{dataset=bars,source=lossy}"));
    }

    [Fact]
    public async Task A_dataset_is_up_to_date_to_the_newest_slot_that_was_delivered_whole()
    {
        await _blobs.CreateContainersAsync(Stop);
        await AnnounceAsync(LifecycleEventTypes.RunFailed, "fresh", Report("fresh", Part("bars"), Part("splits"), Part("splits") with { Outcome = RunOutcome.Failed }));
        await AnnounceAsync(LifecycleEventTypes.RunCompleted, "fresh", Report("fresh", Part("bars")), Slot.AddDays(-1)); // an older one that took long
        await AnnounceAsync(LifecycleEventTypes.RunCompleted, "fresh", Report("fresh", Part("news")), since: null); // a window of the past

        Assert.Equal(Slot, (await _freshness.FindAsync("fresh", "bars", Stop))!.AwaitedSince);
        Assert.Null(await _freshness.FindAsync("fresh", "splits", Stop));
        Assert.Null(await _freshness.FindAsync("fresh", "news", Stop));
    }

    Task AnnounceAsync(string type, string source, RunReport? report) => AnnounceAsync(type, source, report, Slot);

    Task AnnounceAsync(string type, string source, RunReport? report, DateTimeOffset? since) => _announce.RunAsync(
        new(type, $"{source}-20260302T183000Z-abc123", source, Slot.AddMinutes(5), report) { Cause = IngestionCause.Schedule, AwaitedSince = since }, Stop);

    static RunReport Report(string source, params DatasetReport[] parts) => RunReport.Of($"{source}-20260302T183000Z-abc123", source, Slot, Slot.AddSeconds(90), [.. parts.Select(p => p with { Source = source })]);

    static DatasetReport Part(string dataset) => new()
    {
        Dataset = dataset,
        Source = "",
        Outcome = RunOutcome.Completed,
        RowsIn = 10,
        RowsOut = 6,
        RowsQuarantined = 1,
        RowsMergedAway = 3,
        Bytes = 1_000,
    };
}
