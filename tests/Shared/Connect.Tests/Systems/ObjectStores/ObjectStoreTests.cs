using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests.Systems.ObjectStores;

[Trait("Category", "server")]
public sealed class ObjectStoreTests(SharedServers servers, AzuriteFixture azurite)
{
    public static TheoryData<string> Stores => Store.All;

    public static TheoryData<string, string> Crashes => new MatrixTheoryData<string, string>(["s3", "gcs", "azure-blob"], Enum.GetNames<CrashPoint>());

    [Theory, MemberData(nameof(Stores))]
    public async Task New_objects_are_read_once_and_new_versions_again(string system)
    {
        var store = await Store.OpenAsync(system, servers, azurite);
        await store.PutAsync("in/a.csv", "a1");
        await store.PutAsync("in/b.csv", "b1");
        await store.PutAsync("other/c.csv", "outside the prefix");
        await store.PutAsync("in/notes.txt", "not of the dataset");
        await using var harness = new ReaderHarness(store.Source(), settings: store.Settings);

        var first = await harness.RunAsync();
        var nothing = await harness.RunAsync();
        await store.PutAsync("in/b.csv", "b2");
        await store.PutAsync("in/d.csv", "d1");
        var second = await harness.RunAsync();

        Assert.Equal(["a.csv=a1", "b.csv=b1"], first.Select(Text).Order());
        Assert.Empty(nothing);
        Assert.Equal(["b.csv=b2", "d.csv=d1"], second.Select(Text).Order());
    }

    [Theory, MemberData(nameof(Crashes))]
    public async Task A_run_that_is_killed_ends_with_every_object_once(string system, string point)
    {
        var store = await Store.OpenAsync(system, servers, azurite);
        foreach (var name in (string[])["a", "b", "c"])
            await store.PutAsync($"in/{name}.csv", $"{name}1");
        await using var harness = new ReaderHarness(store.Source(), settings: store.Settings);

        await harness.CrashAsync(Enum.Parse<CrashPoint>(point), part: 1);
        await harness.RunAsync();

        Assert.Equal(["a.csv=a1", "b.csv=b1", "c.csv=c1"], harness.Landed.Select(Text).Order());
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Names_are_whatever_a_key_may_be(string system)
    {
        var store = await Store.OpenAsync(system, servers, azurite);
        string[] names = ["sub/deep/é ü.csv", "a+b.csv", "100%.csv", "q?x=1&y#z.csv", "日本.csv", "empty.csv"];
        foreach (var name in names)
            await store.PutAsync($"in/{name}", name == "empty.csv" ? "" : name);
        await using var harness = new ReaderHarness(store.Source(read: new Dictionary<string, string> { ["recursive"] = "true" }), settings: store.Settings);

        await harness.RunAsync();

        Assert.Equal(
            names.Select(n => $"{n}={(n == "empty.csv" ? "" : n)}").Order(StringComparer.Ordinal), harness.Landed.Select(Text).Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Folders_below_are_read_only_when_asked_for(string system)
    {
        var store = await Store.OpenAsync(system, servers, azurite);
        await store.PutAsync("in/a.csv", "a");
        await store.PutAsync("in/sub/b.csv", "b");
        await using var harness = new ReaderHarness(store.Source(), settings: store.Settings);

        await harness.RunAsync();

        Assert.Equal(["a.csv=a"], harness.Landed.Select(Text));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_store_is_probed_and_its_objects_are_listed(string system)
    {
        var store = await Store.OpenAsync(system, servers, azurite);
        await store.PutAsync("in/sub/b.csv", "four");
        await using var harness = new ReaderHarness(store.Source(), settings: store.Settings);

        Assert.Contains("answers", await harness.ProbeAsync(), StringComparison.Ordinal);
        var found = Assert.Single(await harness.DiscoverAsync());
        Assert.Equal(("sub/b.csv", "file", 4L), (found.Name, found.Kind, found.Size));
        Assert.NotNull(found.ModifiedAt);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task More_objects_than_one_page_of_a_listing(string system)
    {
        var store = await Store.OpenAsync(system, servers, azurite);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 1010), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) => await store.PutAsync($"in/{i:d4}.csv", "x"));
        await using var harness = new ReaderHarness(store.Source(), settings: store.Settings);

        Assert.Equal(1010, (await harness.DiscoverAsync()).Count);
    }

    static string Text(LandedPart part) => $"{part.Part.Name}={part.Text}";
}
