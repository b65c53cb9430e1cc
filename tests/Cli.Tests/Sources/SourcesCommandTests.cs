using System.Text.Json.Nodes;
using DataIngestion.Cli.Sources;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Cli.Tests.Sources;

/// <summary>The commands around definitions: list, discover, read, check, test.</summary>
public sealed class SourcesCommandTests : IDisposable
{
    readonly CommandRun _run = new();

    public SourcesCommandTests()
    {
        _run.Settings["INGEST_URL"] = "http://127.0.0.1:1";
        _run.Settings["Ingestion__WorkflowsPath"] = Path.Combine(Repository.Root, "workflows");
        _run.Settings["BARS_URL"] = "http://127.0.0.1:1";
        _run.Write("configs/datasets/bars.yaml", """
            dataset: bars
            keys: [date, symbol]
            columns:
              date: { type: date }
              symbol: { type: string }
              close: { type: decimal, precision: 18, scale: 2, minimum: 0, unit: USD }
              volume: { type: integer }
            """);
        _run.Write("configs/sources/bars.yaml", """
            source: bars
            title: Bars of a vendor
            kind: api
            enabled: false
            docs: https://docs.example.com/bars
            schedule: { cron: 0 6 * * * }
            connection:
              baseUrl: ${BARS_URL}
              allowPrivateNetwork: true
              auth: { kind: api-key, header: X-Key, value: "${BARS_KEY}" }
              limits: { attempts: 1 }
            datasets:
              - dataset: bars
                request: { path: /bars }
                partitions: [{ name: symbol, parameter: s, values: [A, B] }]
                pagination: { kind: page, parameter: page, sizeParameter: size, size: 2 }
                cursor: { field: d, type: date, parameter: from, start: "2024-01-01" }
                format: { format: json, recordPath: "$.bars[*]" }
                columns: { date: { from: d }, symbol: { partition: symbol }, close: { from: c } }
            """);
        _run.Write("configs/sources/free.yaml", """
            source: free
            title: Dropped files
            kind: file
            datasets:
              - dataset: bars
                files: "*.csv"
            """);
    }

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Sources_are_listed_with_what_they_need()
    {
        Assert.Equal(ExitCodes.Ok, await _run.RunAsync("sources", "list"));
        Assert.Contains("BARS_KEY, BARS_URL", _run.Text, StringComparison.Ordinal);
        Assert.Contains("not enabled (0 6 * * * UTC)", _run.Text, StringComparison.Ordinal);
        Assert.Contains("https://docs.example.com/bars", _run.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("free", "--free")]
    [InlineData("free", "dropped")]
    [InlineData("free", "--kind", "file")]
    [InlineData("bars", "vendor")]
    [InlineData(null, "--enabled")]
    [InlineData(null, "nothing like that")]
    public async Task The_list_can_be_narrowed(string? expected, params string[] filter)
    {
        Assert.Equal(ExitCodes.Ok, await _run.RunAsync(["sources", "list", "--json", .. filter]));
        Assert.Equal(expected is null ? [] : [expected], _run.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!["source"]!.GetValue<string>()));
    }

    [Fact]
    public async Task An_api_is_discovered_from_its_definition()
    {
        Assert.Equal(ExitCodes.Ok, await _run.RunAsync("sources", "discover", "bars", "--json"));
        var found = JsonNode.Parse(_run.Text)!;
        Assert.Equal("GET /bars", found["asks"]!.GetValue<string>());
        Assert.Equal(["date", "symbol", "close"], found["columns"]!.AsArray().Select(c => c!["name"]!.GetValue<string>()));
        Assert.Equal("USD", found["columns"]![2]!["unit"]!.GetValue<string>());
    }

    [Fact]
    public void The_streams_of_a_manifest_are_those_that_it_has()
    {
        _run.Write("configs/manifests/low.yaml", """
            version: 6.0.0
            type: DeclarativeSource
            check: { type: CheckStream, stream_names: [bars] }
            streams:
              - type: DeclarativeStream
                name: bars
                primary_key: [id]
                retriever:
                  type: SimpleRetriever
                  requester: { type: HttpRequester, url_base: https://api.example.com, path: /bars, http_method: GET }
                  record_selector: { type: RecordSelector, extractor: { type: DpathExtractor, field_path: [] } }
                schema_loader: { type: InlineSchemaLoader, schema: { type: object, properties: { id: { type: integer }, close: { type: number } } } }
            """);
        var source = new SourceDefinition { Source = "low", Kind = SourceKind.Api, Manifest = "low.yaml", Datasets = [new() { Dataset = "bars", Stream = "bars" }] };
        var stream = Assert.Single(ManifestStreams.Of(source, Path.Combine(_run.Root, "configs")));
        Assert.Equal(("bars", "bars", null), (stream.Stream, stream.Dataset, stream.Cursor));
        Assert.Equal(["id"], stream.Key);
        Assert.Equal(["id", "close"], stream.Fields);
        Assert.Empty(stream.Faults);
    }

