using DataIngestion.Cli.Demo;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Tests.Demo;

public sealed class DemoChecksTests
{
    static readonly DatasetSummary[] Merged = [new("bars", 10, ["a", "b"], 1, new("datasets", "bars/snapshots/x"))];

    static SourceSummary Source(long rowsIn, long rowsOut, long quarantined = 0, long mergedAway = 0, int round = 1, params string[] failures) =>
        new() { Round = round, Source = "a", Dataset = "bars", RowsIn = rowsIn, RowsOut = rowsOut, RowsQuarantined = quarantined, RowsMergedAway = mergedAway, Failures = failures };

    [Fact]
    public void Nothing_is_wrong_when_every_row_is_accounted_for() =>
        Assert.Empty(DemoChecks.Of([Source(10, 7, 2, 1)], [Source(2, 2, round: 2)], Merged));

    [Fact]
    public void A_row_that_is_not_accounted_for_is_named() =>
        Assert.Contains("10 rows in, but 7 out + 2 quarantined + 0 merged away = 9", Assert.Single(DemoChecks.Of([Source(10, 7, 2)], [], Merged)), StringComparison.Ordinal);

    [Fact]
    public void A_failed_run_is_named_with_its_reason() =>
        Assert.Equal("run 1: a: away", Assert.Single(DemoChecks.Of([Source(1, 1), Source(0, 0, failures: "a: away")], [], Merged)));

    [Fact]
    public void A_second_run_that_fetches_everything_again_is_wrong() =>
        Assert.Contains("only what is new should", Assert.Single(DemoChecks.Of([Source(10, 10)], [Source(10, 0, mergedAway: 10, round: 2)], Merged)), StringComparison.Ordinal);

    [Fact]
    public void A_demo_that_merged_nothing_is_wrong() =>
        Assert.Equal("no dataset was merged from two sources", Assert.Single(DemoChecks.Of([Source(1, 1)], [], [Merged[0] with { Sources = ["a"] }])));

    [Fact]
    public void Runs_of_one_source_are_summed_up_and_their_times_joined()
    {
        var begin = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        IngestionStatus Run(int number, int rows, int from, int to) => new()
        {
            Run = $"a-2026010{number}T000000Z-abc123",
            Source = "a",
            Status = RunState.Completed,
            StartedAt = begin.AddSeconds(from),
            Report = new()
            {
                Run = $"a-2026010{number}T000000Z-abc123",
                Source = "a",
                Outcome = RunOutcome.Completed,
                FinishedAt = begin.AddSeconds(to),
                Datasets = [new() { Dataset = "bars", Source = "a", Outcome = RunOutcome.Completed, RowsIn = rows, RowsOut = rows }],
            },
        };

        var summary = Assert.Single(SourceSummary.Of(1, [Run(1, 3, 0, 4), Run(2, 4, 1, 6)]));

        Assert.Equal((2, 7L, 7L, 6d), (summary.Runs, summary.RowsIn, summary.RowsOut, summary.Seconds));
        Assert.True(summary.IsRight);
    }

    [Fact]
    public void A_run_that_ended_without_a_report_is_a_failure()
    {
        var summary = Assert.Single(SourceSummary.Of(1, [new() { Run = "a-20260101T000000Z-abc123", Source = "a", Status = RunState.Terminated }]));
        Assert.Equal("a-20260101T000000Z-abc123: terminated", Assert.Single(summary.Failures));
    }
}
