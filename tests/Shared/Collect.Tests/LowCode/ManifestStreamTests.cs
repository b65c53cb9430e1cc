using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect.Tests;

public sealed class ManifestStreamTests
{
    const string Template = """
        version: 6.30.0
        type: DeclarativeSource
        check: {type: CheckDynamicStream, stream_count: 1}
        dynamic_streams:
          - type: DynamicDeclarativeStream
            name: tables
            stream_template:
              type: DeclarativeStream
              name: ""
              retriever:
                type: SimpleRetriever
                requester: {type: HttpRequester, url_base: "https://api.example.com", path: ""}
                record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}}
            components_resolver:
              RESOLVER
              components_mapping:
                - {type: ComponentMappingDefinition, field_path: [name], value: "{{ components_values['name'] }}"}
                - {type: ComponentMappingDefinition, field_path: [retriever, requester, path], value: "/tables/{{ components_values['name'] }}"}
                - {type: ComponentMappingDefinition, field_path: [retriever, requester, request_parameters], value: "{{ {'v': '1'} }}", create_or_update: true}
        """;

    [Fact]
    public async Task Streams_are_made_of_what_an_endpoint_lists()
    {
        var manifest = Template.Replace(
            "RESOLVER", "type: HttpComponentsResolver\n      retriever: {type: SimpleRetriever, requester: {type: HttpRequester, url_base: \"https://api.example.com\", path: /tables}, record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: []}}}", StringComparison.Ordinal);

        var heard = await new ManifestBench().RunAsync(manifest, request => request.Path.EndsWith("/tables", StringComparison.Ordinal) ? """[{"name":"other"},{"name":"items"}]""" : """{"data":[{"id":1}]}""");

        Assert.Equal(["/tables", "/tables/items?v=1"], heard.Asked);
        Assert.Equal(["{\"id\":1}"], heard.Records);
    }

    [Fact]
    public async Task Streams_are_made_of_the_configuration_and_of_lists()
    {
        var configured = await new ManifestBench { Config = { ["tables"] = """[{"name":"items"}]""" } }.RunAsync(
            Template.Replace("RESOLVER", "type: ConfigComponentsResolver\n      stream_config: {type: StreamConfig, configs_pointer: [tables]}", StringComparison.Ordinal), _ => "{}");
        var listed = await new ManifestBench().RunAsync(
            Template.Replace("RESOLVER", "type: ParametrizedComponentsResolver\n      stream_parameters: {type: StreamParametersDefinition, list_of_parameters_for_stream: [{name: a}, {name: items}]}", StringComparison.Ordinal), _ => "{}");

        Assert.Equal(["/tables/items?v=1"], configured.Asked);
        Assert.Equal(["/tables/items?v=1"], listed.Asked);
    }

    [Fact]
    public async Task A_stream_may_depend_on_the_configuration()
    {
        var manifest = ManifestBench.Manifest().Replace("streams:\n", "streams:\n  - type: ConditionalStreams\n    condition: \"{{ config.more }}\"\n    streams: [{type: DeclarativeStream, name: more, retriever: {type: SimpleRetriever, requester: {type: HttpRequester, url_base: \"https://api.example.com\", path: /more}, record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: []}}}}]\n", StringComparison.Ordinal);

        Assert.Equal(["/more"], (await new ManifestBench { Config = { ["more"] = "true" } }.RunAsync(manifest, _ => "{}", "more")).Asked);
        var failure = await Assert.ThrowsAsync<StepFailedException>(() => new ManifestBench().RunAsync(manifest, _ => "{}", "more"));
        Assert.Contains("no stream 'more'", failure.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_are_created_polled_and_their_files_read()
    {
        var polls = 0;
        var heard = await new ManifestBench().RunAsync(Export, request => (request.Method, request.Path) switch
        {
            ("POST", _) => """{"id":"j1"}""",
            (_, "https://api.example.com/jobs/j1") => polls++ < 2 ? """{"status":"busy"}""" : """{"status":"ready","files":["https://files.example.com/1","https://files.example.com/2"]}""",
            (_, "https://files.example.com/1") => "a,b\n1,2\n",
            (_, "https://files.example.com/2") => "a,b\n3,4\n",
            ("DELETE", _) => "",
            _ => throw new InvalidOperationException(request.Path),
        });

        Assert.Equal(["{\"a\":\"1\",\"b\":\"2\"}", "{\"a\":\"3\",\"b\":\"4\"}"], heard.Records);
        Assert.Equal([TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)], heard.Waits);
        Assert.Equal("/jobs/j1", heard.Requests[^1].Name);
        Assert.Equal("DELETE", heard.Requests[^1].Method);
    }

    [Fact]
    public async Task A_job_that_fails_is_created_again_and_in_the_end_given_up()
    {
        var failure = await Assert.ThrowsAsync<StepFailedException>(() => new ManifestBench().RunAsync(Export, request => request.Method == "POST" ? """{"id":"j1"}""" : """{"status":"broken"}"""));

        Assert.Equal("export-failed", failure.Failure.Code);
        Assert.Contains("'broken' 3 times", failure.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Components_in_Python_are_refused_by_name()
    {
        var manifest = ManifestBench.Manifest(stream: "transformations: [{type: CustomTransformation, class_name: source_x.components.Y}]");

        var failure = await Assert.ThrowsAsync<StepFailedException>(() => new ManifestBench().RunAsync(manifest, _ => "{}"));

        Assert.Contains("vendor.yaml:20: ", failure.Failure.Message, StringComparison.Ordinal);
    }

    const string Export = """
        version: 6.30.0
        type: DeclarativeSource
        check: {type: CheckStream, stream_names: [items]}
        streams:
          - type: DeclarativeStream
            name: items
            retriever:
              type: AsyncRetriever
              record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: []}}
              status_mapping: {type: AsyncJobStatusMap, running: [busy], completed: [ready], failed: [broken], timeout: [late]}
              status_extractor: {type: DpathExtractor, field_path: [status]}
              download_target_extractor: {type: DpathExtractor, field_path: [files]}
              creation_requester: {type: HttpRequester, url: "https://api.example.com/jobs", http_method: POST, request_body_json: {what: items}}
              polling_requester: {type: HttpRequester, url: "https://api.example.com/jobs/{{ creation_response['id'] }}"}
              download_requester: {type: HttpRequester, url: "{{ download_target }}"}
              delete_requester: {type: HttpRequester, url: "https://api.example.com/jobs/{{ creation_response['id'] }}", http_method: DELETE}
        """;
}
