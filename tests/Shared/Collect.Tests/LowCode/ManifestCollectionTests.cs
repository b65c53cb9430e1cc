using System.Text;
using System.Text.RegularExpressions;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Collect.Tests;

/// <summary>Streams of manifests through the collector into landing, over HTTP.</summary>
public sealed class ManifestCollectionTests(AzuriteFixture azurite)
{
    static readonly DateTimeOffset Noon = new(2024, 3, 10, 12, 0, 0, TimeSpan.Zero);

    const string Manifest = """
        version: 6.0.0
        type: DeclarativeSource
        check: {type: CheckStream, stream_names: [trades]}
        definitions:
          requester:
            type: HttpRequester
            url_base: "{{ config['base'] }}"
            authenticator: {type: ApiKeyAuthenticator, api_token: "{{ config['api_key'] }}", inject_into: {type: RequestOption, inject_into: request_parameter, field_name: key}}
          selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}}
          paginator:
            type: DefaultPaginator
            page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: page}
            pagination_strategy: {type: PageIncrement, page_size: 2, start_from_page: 1}
          accounts:
            type: DeclarativeStream
            name: accounts
            retriever:
              type: SimpleRetriever
              requester: {$ref: "#/definitions/requester", path: accounts}
              record_selector: {$ref: "#/definitions/selector"}
              paginator: {$ref: "#/definitions/paginator"}
        streams:
          - type: DeclarativeStream
            name: trades
            retriever:
              type: SimpleRetriever
              requester: {$ref: "#/definitions/requester", path: "accounts/{{ stream_partition.account }}/trades"}
              record_selector: {$ref: "#/definitions/selector"}
              paginator: {$ref: "#/definitions/paginator"}
              partition_router: {type: SubstreamPartitionRouter, parent_stream_configs: [{type: ParentStreamConfig, stream: {$ref: "#/definitions/accounts"}, parent_key: id, partition_field: account}]}
            incremental_sync:
              type: DatetimeBasedCursor
              cursor_field: day
              datetime_format: "%Y-%m-%d"
              start_datetime: "2024-03-01"
              start_time_option: {type: RequestOption, inject_into: request_parameter, field_name: since}
        spec:
          type: Spec
          connection_specification:
            type: object
            required: [api_key, base]
            properties: {api_key: {type: string, airbyte_secret: true}, base: {type: string}}
        """;

