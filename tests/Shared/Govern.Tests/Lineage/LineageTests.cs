using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Govern.Tests;

public sealed class LineageTests(AzuriteFixture azurite)
{
    static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_is_followed_to_the_line_that_the_source_sent_and_to_what_others_said()
    {
        var lake = await TestLake.CreateAsync(azurite);
        await lake.MergeAsync("acme", 1, new Artefact("all.csv", new("A", 1, 2), new("B", 5, 6)));
        await lake.MergeAsync("zeta", 2, new Artefact("some.csv", new Bar("B", 5.5m, 6)));
        await lake.MergeAsync("ecb", 3, new("first.csv", new("A", 1, 2), new("C", 3, 4)), new("second.csv", new("D", 1, 2), new("B", 5.5m, 6)));
        var why = (await lake.Lineage.WhyAsync(lake.Dataset.Dataset, new Dictionary<string, string> { ["symbol"] = "B" }, CancellationToken))!;

        var standing = why.Standing;
        Assert.Equal("ecb", standing.Source);
        Assert.Equal(5.5m, standing.Values["low"]);
        Assert.Equal(TestLake.Start.AddMinutes(3), standing.KnownAt);
        Assert.Equal("stands", standing.Verdict);
        var landing = LakePath.LandingOf("ecb", lake.Dataset.Dataset, "ecb-20260105T090000Z-000003");
        Assert.Equal(
            new RowOrigin
            {
                Run = "ecb-20260105T090000Z-000003",
                Row = "2",
                Curated = LakePath.CuratedOf(lake.Dataset.Dataset, "ecb", "ecb-20260105T090000Z-000003").Child("part-1.parquet"),
                Artefact = landing.Child("1-second.csv"),
                Request = "/v1/second.csv",
                Sha256 = "sha-of-second.csv",
                RawRecord = "B,5.5,6",
            },
            standing.Origin);

        Assert.Equal(["acme", "zeta"], why.Others.Select(o => o.Source));
        Assert.Equal(["lost: 'ecb' is trusted more", "agrees with 'ecb'"], why.Others.Select(o => o.Verdict));
        Assert.Equal(["low"], why.Others[0].Differs);
        Assert.Equal("B,5,6", why.Others[0].Origin.RawRecord);
        Assert.Empty(why.Others[1].Differs);
    }

    [Fact]
    public async Task A_row_said_again_tells_when_it_was_first_and_last_seen()
    {
        var lake = await TestLake.CreateAsync(azurite);
        await lake.MergeAsync("acme", 1, new Artefact("a.csv", new Bar("A", 1, 2)));
        await lake.MergeAsync("acme", 7, new Artefact("a.csv", new Bar("A", 1, 2)));
        var why = (await lake.Lineage.WhyAsync(lake.Dataset.Dataset, new Dictionary<string, string> { ["symbol"] = "A" }, CancellationToken))!;
        Assert.Equal((TestLake.Start.AddMinutes(1), TestLake.Start.AddMinutes(7)), (why.Standing.KnownAt, why.Standing.LastSeenAt));
        Assert.Equal("stands: no other source speaks of it", why.Standing.Verdict);
    }

    [Fact]
    public async Task Raw_data_that_is_gone_leaves_what_is_still_known()
    {
        var lake = await TestLake.CreateAsync(azurite);
        await lake.MergeAsync("acme", 1, new Artefact("a.csv", new Bar("A", 1, 2)));
        await lake.Blobs.DeleteFolderAsync(LakePath.LandingOf("acme", lake.Dataset.Dataset, "acme-20260105T090000Z-000001"), CancellationToken);
        var why = (await lake.Lineage.WhyAsync(lake.Dataset.Dataset, new Dictionary<string, string> { ["symbol"] = "A" }, CancellationToken))!;
        Assert.NotNull(why.Standing.Origin.Artefact);
        Assert.Null(why.Standing.Origin.RawRecord);

        await lake.Blobs.DeleteFolderAsync(new(Containers.Curated, lake.Dataset.Dataset), CancellationToken);
        why = (await lake.Lineage.WhyAsync(lake.Dataset.Dataset, new Dictionary<string, string> { ["symbol"] = "A" }, CancellationToken))!;
        Assert.Equal(new() { Run = "acme-20260105T090000Z-000001", Row = "1" }, why.Standing.Origin);
    }

    [Fact]
    public async Task A_key_or_dataset_that_is_not_there_has_no_answer_and_a_wrong_key_says_what_is_wrong()
    {
        var lake = await TestLake.CreateAsync(azurite);
        var key = new Dictionary<string, string> { ["symbol"] = "Z" };
        Assert.Null(await lake.Lineage.WhyAsync(lake.Dataset.Dataset, key, CancellationToken));
        await lake.MergeAsync("acme", 1, new Artefact("a.csv", new Bar("A", 1, 2)));
        Assert.Null(await lake.Lineage.WhyAsync(lake.Dataset.Dataset, key, CancellationToken));

        var failure = await Assert.ThrowsAsync<StepFailedException>(() => lake.Lineage.WhyAsync(lake.Dataset.Dataset, new Dictionary<string, string> { ["ticker"] = "A" }, CancellationToken));
        Assert.Contains("there is no column 'ticker'; there are symbol, low", failure.Message, StringComparison.Ordinal);
        failure = await Assert.ThrowsAsync<StepFailedException>(() => lake.Lineage.WhyAsync(lake.Dataset.Dataset, new Dictionary<string, string> { ["symbol"] = "A", ["low"] = "cheap" }, CancellationToken));
        Assert.Contains("'cheap' is no value of the column 'low', which is decimal(18,4)", failure.Message, StringComparison.Ordinal);
        failure = await Assert.ThrowsAsync<StepFailedException>(() => lake.Lineage.WhyAsync(lake.Dataset.Dataset, new Dictionary<string, string> { ["low"] = "1" }, CancellationToken));
        Assert.Equal($"A row of '{lake.Dataset.Dataset}' is named by symbol: symbol is missing.", failure.Message);
    }

    [Theory]
    [InlineData("a.csv", "symbol,low\n\nA,1\n\"B, and\nmore\",2.50\nC,3\n", 2, "\"B, and\nmore\",2.50")]
    [InlineData("a.csv", "A;1\nB;2.5\nC;3\n", 2, "B;2.5")]
    [InlineData("a.csv", "x;1\ny;1\nz;3\n", 2, null)]
    [InlineData("a.csv", "A;1\n", 9, null)]
    [InlineData("a.csv", "\"A;2.5\n", 1, "\"A;2.5\n")]
    [InlineData("a.ndjson", "{\"s\":\"A\"}\n\n{\"s\":\"B\"}\n", 2, "{\"s\":\"B\"}")]
    [InlineData("a.json", "[{}]", 1, null)]
    public async Task A_record_is_cut_out_only_where_it_looks_like_the_row(string name, string content, int row, string? expected)
    {
        var lake = await TestLake.CreateAsync(azurite);
        var path = new LakePath(Containers.Landing, $"raw/{lake.Dataset.Dataset}/{name}");
        await lake.Blobs.WriteOnceAsync(path, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)), cancellationToken: CancellationToken);
        var record = await new RawRecords(lake.Blobs).FindAsync(new() { Path = path, Name = name, Sha256 = "" }, $"{row}", ["B", "2.5000"], CancellationToken);
        Assert.Equal(expected?.TrimEnd('\n'), record);
    }
}
