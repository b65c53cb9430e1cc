using System.Security.Cryptography;
using CsCheck;
using DataIngestion.Contracts;
using DataIngestion.Samples;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;

namespace DataIngestion.Collect.Tests;

public sealed class PaginationTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task The_same_records_come_whichever_way_and_size_of_page() =>
        await Gen.Select(Gen.Int[0, 16], Gen.Int[1, 20], Gen.Int[0, 2]).SampleAsync(
            async (days, size, way) =>
            {
                await using var vendor = await VendorSimulator.StartAsync(Bars.Vendor(days), cancellationToken: TestContext.Current.CancellationToken);
                await using var whole = await Workbench.OpenAsync(azurite);
                await using var paged = await Workbench.OpenAsync(azurite);
                var dataset = way switch { 0 => Bars.Paged(size), 1 => Bars.ByCursor(size), _ => Bars.ByLink(size) };

                var expected = await whole.RecordsAsync((await whole.CollectAsync(whole.Source(vendor.BaseAddress, Bars.All), 1)).Manifest);
                var (result, manifest) = await paged.CollectAsync(paged.Source(vendor.BaseAddress, dataset), 1);

                Assert.Equal(expected, await paged.RecordsAsync(manifest));
                Assert.Equal(manifest.Artefacts.Count, result.Artefacts);
            },
            seed: "0000KOIXkMQ1",
            iter: 15,
            threads: 1);

    [Fact]
    public async Task A_manifest_says_what_lies_in_landing()
    {
        await using var vendor = await VendorSimulator.StartAsync(Bars.Vendor(10), cancellationToken: TestContext.Current.CancellationToken);
        await using var bench = await Workbench.OpenAsync(azurite);
        var reported = new List<CollectProgress>();
        var source = bench.Source(vendor.BaseAddress, Bars.Paged(10));

        var result = await bench.Collector.CollectAsync(
            new() { Source = source, Dataset = "bars" }, bench.Run(1), new Told(reported.Add), TestContext.Current.CancellationToken);
        var manifest = await bench.ManifestAsync(result);

        Assert.Equal((3, 0, 3, 0), (result.Artefacts, manifest.Passed.Count, result.Requests, result.Retries));
        Assert.Equal(["00000-bars.json", "00001-bars.json", "00002-bars.json"], manifest.Artefacts.Select(a => Workbench.NameOf(a.Path)));
        Assert.Equal(["/v1/bars?size=10&page=1", "/v1/bars?size=10&page=2", "/v1/bars?size=10&page=3"], manifest.Artefacts.Select(a => a.Name));
        foreach (var artefact in manifest.Artefacts)
        {
            var bytes = await bench.BytesAsync(artefact.Path);
            Assert.Equal((bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))), (artefact.Length, artefact.Sha256));
            Assert.Equal("application/json", artefact.ContentType);
            Assert.Contains("Date", artefact.Headers.Keys);
        }

        Assert.Equal([10L, 10L, 4L], manifest.Artefacts.Select(a => a.Records!.Value)); // eight weekdays, three symbols
        Assert.Equal([1, 2, 3], reported.Select(p => p.Artefacts));
        Assert.Equal(result.Bytes, reported[^1].Bytes);
        Assert.StartsWith("landing/", result.Manifest.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_last_page_is_followed_by_an_empty_one_that_is_passed()
    {
        await using var vendor = await VendorSimulator.StartAsync(Bars.Vendor(10), cancellationToken: TestContext.Current.CancellationToken);
        await using var bench = await Workbench.OpenAsync(azurite);

        var (result, manifest) = await bench.CollectAsync(bench.Source(vendor.BaseAddress, Bars.Paged(8)), 1);

        Assert.Equal((3, 4), (result.Artefacts, result.Requests));
        Assert.Equal(0, Assert.Single(manifest.Passed).Records);
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2)]
    public async Task Paging_in_circles_is_noticed(int way)
    {
        var served = 0;
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            served++;
            context.Response.ContentType = "application/json";
            context.Response.Headers.Link = "</again>; rel=next";
            return context.Response.WriteAsync("""{"bars":[{"date":"2026-01-05"}],"data":{"bars":[{"date":"2026-01-05"}]},"next":"again"}""");
        });
        await using var bench = await Workbench.OpenAsync(azurite);
        var dataset = way switch { 0 => Bars.Paged(1), 1 => Bars.ByCursor(1), _ => Bars.ByLink(1) };

        var failure = await FailureAsync(bench, bench.Source(server.Address, dataset));

        Assert.Equal(("pagination-loop", false), (failure.Code, failure.IsTransient));
        Assert.InRange(served, 2, 3);
    }

    [Fact]
    public async Task A_vendor_that_sends_the_first_cursor_again_is_noticed()
    {
        await using var vendor = await VendorSimulator.StartAsync(Bars.Vendor(20), cancellationToken: TestContext.Current.CancellationToken);
        await using var bench = await Workbench.OpenAsync(azurite);
        vendor.Inject(VendorFault.LoopingCursor);

        var failure = await FailureAsync(bench, bench.Source(vendor.BaseAddress, Bars.ByLink(5)));

        Assert.Equal("pagination-loop", failure.Code);
    }

    [Fact]
    public async Task Pages_without_end_stop_at_the_configured_number()
    {
        await using var server = await LoopbackServer.StartAsync((context, n) => context.Response.WriteAsync($$"""{"data":{"bars":[]},"next":"{{n}}"}"""));
        await using var bench = await Workbench.OpenAsync(azurite);
        var dataset = Bars.ByCursor(5);

        var failure = await FailureAsync(bench, bench.Source(server.Address, dataset with { Pagination = dataset.Pagination! with { MaxPages = 4 } }));

        Assert.Equal("too-many-pages", failure.Code);
        Assert.Contains("page 4", failure.Message, StringComparison.Ordinal);
        Assert.Equal(4, server.Received.Count);
    }

    [Fact]
    public async Task A_link_to_another_host_is_not_followed()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.Headers.Link = "<https://elsewhere.example/p2>; rel=next";
            return context.Response.WriteAsync("[]");
        });
        await using var bench = await Workbench.OpenAsync(azurite);

        Assert.Equal("link-refused", (await FailureAsync(bench, bench.Source(server.Address, Bars.ByLink(5)))).Code);
    }

    [Fact]
    public async Task Nothing_secret_lies_in_landing()
    {
        await using var server = await LoopbackServer.StartAsync((context, n) =>
        {
            // Echoes the key where careless vendors do: in the link, a cookie and the ETag.
            var key = context.Request.Query["apikey"].ToString();
            context.Response.Headers.SetCookie = $"session={key}";
            context.Response.Headers.ETag = $"\"{key}\"";
            if (n < 3)
                context.Response.Headers.Link = $"</v1/bars/link?offset={n}&token={key}&apikey={key}>; rel=next";
            return context.Response.WriteAsync($$"""[{"date":"2026-01-0{{n}}"}]""");
        });
        await using var bench = await Workbench.OpenAsync(azurite);
        var dataset = Bars.ByLink(1);
        dataset = dataset with { Request = dataset.Request! with { Query = new Dictionary<string, string> { ["token"] = "${VENDOR_KEY}" } } };
        var source = bench.Source(server.Address, dataset);
        source = source with { Connection = source.Connection! with { Auth = new() { Kind = "api-key", Options = new Dictionary<string, string> { ["query"] = "apikey", ["value"] = "${VENDOR_KEY}" } } } };

        var (result, _) = await bench.CollectAsync(source, 1);

        Assert.Equal(3, result.Artefacts);
        Assert.All(server.Received, r => Assert.Equal($"token={Workbench.Secret}&apikey={Workbench.Secret}", r.Query[r.Query.IndexOf("token=", StringComparison.Ordinal)..].Replace("size=1&", "", StringComparison.Ordinal)));
        foreach (var (name, content) in await bench.LandingAsync("bars", 1))
            Assert.False(content.Contains(Workbench.Secret, StringComparison.Ordinal), $"{name} holds the secret: {content}");
    }

    static async Task<Failure> FailureAsync(Workbench bench, SourceDefinition source) =>
        (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 1))).Failure;

    sealed class Told(Action<CollectProgress> tell) : IProgress<CollectProgress>
    {
        public void Report(CollectProgress value) => tell(value);
    }
}
