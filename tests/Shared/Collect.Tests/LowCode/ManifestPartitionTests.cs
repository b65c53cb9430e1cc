using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect.Tests;

public sealed class ManifestPartitionTests
{
    const string Substream = """
        version: 6.0.0
        type: DeclarativeSource
        check: {type: CheckStream, stream_names: [items]}
        definitions:
          requester: {type: HttpRequester, url_base: "https://api.example.com"}
          selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}}
          cursor:
            type: DatetimeBasedCursor
            cursor_field: day
            datetime_format: "%Y-%m-%d"
            start_datetime: "2024-03-01"
            start_time_option: {type: RequestOption, inject_into: request_parameter, field_name: from}
          parents:
            type: DeclarativeStream
            name: parents
            retriever:
              type: SimpleRetriever
              requester: {$ref: "#/definitions/requester", path: /parents}
              record_selector: {$ref: "#/definitions/selector"}
              paginator:
                type: DefaultPaginator
                page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: page}
                pagination_strategy: {type: PageIncrement, page_size: 2, start_from_page: 1}
        streams:
          - $ref: "#/definitions/parents"
          - type: DeclarativeStream
            name: items
            retriever:
              type: SimpleRetriever
              requester: {$ref: "#/definitions/requester", path: "/parents/{{ stream_partition.parent_id }}/items"}
              record_selector: {$ref: "#/definitions/selector"}
              partition_router:
                type: SubstreamPartitionRouter
                parent_stream_configs:
                  - {type: ParentStreamConfig, stream: {$ref: "#/definitions/parents"}, parent_key: id, partition_field: parent_id, extra_fields: [[name]]}
            transformations:
              - {type: AddFields, fields: [{path: [parent], value: "{{ stream_partition['parent_id'] }}/{{ stream_slice.extra_fields['name'] }}"}]}
        """;

    [Fact]
    public async Task Children_are_asked_for_as_soon_as_their_parents_page_is_known()
    {
        var heard = await new ManifestBench().RunAsync(Substream, Family);

        Assert.Equal(["/parents", "/parents/1/items", "/parents/2/items", "/parents?page=2", "/parents/3/items"], heard.Asked);
        Assert.Equal(["{\"n\":1,\"parent\":\"1/A\"}", "{\"n\":2,\"parent\":\"2/B\"}", "{\"n\":3,\"parent\":\"3/C\"}"], heard.Records);
    }

