using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Collect.Tests.LowCode;

public sealed class ManifestImportTests : IDisposable
{
    const string Manifest = """
        version: 6.4.0
        type: DeclarativeSource
        metadata: { autoImportSchema: {} }
        check: { type: CheckStream, stream_names: [prices] }
        definitions:
          requester:
            type: HttpRequester
            url_base: "https://{{ config['region'] }}.prices.test/v2/"
            authenticator: { type: ApiKeyAuthenticator, api_token: "{{ config['api_key'] }}", inject_into: { type: RequestOption, inject_into: header, field_name: X-Key } }
        streams:
          - type: DeclarativeStream
            name: DailyPrices
            primary_key: [symbol, tradeDate]
            retriever: { type: SimpleRetriever, requester: "#/definitions/requester", record_selector: { type: RecordSelector, extractor: { type: DpathExtractor, field_path: [] } } }
            schema_loader:
              type: InlineSchemaLoader
              schema:
                type: object
                properties:
                  symbol: { type: [string, "null"] }
                  tradeDate: { type: string, format: date }
                  close: { type: [number, "null"] }
                  volume: { type: integer }
                  at: { type: string, format: date-time }
                  exchange: { type: object, properties: { mic: { type: string } } }
                  tags: { type: array, items: { type: string } }
                  extra: { type: object }
          - type: DeclarativeStream
            name: signed
            retriever: { type: CustomRetriever, class_name: source_x.components.Signed }
        spec:
          documentation_url: https://prices.test/docs
          connection_specification:
            required: [api_key, region, since]
            properties:
              api_key: { type: string, airbyte_secret: true, title: API key }
              region: { type: string, enum: [eu, us] }
              since: { type: string, title: First day }
              limit: { type: integer, default: 100 }
              note: { type: string }
        """;

    readonly TemporaryFolder _folder = new("import");

    [Theory]
    [InlineData("false", "https://live.prices.test"), InlineData("true", "https://sandbox.prices.test")]
    public void A_setting_that_is_a_truth_value_is_one_in_addresses(string value, string origin)
    {
        var text = Manifest
            .Replace("https://{{ config['region'] }}.prices.test/v2/", "https://{{ 'sandbox' if config['is_sandbox'] else 'live' }}.prices.test/v2/", StringComparison.Ordinal)
            .Replace("note: { type: string }", "is_sandbox: { type: boolean }", StringComparison.Ordinal);
        var manifest = ManifestDocument.Parse("manifest.yaml", text);

        Assert.Equal([origin], new ImportedHosts(manifest, new Dictionary<string, string> { ["is_sandbox"] = value }).Of(manifest.Streams.Select(s => s.Component).OfType<ManifestComponent>().Take(1)));
    }

    [Fact]
    public void A_manifest_becomes_a_source_and_a_dataset_for_each_stream_that_runs()
    {
        var result = Import();

        Assert.Equal("price-house", result.Id);
        Assert.Equal(["DailyPrices"], result.Imported);
        Assert.Equal(["manifests/price-house.yaml", "sources/price-house.yaml", "datasets/price-house-daily-prices.yaml"], result.Files.Select(f => f.Path));
        Assert.Equal(Manifest, result.Files[0].Text);
        var source = ConfigurationFile.Parse<SourceDefinition>("s.yaml", result.Files[1].Text).Definition!;
        Assert.False(source.Enabled);
        Assert.Equal("https://eu.prices.test", source.Connection!.BaseUrl);
        Assert.Equal("price-house.yaml", source.Manifest);
        Assert.Equal(new Dictionary<string, string> { ["api_key"] = "${PRICE_HOUSE_API_KEY}", ["region"] = "eu", ["since"] = "${PRICE_HOUSE_SINCE}", ["limit"] = "100" }, source.Config);
        var dataset = ConfigurationFile.Parse<DatasetDefinition>("d.yaml", result.Files[2].Text).Definition!;
        Assert.Equal(["symbol", "trade_date"], dataset.Keys);
        Assert.Equal(
            ["symbol String", "trade_date Date", "close Decimal", "volume Integer", "at Timestamp", "exchange_mic String", "tags String"],
            dataset.Columns.Select(c => $"{c.Key} {c.Value.Type}"));
        Assert.Equal("tradeDate", source.Datasets[0].Columns["trade_date"].From);
        Assert.Equal("exchange.mic", source.Datasets[0].Columns["exchange_mic"].From);
    }

    [Fact]
    public void What_was_not_imported_and_what_has_to_be_set_is_told()
    {
        var result = Import();

        var (stream, reason) = Assert.Single(result.Refused);
        Assert.Equal("signed", stream);
        Assert.Contains("CustomRetriever 'Signed'", reason.Message, StringComparison.Ordinal);
        Assert.Equal([("PRICE_HOUSE_API_KEY", "api_key: API key (secret)"), ("PRICE_HOUSE_SINCE", "since: First day")], result.ToSet);
        Assert.Contains(result.WithoutEffect, n => n.Message.Contains("metadata", StringComparison.Ordinal));
        Assert.Contains(result.Remarks, r => r.Contains("'config.region' is 'eu', the first of eu, us", StringComparison.Ordinal));
        Assert.Contains(result.Remarks, r => r.Contains("'config.note' is optional", StringComparison.Ordinal));
        Assert.Contains(result.Remarks, r => r.Contains("'extra' of the stream 'DailyPrices' is an object", StringComparison.Ordinal));
    }

