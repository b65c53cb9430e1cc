using DataIngestion.Contracts;
using DataIngestion.Tabular;
using DataIngestion.TestKit;

namespace DataIngestion.Merge.Tests;

public sealed class MergerTests(AzuriteFixture azurite)
{
    static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_first_run_becomes_the_dataset_sorted_by_key()
    {
        var lake = await TestLake.CreateAsync(azurite);
        var result = await lake.Merger().MergeAsync(await lake.CurateAsync("ecb", 1, new("B", 2, 3.5m), new("A", 1, 1m), new("B", 1, null), new("A", 1, 1m)), CancellationToken);

        Assert.Equal((4, 3, 1, 0, 0, 3), Numbers(result));
        Assert.Equal(
            """
            A 1.0000 2026-01-02 ecb ecb-20260105T090000Z-000001 2 2026-01-05T09:00:00Z
            B - 2026-01-02 ecb ecb-20260105T090000Z-000001 3 2026-01-05T09:00:00Z
            B 3.5000 2026-01-03 ecb ecb-20260105T090000Z-000001 1 2026-01-05T09:00:00Z
            """,
            await lake.DumpAsync());
        var manifest = (await lake.CurrentAsync())!;
        Assert.Null(manifest.Previous);
        Assert.Equal(manifest.Result, result);
        Assert.Equal(LakePath.SnapshotOf(lake.Dataset.Dataset, manifest.KnownAt).Child("manifest.json"), result.Snapshot);
        Assert.Equal("ecb", Assert.Single(manifest.Runs).Source);
    }

    [Fact]
    public async Task Sources_that_disagree_are_resolved_by_priority_and_the_loser_is_kept_with_the_reason()
    {
        var lake = await TestLake.CreateAsync(azurite);
        await lake.Merger().MergeAsync(await lake.CurateAsync("acme", 1, new("A", 1, 1m), new("B", 1, 2m), new("C", 1, 9m)), CancellationToken);
        var result = await lake.Merger().MergeAsync(await lake.CurateAsync("ecb", 1, new("A", 1, 1.5m), new("B", 1, 2m), new("D", 1, 4m)), CancellationToken);

        Assert.Equal((3, 3, 0, 2, 1, 4), Numbers(result));
        var all = await lake.DumpAsync(all: true);
        Assert.Contains("A 1.0000 2026-01-02 acme acme-20260105T090000Z-000001 1 2026-01-05T09:00:00Z lower-priority", all, StringComparison.Ordinal);
        Assert.Contains("B 2.0000 2026-01-02 acme acme-20260105T090000Z-000001 2 2026-01-05T09:00:00Z agrees", all, StringComparison.Ordinal);

        var weaker = await lake.Merger().MergeAsync(await lake.CurateAsync("zeta", 1, new("A", 1, 7m, 99), new("C", 1, 8m, 99)), CancellationToken);
        Assert.Equal((2, 1, 1, 1, 2, 4), Numbers(weaker));
    }

    [Fact]
    public async Task A_run_merged_again_answers_its_numbers_even_after_others()
    {
        var lake = await TestLake.CreateAsync(azurite);
        var first = await lake.CurateAsync("ecb", 1, new("A", 1, 1m), new("B", 1, 2m));
        var result = await lake.Merger().MergeAsync(first, CancellationToken);
        Assert.Equal(result, await lake.Merger().MergeAsync(first, CancellationToken));
        await lake.Merger().MergeAsync(await lake.CurateAsync("ecb", 2, new Price("A", 1, 5m, 10)), CancellationToken);
        var current = await lake.CurrentAsync();

        Assert.Equal(result, await lake.Merger().MergeAsync(first, CancellationToken));
        Assert.Equivalent(current, await lake.CurrentAsync());
    }

