using DataIngestion.TestKit;

namespace DataIngestion.Cli.Tests.Commands;

public sealed class ImportSourcesCommandTests
{
    const string Manifest = """
        version: 6.4.0
        type: DeclarativeSource
        streams:
          - type: DeclarativeStream
            name: quotes
            primary_key: id
            retriever:
              type: SimpleRetriever
              requester: { type: HttpRequester, url_base: "https://quotes.test", path: /q, use_cache: true, authenticator: { type: BearerAuthenticator, api_token: "{{ config['key'] }}" } }
              record_selector: { type: RecordSelector, extractor: { type: DpathExtractor, field_path: [] } }
            schema_loader: { type: InlineSchemaLoader, schema: { properties: { id: { type: string }, bid: { type: number } } } }
          - type: DeclarativeStream
            name: odd
            retriever: { type: CustomRetriever, class_name: source_quotes.components.Odd }
        spec:
          connection_specification: { required: [key], properties: { key: { type: string, airbyte_secret: true }, depth: { type: integer } } }
        """;

    [Fact]
    public async Task A_manifest_becomes_files_that_are_in_order()
    {
        using var run = Checkout();

        Assert.Equal(ExitCodes.Ok, await run.RunAsync("sources", "import", "quotes/manifest.yaml", "--config", "depth=5"));

        Assert.Contains("quotes: 1 streams imported: quotes.", run.Text, StringComparison.Ordinal);
        Assert.Contains("Not imported: odd: ", run.Text, StringComparison.Ordinal);
        Assert.Contains("quotes/manifest.yaml:14: 'DeclarativeStream.retriever' is CustomRetriever 'Odd'", run.Text, StringComparison.Ordinal);
        Assert.Contains("QUOTES_KEY  key: string (secret)", run.Text, StringComparison.Ordinal);
        Assert.Contains("line 9: 'HttpRequester.use_cache' has no effect", run.Text, StringComparison.Ordinal);
        Assert.Equal(Manifest, await File.ReadAllTextAsync(Path.Combine(run.Root, "configs/manifests/quotes.yaml"), TestContext.Current.CancellationToken));
        Assert.Equal(ExitCodes.Ok, await run.RunAsync("sources", "check"));
    }

    [Fact]
    public async Task A_dry_run_writes_nothing()
    {
        using var run = Checkout();
        var before = run.Files();

        Assert.Equal(ExitCodes.Ok, await run.RunAsync("sources", "import", "quotes/manifest.yaml", "--dry-run"));

        Assert.Equal(before, run.Files());
        Assert.Contains("source: quotes", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_cannot_run_is_a_fault_where_it_is_asked_for()
    {
        using var run = Checkout();

        Assert.Equal(ExitCodes.Configuration, await run.RunAsync("sources", "import", "quotes/manifest.yaml", "--stream", "odd"));

        Assert.Contains("which is Python and is not run here", run.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_may_come_from_a_file()
    {
        using var run = Checkout();
        run.Write("values.yaml", "key: ${OTHER_KEY}\ndepth: 7\n");

        Assert.Equal(ExitCodes.Ok, await run.RunAsync("sources", "import", "quotes/manifest.yaml", "--config", "values.yaml"));

        var source = await File.ReadAllTextAsync(Path.Combine(run.Root, "configs/sources/quotes.yaml"), TestContext.Current.CancellationToken);
        Assert.Contains("key: \"${OTHER_KEY}\"", source, StringComparison.Ordinal);
        Assert.Contains("depth: \"7\"", source, StringComparison.Ordinal);
    }

    static CommandRun Checkout()
    {
        var run = new CommandRun();
        run.Write("quotes/manifest.yaml", Manifest);
        run.Write("workflows/api.yaml", File.ReadAllText(Path.Combine(Repository.Root, "workflows", "api.yaml")));
        run.Write("configs/sources/.keep", "");
        run.Write("configs/datasets/.keep", "");
        return run;
    }
}