    [Fact]
    public async Task Each_partition_has_its_own_cursor()
    {
        var manifest = Substream.Replace("    transformations:\n      - {type: AddFields", "    incremental_sync: {$ref: \"#/definitions/cursor\"}\n    transformations:\n      - {type: AddFields", StringComparison.Ordinal);
        Reply Answer(SourceRequest request) => request.Path.EndsWith("/items", StringComparison.Ordinal) ? $$"""{"data":[{"day":"2024-03-0{{request.Path[^7]}}"}]}""" : Family(request);

        var first = await new ManifestBench().RunAsync(manifest, Answer);
        var second = await new ManifestBench { States = first.Move.Slices, Cursor = "slices:run (3)" }.RunAsync(manifest, Answer);

        Assert.Equal(["2024-03-01", "2024-03-02", "2024-03-03"], first.Move.Slices!.Select(s => s.Cursor!).Order());
        Assert.Null(first.Move.NextCursor);
        Assert.Equal(
            ["/parents/1/items?from=2024-03-01", "/parents/2/items?from=2024-03-02", "/parents/3/items?from=2024-03-03"],
            second.Asked.Where(a => a.Contains("from", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Null(second.Move.Slices); // nothing moved
    }

    [Fact]
    public async Task One_cursor_may_stand_for_all_partitions()
    {
        var manifest = Substream.Replace("    transformations:\n      - {type: AddFields", "    incremental_sync: {$ref: \"#/definitions/cursor\", global_substream_cursor: true}\n    transformations:\n      - {type: AddFields", StringComparison.Ordinal);
        var heard = await new ManifestBench { Cursor = "2024-03-02" }.RunAsync(
            manifest, request => request.Path.EndsWith("/items", StringComparison.Ordinal) ? $$"""{"data":[{"day":"2024-03-0{{request.Path[^7]}}"}]}""" : Family(request));

        Assert.All(heard.Asked.Where(a => a.Contains("from", StringComparison.Ordinal)), a => Assert.EndsWith("from=2024-03-02", a, StringComparison.Ordinal));
        Assert.Equal(("2024-03-03", null), (heard.Move.NextCursor, heard.Move.Slices));
    }

    [Fact]
    public async Task Parents_may_be_asked_only_for_what_is_new()
    {
        var manifest = Substream
            .Replace("    name: parents\n", "    name: parents\n    incremental_sync: {$ref: \"#/definitions/cursor\"}\n", StringComparison.Ordinal)
            .Replace("partition_field: parent_id,", "partition_field: parent_id, incremental_dependency: true,", StringComparison.Ordinal)
            .Replace("    transformations:\n      - {type: AddFields", "    incremental_sync: {$ref: \"#/definitions/cursor\"}\n    transformations:\n      - {type: AddFields", StringComparison.Ordinal);
        Reply Answer(SourceRequest request) => request.Path.EndsWith("/items", StringComparison.Ordinal) ? """{"data":[{"day":"2024-03-04"}]}""" : """{"data":[{"id":1,"name":"A","day":"2024-03-07"}]}""";

        var first = await new ManifestBench().RunAsync(manifest, Answer);
        var second = await new ManifestBench { States = first.Move.Slices, Cursor = "slices:run (2)" }.RunAsync(manifest, Answer);

        Assert.Equal(["/parents?from=2024-03-01", "/parents/1/items?from=2024-03-01"], first.Asked);
        Assert.Equal(["/parents?from=2024-03-07", "/parents/1/items?from=2024-03-04"], second.Asked);
    }

    [Theory]
    [InlineData("values: [a, b]", "/v1/items?s=a /v1/items?s=b")]
    [InlineData("values: \"{{ config['list'] }}\"", "/v1/items?s=x /v1/items?s=y")]
    public async Task Lists_are_asked_for_one_by_one(string values, string asked)
    {
        var heard = await new ManifestBench { Config = { ["list"] = "[\"x\",\"y\"]" } }.RunAsync(
            ManifestBench.Manifest($"partition_router: {{type: ListPartitionRouter, cursor_field: symbol, {values}, request_option: {{type: RequestOption, inject_into: request_parameter, field_name: s}}}}"), _ => """{"data":[]}""");

        Assert.Equal(asked, string.Join(' ', heard.Asked));
    }

    [Fact]
    public async Task Several_routers_make_all_combinations()
    {
        var heard = await new ManifestBench().RunAsync(
            ManifestBench.Manifest(
                """
                partition_router:
                  - {type: ListPartitionRouter, cursor_field: a, values: ["1", "2"]}
                  - {type: ListPartitionRouter, cursor_field: b, values: [x, y]}
                """,
                "request_parameters: {q: \"{{ stream_partition.a }}{{ stream_partition.b }}\"}"),
            _ => """{"data":[]}""");

        Assert.Equal(["/v1/items?q=1x", "/v1/items?q=1y", "/v1/items?q=2x", "/v1/items?q=2y"], heard.Asked);
    }

    [Fact]
    public async Task Partitions_may_be_asked_for_in_groups_and_from_several_routers()
    {
        var heard = await new ManifestBench().RunAsync(
            ManifestBench.Manifest(
                """
                partition_router:
                  type: GroupingPartitionRouter
                  group_size: 2
                  underlying_partition_router:
                    type: UnionPartitionRouter
                    partition_field: id
                    partition_routers:
                      - {type: ListPartitionRouter, cursor_field: a, values: [p, q]}
                      - {type: ListPartitionRouter, cursor_field: b, values: [q, r]}
                """,
                "request_parameters: {ids: \"{{ stream_partition['id'] | join(',') }}\"}"),
            _ => """{"data":[]}""");

        Assert.Equal(["/v1/items?ids=p,q", "/v1/items?ids=r"], heard.Asked);
    }

    [Fact]
    public async Task Properties_are_asked_for_in_parts_and_brought_together()
    {
        var manifest = ManifestBench.Manifest(requester: """
            request_parameters:
              fields:
                type: QueryProperties
                property_list: {type: PropertiesFromEndpoint, property_field_path: [name], retriever: {type: SimpleRetriever, requester: {type: HttpRequester, url_base: "https://api.example.com", path: /fields}, record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: []}}}}
                always_include_properties: [id]
                property_chunking: {type: PropertyChunking, property_limit_type: property_count, property_limit: 2, record_merge_strategy: {type: GroupByKeyMergeStrategy, key: id}}
            """);

        var heard = await new ManifestBench().RunAsync(manifest, request =>
            request.Path.EndsWith("/fields", StringComparison.Ordinal) ? """[{"name":"a"},{"name":"b"},{"name":"c"}]"""
            : request.Name.Contains("a%2Cb", StringComparison.Ordinal) ? """{"data":[{"id":1,"a":1,"b":2}]}""" : """{"data":[{"id":1,"c":3}]}""");

        Assert.Equal(["/fields", "/v1/items?fields=id,a,b", "/v1/items?fields=id,c"], heard.Asked);
        Assert.Equal(["{\"id\":1,\"a\":1,\"b\":2,\"c\":3}"], heard.Records);
    }

    static Reply Family(SourceRequest request) => request.Path switch
    {
        _ when request.Path.EndsWith("/items", StringComparison.Ordinal) => $$"""{"data":[{"n":{{request.Path[^7]}}}]}""",
        _ when request.Name.Contains("page=2", StringComparison.Ordinal) => """{"data":[{"id":3,"name":"C"}]}""",
        _ => """{"data":[{"id":1,"name":"A"},{"id":2,"name":"B"}]}""",
    };
}