    [Fact]
    public void Values_given_are_taken_and_secrets_stay_references()
    {
        var source = ConfigurationFile.Parse<SourceDefinition>("s.yaml", Import(config: new() { ["region"] = "us", ["api_key"] = "${OTHER}" }).Files[1].Text).Definition!;

        Assert.Equal("https://us.prices.test", source.Connection!.BaseUrl);
        Assert.Equal("${OTHER}", source.Config["api_key"]);
        Assert.Contains("'api_key' is a secret: expected a reference", Refused(new() { ["api_key"] = "abc" }), StringComparison.Ordinal);
        Assert.Contains("no setting 'regoin': did you mean 'region'?", Refused(new() { ["regoin"] = "us" }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_asked_for_by_name_has_to_exist_and_run()
    {
        Assert.Equal(["DailyPrices"], Import(streams: ["DailyPrices"]).Imported);
        Assert.Contains("no stream 'Dailyprice'", Refused([], "Dailyprice"), StringComparison.Ordinal);
        Assert.Contains("CustomRetriever 'Signed'", Refused([], "signed"), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_overwritten()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "configs", "sources"));
        File.WriteAllText(Path.Combine(_folder.Path, "configs", "sources", "price-house.yaml"), "mine");

        Assert.Contains("is already there", Refused([]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_imported_passes_the_check_at_start_and_what_is_changed_afterwards_is_found()
    {
        Write(Import());
        Assert.Empty(Check());

        var path = Path.Combine(_folder.Path, "configs", "sources", "price-house.yaml");
        var text = File.ReadAllText(path);
        File.WriteAllText(path, text
            .Replace("stream: DailyPrices", "stream: DailyPrice", StringComparison.Ordinal)
            .Replace("region: eu", "region: asia", StringComparison.Ordinal)
            .Replace("api_key: \"${PRICE_HOUSE_API_KEY}\"", "api_key: written-out", StringComparison.Ordinal)
            .Replace("since: \"${PRICE_HOUSE_SINCE}\"", "sinse: 2024", StringComparison.Ordinal));
        var faults = Check();

        var lines = File.ReadAllLines(path);
        int LineOf(string part) => Array.FindIndex(lines, l => l.Contains(part, StringComparison.Ordinal)) + 1;
        Assert.Contains(faults, f => f.Line == LineOf("stream: DailyPrice") && f.Message.Contains("no stream 'DailyPrice': did you mean 'DailyPrices'?", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Line == LineOf("region: asia") && f.Message.Contains("expected one of eu, us", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Line == LineOf("written-out") && f.Message.Contains("is a secret", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Line == LineOf("sinse") && f.Message.Contains("did you mean 'since'?", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Message.Contains("'since' is missing", StringComparison.Ordinal));
    }

    [Fact]
    public void A_manifest_that_is_broken_later_is_named_with_its_own_line()
    {
        Write(Import());
        var path = Path.Combine(_folder.Path, "configs", "manifests", "price-house.yaml");
        File.WriteAllText(path, File.ReadAllText(path).Replace("type: ApiKeyAuthenticator", "type: ApiKeyAuthenticatr", StringComparison.Ordinal));

        var fault = Assert.Single(Check());
        Assert.EndsWith("manifests/price-house.yaml", fault.File, StringComparison.Ordinal);
        Assert.Equal(9, fault.Line);
        Assert.Contains("did you mean 'ApiKeyAuthenticator'?", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Schemas_beside_the_manifest_are_read_and_nothing_else()
    {
        var text = Manifest.Replace("name: DailyPrices", "name: \"../secret\"", StringComparison.Ordinal);
        var file = Put("price-house/manifest.yaml", text[..text.IndexOf("    schema_loader:", StringComparison.Ordinal)] + text[text.IndexOf("  - type: DeclarativeStream\n    name: signed", StringComparison.Ordinal)..]);
        Put("price-house/secret.json", """{"properties": {"leak": {"type": "string"}}}""");

        var result = ManifestImport.Plan(new() { File = file, ConfigsFolder = Path.Combine(_folder.Path, "configs") });

        Assert.DoesNotContain("leak", string.Concat(result.Files.Select(f => f.Text)), StringComparison.Ordinal);
        Assert.Contains(result.Remarks, r => r.Contains("only the columns that the manifest names itself (symbol, trade_date)", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    ManifestImportResult Import(Dictionary<string, string>? config = null, params string[] streams) => ManifestImport.Plan(new()
    {
        File = Put("source-price-house/manifest.yaml", Manifest),
        Config = config ?? [],
        Streams = streams,
        ConfigsFolder = Path.Combine(_folder.Path, "configs"),
    });

    string Refused(Dictionary<string, string> config, params string[] streams) => Assert.Throws<ConfigurationException>(() => Import(config, streams)).Message;

    void Write(ManifestImportResult result)
    {
        foreach (var (path, text) in result.Files)
            Put($"configs/{path}", text);
        Put("workflows/api.yaml", File.ReadAllText(Path.Combine(Repository.Root, "workflows", "api.yaml")));
    }

    IReadOnlyList<ConfigurationFault> Check()
    {
        try
        {
            ConfigurationLoader.Load(Path.Combine(_folder.Path, "configs"), Path.Combine(_folder.Path, "workflows"), [ManifestSourceChecks.Find]);
            return [];
        }
        catch (ConfigurationException faults)
        {
            return faults.Faults;
        }
    }

    string Put(string name, string text)
    {
        var path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