    [Theory]
    [InlineData("There is no source 'bar' in configs/sources: did you mean 'bars'?", "read", "bar")]
    [InlineData("The source 'bars' does not offer 'trades': expected bars.", "read", "bars", "trades")]
    [InlineData("'bars' refers to settings that have no value here: BARS_KEY. Set them in the environment, such as 'export BARS_KEY=…'. The provider's documentation says how to get them: https://docs.example.com/bars", "read", "bars")]
    [InlineData("'free' takes files that are dropped: there is nothing to ask.", "read", "free")]
    [InlineData("There is no source 'bar' in configs/sources: did you mean 'bars'?", "discover", "bar")]
    [InlineData("There is no sample: write samples/sources/bars/DATASET.yaml", "test", "bars")]
    [InlineData("There is no source 'bar'", "test", "bar")]
    public async Task What_is_wrong_is_said(string message, params string[] command)
    {
        Assert.NotEqual(ExitCodes.Ok, await _run.RunAsync(["sources", .. command]));
        Assert.Contains(message, _run.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partition_that_there_is_not_is_said()
    {
        _run.Settings["BARS_KEY"] = "k";
        Assert.Equal(ExitCodes.Usage, await _run.RunAsync("sources", "read", "bars", "--partition", "ticker=A"));
        Assert.Contains("has no partition 'ticker': expected symbol.", _run.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_is_read_with_one_request_and_nothing_is_kept()
    {
        await using var vendor = await FakePlatform.StartAsync();
        vendor.Answers("GET /bars?page=1&size=2&from=2024-02-01&s=B", """{"bars": [{"d": "2024-02-01", "c": 1.5}, {"d": "2024-02-02", "c": -1}]}""");
        vendor.Answers("GET /bars?page=1&size=2&s=B&from=2024-02-01", """{"bars": [{"d": "2024-02-01", "c": 1.5}, {"d": "2024-02-02", "c": -1}]}""");
        _run.Settings["BARS_URL"] = vendor.Url;
        _run.Settings["BARS_KEY"] = "k";

        Assert.Equal("", await FaultOf(_run.RunAsync("sources", "read", "bars", "--partition", "symbol=B", "--from", "2024-02-01", "--json")));

        var row = JsonNode.Parse(_run.Text)!;
        Assert.Equal(("2024-02-01", "B", 1.5m), (row["date"]!.GetValue<string>(), row["symbol"]!.GetValue<string>(), row["close"]!.GetValue<decimal>()));
        Assert.Single(vendor.Requests);
        Assert.Contains("1 request, ", _run.Fault, StringComparison.Ordinal);
        Assert.Contains("1 of them would be set aside", _run.Fault, StringComparison.Ordinal);
        Assert.DoesNotContain(_run.Files(), f => f.StartsWith(".local", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Samples_are_tested_and_checked()
    {
        _run.Write("samples/sources/bars/bars.yaml", """
            now: 2024-02-03T00:00:00Z
            runs:
              - exchanges:
                  - request: { path: /bars, query: { s: A, page: "1", size: "2", from: "2024-01-01" }, headers: { X-Key: sample-BARS_KEY } }
                    response: { body: '{"bars": [{"d": "2024-02-01", "c": 1.5}]}' }
                  - request: { path: /bars, query: { s: B, page: "1", size: "2", from: "2024-01-01" } }
                    response: { body: '{"bars": []}' }
                expect: { rows: 1, values: [{ symbol: A, close: "1.50" }] }
            """);
        Assert.Equal("", await FaultOf(_run.RunAsync("sources", "test", "bars")));
        Assert.Equal(["ok     bars bars: 1 run, 1 row", "1 of 1 samples as they should be."], _run.Text.TrimEnd().Split(Environment.NewLine));

        _run.Write("samples/sources/bars/bars.yaml", "now: 2024-02-03T00:00:00Z\nruns: []\n");
        Assert.Equal(ExitCodes.Configuration, await _run.RunAsync("sources", "check"));
        Assert.Contains("samples/sources/bars/bars.yaml:2", _run.Fault, StringComparison.Ordinal);
    }

    async Task<string> FaultOf(Task<int> command) => await command == ExitCodes.Ok ? "" : _run.Text + _run.Fault;
}