    [Fact]
    public async Task A_run_that_says_nothing_new_keeps_the_rows_and_is_remembered()
    {
        var lake = await TestLake.CreateAsync(azurite);
        var before = await lake.Merger().MergeAsync(await lake.CurateAsync("ecb", 1, new("A", 1, 1m), new("B", 1, 2m)), CancellationToken);
        var rows = await lake.DumpAsync();
        var again = await lake.CurateAsync("ecb", 2, new("A", 1, 1m, 60), new("B", 1, 2m, 60));
        var result = await lake.Merger().MergeAsync(again, CancellationToken);

        Assert.Equal((2, 0, 2, 0, 0, 2), Numbers(result));
        Assert.Equal(before.Snapshot, result.Snapshot);
        Assert.Equal(rows, await lake.DumpAsync());
        Assert.Equal(result, await lake.Merger().MergeAsync(again, CancellationToken));
        Assert.Equal(2, (await lake.CurrentAsync())!.Runs.Count);

        // What was only seen again still counts: a value known between the two sightings does not replace them.
        var late = await lake.Merger().MergeAsync(await lake.CurateAsync("ecb", 3, new Price("A", 1, 7m, 30)), CancellationToken);
        Assert.Equal((1, 0, 1, 0, 0, 2), Numbers(late));
        Assert.Contains("A 1.0000 2026-01-02 ecb ecb-20260105T090000Z-000002 1 2026-01-05T10:00:00Z", await lake.DumpAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public async Task The_dataset_is_the_same_whatever_order_runs_are_merged_in(int seed)
    {
        var random = new Random(seed);
        var plan = Enumerable.Range(1, 6).Select(run => (
            Source: new[] { "ecb", "fed", "acme", "zeta" }[random.Next(4)],
            Run: run,
            Prices: Enumerable.Range(0, 40).Select(_ => new Price($"S{random.Next(8)}", random.Next(3), random.Next(3), random.Next(5))).ToArray())).ToArray();
        string? expected = null;
        var lake = await TestLake.CreateAsync(azurite);
        for (var order = 0; order < 4; order++)
        {
            var twin = lake.Twin();
            foreach (var (source, run, prices) in plan.Concat(order == 3 ? plan[..2] : []))
            {
                var result = await twin.Merger(options: new() { SortBufferBytes = 1 << 16, BatchRows = 7 }).MergeAsync(await twin.CurateAsync(source, run, prices), CancellationToken);
                Assert.Equal(result.RowsIn, result.RowsOut + result.RowsMergedAway);
            }

            var dump = await twin.DumpAsync() + "\n\n" + await twin.DumpAsync(all: true);
            Assert.Equal(expected ??= dump, dump);
            random.Shuffle(plan);
        }
    }

    [Fact]
    public async Task A_part_without_a_nullable_column_gives_nulls_and_whole_numbers_become_decimals()
    {
        var lake = await TestLake.CreateAsync(azurite);
        var schema = TestLake.Schema(("symbol", DataType.String), ("day", DataType.Date));
        await lake.Merger().MergeAsync(await lake.CurateAsAsync("ecb", 1, schema, [new("A", 1, null)], p => [p.Symbol, TestLake.DayOf(p)]), CancellationToken);
        schema = TestLake.Schema(("close", DataType.Int32), ("extra", DataType.String), ("symbol", DataType.String), ("day", DataType.Date));
        await lake.Merger().MergeAsync(await lake.CurateAsAsync("ecb", 2, schema, [new("B", 1, 7)], p => [(int)p.Close!, "x", p.Symbol, TestLake.DayOf(p)]), CancellationToken);

        Assert.Equal(["A -", "B 7.0000"], (await lake.DumpAsync()).Split('\n').Select(line => string.Join(' ', line.Split(' ')[..2])));
    }

    [Fact]
    public async Task A_dataset_that_gains_a_column_keeps_its_rows()
    {
        var lake = await TestLake.CreateAsync(azurite);
        await lake.Merger().MergeAsync(await lake.CurateAsync("ecb", 1, new("A", 1, 1m), new("B", 1, 1m)), CancellationToken);
        lake.Dataset = lake.Dataset with { Columns = new Dictionary<string, ColumnDefinition>(lake.Dataset.Columns) { ["volume"] = new() { Type = ColumnKind.Integer } } };
        var schema = TestLake.Schema(("symbol", DataType.String), ("close", DataType.Decimal(18, 4)), ("day", DataType.Date), ("volume", DataType.Int64));
        await lake.Merger().MergeAsync(await lake.CurateAsAsync("ecb", 2, schema, [new("A", 1, 1m, 5)], p => [p.Symbol, p.Close, TestLake.DayOf(p), 100L]), CancellationToken);

        Assert.Equal(["A 1.0000 2026-01-02 100", "B 1.0000 2026-01-02 -"], (await lake.DumpAsync()).Split('\n').Select(line => string.Join(' ', line.Split(' ')[..4])));
    }

    [Fact]
    public async Task A_type_that_does_not_fit_is_refused_with_the_part_and_the_column()
    {
        var lake = await TestLake.CreateAsync(azurite);
        var schema = TestLake.Schema(("symbol", DataType.String), ("close", DataType.String), ("day", DataType.Date));
        var run = await lake.CurateAsAsync("ecb", 1, schema, [new("A", 1, null)], p => [p.Symbol, "1.0", TestLake.DayOf(p)]);
        var failure = await Assert.ThrowsAsync<StepFailedException>(() => lake.Merger().MergeAsync(run, CancellationToken));

        Assert.Equal("type-unfit", failure.Failure.Code);
        Assert.Contains("part-0.parquet: the column 'close' is string, and dataset", failure.Message, StringComparison.Ordinal);
        Assert.Null(await lake.CurrentAsync());
    }

    [Fact]
    public async Task A_value_with_more_digits_than_the_column_is_refused_with_its_row()
    {
        var lake = await TestLake.CreateAsync(azurite);
        var schema = TestLake.Schema(("symbol", DataType.String), ("close", DataType.Decimal(18, 6)), ("day", DataType.Date));
        var run = await lake.CurateAsAsync("ecb", 1, schema, [new("A", 1, 1m), new("A", 2, 1.000001m)], p => [p.Symbol, p.Close, TestLake.DayOf(p)]);
        var failure = await Assert.ThrowsAsync<StepFailedException>(() => lake.Merger().MergeAsync(run, CancellationToken));

        Assert.Contains("row 2: '1.000001' in the column 'close' does not fit exactly into decimal(18,4)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_of_another_run_is_refused()
    {
        var lake = await TestLake.CreateAsync(azurite);
        var run = await lake.CurateAsync("ecb", 1, new Price("A", 1, 1m));
        var failure = await Assert.ThrowsAsync<StepFailedException>(() => lake.Merger().MergeAsync(run with { Run = TestLake.RunOf("ecb", 2) }, CancellationToken));
        Assert.Equal("manifest-wrong", failure.Failure.Code);
    }

    [Fact]
    public async Task An_empty_run_publishes_an_empty_dataset()
    {
        var lake = await TestLake.CreateAsync(azurite);
        Assert.Equal((0, 0, 0, 0, 0, 0), Numbers(await lake.Merger().MergeAsync(await lake.CurateAsync("ecb", 1), CancellationToken)));
        Assert.Equal("", await lake.DumpAsync());
    }

    static (long In, long Out, long Away, long Superseded, long Disagreements, long Rows) Numbers(MergeResult result) =>
        (result.RowsIn, result.RowsOut, result.RowsMergedAway, result.RowsSuperseded, result.Disagreements, result.SnapshotRows);
}
