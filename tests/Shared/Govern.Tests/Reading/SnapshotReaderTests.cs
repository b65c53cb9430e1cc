using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Govern.Tests;

public sealed class SnapshotReaderTests(AzuriteFixture azurite)
{
    static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_are_filtered_by_value_limited_and_ready_for_json()
    {
        var lake = await TestLake.CreateAsync(azurite);
        await lake.MergeAsync("ecb", 1, new Artefact("a.csv", new("C", 1, 2, 0.5), new("A", 1.5m, null), new("B", 1, 3)));

        var page = await ReadAsync(lake, new() { Limit = 2 });
        Assert.Equal((3, true), (page.SnapshotRows, page.HasMore));
        Assert.Equal(["symbol string", "low decimal(18,4)", "high decimal(20,6)", "volume double"], page.Columns.Take(4).Select(c => $"{c.Name} {c.Type}"));
        Assert.Equal(
            """["A",1.5000,null,null,"ecb","ecb-20260105T090000Z-000001",2,"2026-01-05T09:01:00Z"]""",
            JsonSerializer.Serialize(page.Rows[0]));

        page = await ReadAsync(lake, new() { Filter = new Dictionary<string, string> { ["low"] = "1.00" }, Offset = 1 });
        Assert.Equal(["C"], page.Rows.Select(r => r[0]));
        Assert.False(page.HasMore);
        Assert.Empty((await ReadAsync(lake, new() { Filter = new Dictionary<string, string> { ["low"] = "1.00", ["symbol"] = "A" } })).Rows);
        Assert.Equal(["C"], (await ReadAsync(lake, new() { Filter = new Dictionary<string, string> { ["volume"] = "0.5", ["_known_at"] = "2026-01-05T10:01:00+01:00" } })).Rows.Select(r => r[0]));
    }

    [Fact]
    public async Task As_of_a_moment_the_state_of_that_moment_is_read()
    {
        var lake = await TestLake.CreateAsync(azurite);
        var none = lake.Time.GetUtcNow();
        await lake.MergeAsync("ecb", 1, new Artefact("a.csv", new Bar("A", 1, 2)));
        var first = lake.Time.GetUtcNow();
        await lake.MergeAsync("ecb", 2, new Artefact("a.csv", new Bar("A", 9, 9)));

        Assert.Equal(9m, (await ReadAsync(lake, new())).Rows[0][1]);
        Assert.Equal(1m, (await ReadAsync(lake, new() { AsOf = first })).Rows[0][1]);
        Assert.Equal(1m, (await ReadAsync(lake, new() { AsOf = first.AddMinutes(59) })).Rows[0][1]);
        Assert.Null(await lake.Reader.ReadAsync(lake.Dataset.Dataset, new() { AsOf = none }, CancellationToken));
        var why = await lake.Lineage.WhyAsync(lake.Dataset.Dataset, new Dictionary<string, string> { ["symbol"] = "A" }, first, CancellationToken);
        Assert.Equal(1m, why!.Standing.Values["low"]);
    }

    [Fact]
    public async Task Published_datasets_are_listed_and_others_are_not_found()
    {
        var (lake, other) = (await TestLake.CreateAsync(azurite), await TestLake.CreateAsync(azurite));
        await lake.MergeAsync("ecb", 1, new Artefact("a.csv", new Bar("A", 1, 2)));
        var listed = new List<PublishedDataset>();
        await foreach (var dataset in lake.Reader.ListAsync(CancellationToken))
            listed.Add(dataset);
        Assert.Equal(1, Assert.Single(listed, d => d.Dataset == lake.Dataset.Dataset).Rows);
        Assert.DoesNotContain(listed, d => d.Dataset == other.Dataset.Dataset);
        Assert.Null(await lake.Reader.FindAsync(other.Dataset.Dataset, cancellationToken: CancellationToken));
        Assert.Null(await lake.Reader.FindAsync("../etc", cancellationToken: CancellationToken));
    }

    static async Task<SnapshotPage> ReadAsync(TestLake lake, SnapshotQuery query) =>
        (await lake.Reader.ReadAsync(lake.Dataset.Dataset, query, CancellationToken))!;
}
