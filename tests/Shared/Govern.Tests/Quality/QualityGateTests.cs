using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Govern.Tests;

public sealed class QualityGateTests(AzuriteFixture azurite)
{
    static readonly GovernMetrics Metrics = new(new RecordedMetrics().Meters);

    static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_clean_run_scores_100_and_says_nothing()
    {
        var result = await CheckAsync(await TestLake.CreateAsync(azurite), 0, new Bar("A", 1, 2, 5), new("B", 1, 1, null));
        Assert.Equal((100, true), (result.Score, result.Passed));
        Assert.Empty(result.Findings);
    }

    [Fact]
    public async Task Every_broken_thing_costs_its_share_and_is_told_with_its_first_rows()
    {
        var lake = await TestLake.CreateAsync(azurite);
        lake.Dataset = lake.Dataset with { Quality = new() { MinimumScore = 50, Rules = ["low <= high", "volume > 1", "low < volume"] } };
        var bars = Enumerable.Range(0, 17).Select(i => new Bar($"S{i}", 1, 2, 100))
            .Concat([new("X", 3, 2, 100), new("Y", null, 2, -5), new(null, 1, 2, 2e9), new("S0", 1, 7, 100), new("S1", 1, 2, 100)]).ToArray();
        var result = await CheckAsync(lake, 3, bars);

        // 25 records: 3 quarantined, 1 without key, 1 without low, 2 out of range, 1 + 1 + 0 rules, 1 contradiction; the repetition costs nothing.
        Assert.Equal(100 * (1 - (10 / 25d)), result.Score, 9);
        Assert.True(result.Passed);
        Assert.Equal(
            [
                $"the record was quarantined in 3 of 25 records (12 %), first in {LakePath.QuarantineOf(lake.Dataset.Dataset, "ecb", "ecb-20260105T090000Z-000001")}.",
                "column 'symbol' lacks a value in 1 of 25 records (4 %), first in 0-bars.csv row 20.",
                "column 'low' lacks a value in 1 of 25 records (4 %), first in 0-bars.csv row 19.",
                "column 'volume' is below 0 in 1 of 25 records (4 %), first in 0-bars.csv row 19.",
                "column 'volume' is above 1000000000 in 1 of 25 records (4 %), first in 0-bars.csv row 20.",
                "'low <= high' does not hold in 1 of 25 records (4 %), first in 0-bars.csv row 18.",
                "'volume > 1' does not hold in 1 of 25 records (4 %), first in 0-bars.csv row 19.",
                "the key is that of an earlier row with other values in 1 of 25 records (4 %), first in 0-bars.csv row 21.",
                "the row repeats an earlier one in 1 of 25 records (4 %), first in 0-bars.csv row 22.",
            ],
            result.Findings);
    }

    [Fact]
    public async Task A_score_below_the_minimum_does_not_pass_and_says_so_first()
    {
        var result = await CheckAsync(await TestLake.CreateAsync(azurite), 3, new Bar("A", 1, 2));
        Assert.Equal((25, false), (result.Score, result.Passed));
        Assert.StartsWith("the score 25 is below 80", result.Findings[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_without_records_passes()
    {
        var result = await CheckAsync(await TestLake.CreateAsync(azurite), 0);
        Assert.Equal((100, true), (result.Score, result.Passed));
    }

    [Fact]
    public async Task Rules_that_cannot_be_used_fail_before_anything_is_read()
    {
        var lake = await TestLake.CreateAsync(azurite);
        lake.Dataset = lake.Dataset with { Quality = new() { Rules = ["close > 0"] } };
        var failure = await Assert.ThrowsAsync<StepFailedException>(() => CheckAsync(lake, 0, new Bar("A", 1, 2)));
        Assert.Equal("rules-unfit", failure.Failure.Code);
    }

    [Fact]
    public async Task A_column_that_must_be_there_and_is_not_counts_for_every_row()
    {
        var lake = await TestLake.CreateAsync(azurite);
        lake.Dataset = lake.Dataset with { Columns = new Dictionary<string, ColumnDefinition>(lake.Dataset.Columns) { ["currency"] = new() { Type = ColumnKind.String, Nullable = false } } };
        var result = await CheckAsync(lake, 0, new Bar("A", 1, 2), new("B", 1, 2));
        Assert.Equal(0, result.Score);
        Assert.Contains(result.Findings, f => f.StartsWith("column 'currency' lacks a value in 2 of 2 records (100 %), first in 0-bars.csv, which has no such column", StringComparison.Ordinal));
    }

    [Fact]
    public void A_large_run_is_read_in_slices_of_its_keys()
    {
        Assert.Equal(1, new KeyRepeats(Empty, 0).Slices);
        Assert.Equal(1, new KeyRepeats(Empty, KeyRepeats.SliceRows).Slices);
        Assert.Equal(5, new KeyRepeats(Empty, (4 * KeyRepeats.SliceRows) + 1).Slices);
    }

    [Theory]
    [InlineData(0), InlineData((4 * KeyRepeats.SliceRows) + 1)]
    public void Repeats_are_found_whatever_the_number_of_slices(long announced)
    {
        var repeats = new KeyRepeats(Empty with { Keys = ["k"], Columns = new Dictionary<string, ColumnDefinition> { ["k"] = new() { Type = ColumnKind.Integer }, ["v"] = new() { Type = ColumnKind.Integer } } }, announced);
        var builder = new Tabular.RecordBatchBuilder(new([new("k", Tabular.DataType.Int64), new("v", Tabular.DataType.Int64)]));
        for (var i = 0L; i < 1_000; i++)
            builder.AppendRow(i % 700, i % 700 < 200 ? i : 0L);
        using var batch = builder.Detach();
        for (var slice = 0; slice < repeats.Slices; slice++)
        {
            repeats.Begin(slice);
            repeats.Check(batch, "f");
        }

        Assert.Equal((200, 100), (repeats.Contradictions.Count, repeats.Repetitions.Count));
    }

    static DatasetDefinition Empty { get; } = new() { Dataset = "d", Keys = [], Columns = new Dictionary<string, ColumnDefinition>() };

    [Fact]
    public async Task The_score_is_told_by_source_and_dataset()
    {
        using var recorded = new RecordedMetrics();
        var lake = await TestLake.CreateAsync(azurite);
        await new QualityGate(lake.Blobs, new(recorded.Meters)).CheckAsync(await lake.CurateAsync("ecb", 1, 3, new Artefact("bars.csv", [new Bar("A", 1, 2)])), CancellationToken);
        Assert.Equal([25], recorded.Of($"quality.score{{dataset={lake.Dataset.Dataset},passed=False,source=ecb}}"));
    }

    static async Task<QualityResult> CheckAsync(TestLake lake, long quarantined, params Bar[] bars) =>
        await new QualityGate(lake.Blobs, Metrics).CheckAsync(await lake.CurateAsync("ecb", 1, quarantined, new Artefact("bars.csv", bars)), CancellationToken);
}