    [Fact]
    public async Task Records_are_landed_beside_what_arrived_and_each_partition_is_continued()
    {
        await using var vendor = await VendorAsync(() => 6);
        using var folder = new TemporaryFolder();
        await using var bench = await OpenAsync(folder, new FakeTimeProvider(Noon));
        var source = Source(bench, vendor);

        var (result, manifest) = await bench.CollectAsync(source, 1);
        var (_, second) = await bench.CollectAsync(source, 2);

        Assert.Equal(3 * 3, manifest.Artefacts.Sum(a => a.Records));
        Assert.All(manifest.Artefacts, a => Assert.NotNull(a.Raw));
        var records = string.Concat(await Task.WhenAll(manifest.Artefacts.Select(async a => Encoding.UTF8.GetString(await bench.BytesAsync(a.Path)))));
        Assert.Equal(9, records.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Count());
        Assert.StartsWith("slices:", result.NextCursor, StringComparison.Ordinal);
        Assert.Equal(3, second.Artefacts.Sum(a => a.Records)); // the last day of each account, bounds included
        Assert.All(vendor.Received, r => Assert.Contains($"key={Workbench.Secret}", r.Query, StringComparison.Ordinal));
        Assert.All(await bench.LandingAsync("trades", 1), blob => Assert.DoesNotContain(Workbench.Secret, blob.Key + blob.Value, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_write_and_repeated_it_ends_in_the_same_bytes(bool afterTheWrite)
    {
        await using var vendor = await VendorAsync(() => 4);
        using var folder = new TemporaryFolder();
        await using var bench = await OpenAsync(folder, new FakeTimeProvider(Noon));
        var arguments = new CollectArguments { Source = Source(bench, vendor), Dataset = "trades" };

        var before = bench.Kills.Writes;
        var undisturbed = await bench.Collector.CollectAsync(arguments, bench.Run(1), cancellationToken: TestContext.Current.CancellationToken);
        var writes = bench.Kills.Writes - before;
        var expected = Anonymous(await bench.LandingAsync("trades", 1), bench.Run(1));
        Assert.True(writes > 20, $"{writes} writes");
        for (var k = 1; k <= writes; k++)
        {
            var run = 100 + k;
            (bench.Kills.KillAt, bench.Kills.AfterSending) = (bench.Kills.Writes + k, afterTheWrite);
            await Assert.ThrowsAsync<KilledException>(() => bench.Collector.CollectAsync(arguments, bench.Run(run), cancellationToken: TestContext.Current.CancellationToken));
            bench.Kills.KillAt = -1;
            await File.WriteAllTextAsync(folder.File("manifests/vendor.yaml"), Manifest.Replace("page_size: 2", "page_size: 3", StringComparison.Ordinal), TestContext.Current.CancellationToken);
            var isPinned = k > 2 || (k == 2 && afterTheWrite);
            if (!isPinned)
                await WriteAsync(folder);
            var repeated = await bench.Collector.CollectAsync(arguments, bench.Run(run), cancellationToken: TestContext.Current.CancellationToken);
            await WriteAsync(folder);

            Assert.Equal(expected, Anonymous(await bench.LandingAsync("trades", run), bench.Run(run)));
            Assert.Equal((undisturbed.Artefacts, undisturbed.Bytes, undisturbed.Requests), (repeated.Artefacts, repeated.Bytes, repeated.Requests));
        }
    }

    [Fact]
    public async Task A_run_is_replayed_without_its_vendor()
    {
        await using var vendor = await VendorAsync(() => 6);
        using var folder = new TemporaryFolder();
        await using var bench = await OpenAsync(folder, new FakeTimeProvider(Noon));
        var source = Source(bench, vendor);
        var (_, landed) = await bench.CollectAsync(source, 1);
        var asked = vendor.Received.Count;

        var result = await bench.Collector.ReplayAsync(new(source, "trades", bench.Run(1)), bench.Run(2), cancellationToken: TestContext.Current.CancellationToken);

        var replayed = await bench.ManifestAsync(result);
        Assert.Equal(landed.Artefacts.Select(a => (a.Name, a.Sha256, a.Records)), replayed.Artefacts.Select(a => (a.Name, a.Sha256, a.Records)));
        Assert.Equal((asked, 0), (vendor.Received.Count, result.Requests));
    }

    [Fact]
    public async Task A_manifest_that_is_not_there_is_named()
    {
        using var folder = new TemporaryFolder();
        await using var bench = await OpenAsync(folder, new FakeTimeProvider(Noon));
        await using var vendor = await VendorAsync(() => 1);

        foreach (var name in new[] { "missing.yaml", "../secrets.yaml" })
        {
            var failure = await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(Source(bench, vendor) with { Manifest = name }, 1));
            Assert.Equal("configuration-invalid", failure.Failure.Code);
            Assert.Contains(name, failure.Failure.Message, StringComparison.Ordinal);
        }

        Assert.Empty(vendor.Received);
    }

    async Task<Workbench> OpenAsync(TemporaryFolder folder, TimeProvider time)
    {
        Directory.CreateDirectory(folder.File("manifests"));
        await WriteAsync(folder);
        return await Workbench.OpenAsync(azurite, time, configuration: folder.Path);
    }

    static Task WriteAsync(TemporaryFolder folder) => File.WriteAllTextAsync(folder.File("manifests/vendor.yaml"), Manifest, TestContext.Current.CancellationToken);

    static SourceDefinition Source(Workbench bench, LoopbackServer vendor)
    {
        var source = bench.Source(vendor.Address, new() { Dataset = "trades", Stream = "trades" });
        return source with
        {
            Manifest = "vendor.yaml",
            Config = new Dictionary<string, string> { ["api_key"] = "${VENDOR_KEY}", ["base"] = vendor.Address.ToString() },
            Connection = source.Connection! with { Auth = null },
        };
    }

    // Three accounts on two pages, each with trades of as many days, two a page.
    static Task<LoopbackServer> VendorAsync(Func<int> days) => LoopbackServer.StartAsync(async (context, _) =>
    {
        var page = int.Parse(context.Request.Query["page"].FirstOrDefault() ?? "1");
        var path = context.Request.Path.Value!;
        IEnumerable<string> all = Enumerable.Range(1, 3).Select(i => $$"""{"id":"A{{i}}"}""");
        if (path.EndsWith("/trades", StringComparison.Ordinal))
        {
            var since = context.Request.Query["since"].ToString();
            all = Enumerable.Range(1, days() / 2).Select(d => $"2024-03-0{d}").Where(day => string.CompareOrdinal(day, since) >= 0).Select(day => $$"""{"account":"{{path.Split('/')[2]}}","day":"{{day}}"}""");
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($$"""{"data":[{{string.Join(',', all.Skip((page - 1) * 2).Take(2))}}]}""");
    });

    static SortedDictionary<string, string> Anonymous(SortedDictionary<string, string> landing, string run) => new(
        landing.ToDictionary(l => l.Key, l => Regex.Replace(Regex.Replace(l.Value.Replace(run, "RUN", StringComparison.Ordinal), "\"(Date|elapsed)\": ?\"[^\"]*\"", "X", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)), "/2026/0[0-9]/[0-9]{2}/", "/DAY/", RegexOptions.None, TimeSpan.FromSeconds(1))),
        StringComparer.Ordinal);
}
