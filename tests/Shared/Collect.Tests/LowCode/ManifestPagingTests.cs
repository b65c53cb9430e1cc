using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect.Tests;

public sealed class ManifestPagingTests
{
    const string Page = """{"data":[{"id":1},{"id":2}]}""";
    const string Last = """{"data":[{"id":3}]}""";

    [Theory]
    [InlineData("inject_on_first_request: true\nstart_from_page: 1", "/v1/items?page=1&size=2", "/v1/items?page=2&size=2")]
    [InlineData("start_from_page: 1", "/v1/items?size=2", "/v1/items?page=2&size=2")]
    public async Task Pages_by_number_end_with_a_short_one(string options, string first, string second)
    {
        var heard = await Run(Paged("PageIncrement", $"page_size: 2\n{options}"), request => request.Name.Contains("page=2", StringComparison.Ordinal) ? Last : Page);

        Assert.Equal([first, second], heard.Asked);
        Assert.Equal(["{\"id\":1}", "{\"id\":2}", "{\"id\":3}"], heard.Records);
    }

    [Fact]
    public async Task Offsets_count_what_came_before_any_filter()
    {
        var manifest = ManifestBench.Manifest(Paginator("OffsetIncrement", "page_size: 2"), selector: "record_filter: {type: RecordFilter, condition: \"{{ record.id > 2 }}\"}");

        var heard = await Run(manifest, request => request.Name.Contains("page=2", StringComparison.Ordinal) ? Last : Page);

        Assert.Equal(["/v1/items?size=2", "/v1/items?page=2&size=2"], heard.Asked);
        Assert.Equal(["{\"id\":3}"], heard.Records);
    }

    [Fact]
    public async Task A_cursor_comes_from_the_answer_and_ends_where_the_manifest_says()
    {
        var manifest = Paged("CursorPagination", "cursor_value: \"{{ response.next }}\"\nstop_condition: \"{{ not response.more }}\"");

        var heard = await Run(manifest, request => request.Name.Contains("page=", StringComparison.Ordinal) ? """{"data":[{"id":3}],"more":false,"next":"b"}""" : """{"data":[{"id":1}],"more":true,"next":"a"}""");

        Assert.Equal(["/v1/items", "/v1/items?page=a"], heard.Asked);
    }

    [Theory]
    [InlineData("{{ headers['x-next'] }}", "h1")]
    [InlineData("{{ last_record['id'] }}", "1")]
    [InlineData("{{ last_page_size if last_page_size == 1 else '' }}", "1")]
    public async Task A_cursor_may_come_from_headers_the_last_record_and_the_number_of_records(string value, string token)
    {
        var heard = await Run(Paged("CursorPagination", $"cursor_value: \"{value}\"\nstop_condition: \"{{{{ last_page_size == 0 }}}}\""), request =>
            request.Name.Contains("page=", StringComparison.Ordinal) ? new("""{"data":[]}""") : new("""{"data":[{"id":1}]}""") { Headers = { ["X-Next"] = "h1" } });

        Assert.Equal($"/v1/items?page={token}", heard.Asked.ElementAt(1));
        Assert.Equal(2, heard.Requests.Count);
    }

    [Fact]
    public async Task A_link_header_leads_on()
    {
        var manifest = ManifestBench.Manifest("""
            paginator:
              type: DefaultPaginator
              page_token_option: {type: RequestPath}
              pagination_strategy: {type: CursorPagination, cursor_value: "{{ headers['link']['next']['url'] }}"}
            """);

        var heard = await Run(manifest, request => request.Path.EndsWith("after=1", StringComparison.Ordinal) ? new(Last) : new(Page) { Next = "https://api.example.com/v1/items?after=1" });

        Assert.Equal(["/v1/items", "/v1/items?after=1"], heard.Asked);
    }

    [Fact]
    public async Task An_address_in_the_answer_takes_no_key_with_it_and_no_parameter_twice()
    {
        var manifest = ManifestBench.Manifest(
            """
            paginator:
              type: DefaultPaginator
              page_token_option: {type: RequestPath}
              pagination_strategy: {type: CursorPagination, cursor_value: "{{ response.next }}"}
            """,
            """
            request_parameters: {limit: "2"}
            authenticator:
              type: ApiKeyAuthenticator
              api_token: "{{ config['key'] }}"
              inject_into: {type: RequestOption, inject_into: request_parameter, field_name: apiKey}
            """);

        var heard = await new ManifestBench { Config = { ["key"] = "${VENDOR_KEY}" } }.RunAsync(manifest, request =>
            request.Path.Contains("after", StringComparison.Ordinal) ? Last : """{"data":[{"id":1}],"next":"https://api.example.com/v1/items?limit=2&after=1&apiKey=clear"}""");

        Assert.Equal("/v1/items?limit=2&after=1&apiKey=${VENDOR_KEY}", heard.Asked.Last());
    }

    [Theory]
    [InlineData("header", "x-size: 2")]
    [InlineData("body_json", "{\"size\":2}")]
    [InlineData("body_data", "size=2")]
    public async Task Sizes_go_where_the_manifest_says(string where, string expected)
    {
        var field = where == "header" ? "x-size" : "size";
        var manifest = ManifestBench.Manifest($$"""
            paginator:
              type: DefaultPaginator
              page_size_option: {type: RequestOption, inject_into: {{where}}, field_name: {{field}}}
              pagination_strategy: {type: PageIncrement, page_size: 2}
            """, "http_method: POST");

        var request = (await Run(manifest, _ => Last)).Requests.Single();

        Assert.Equal(expected, where == "header" ? $"x-size: {request.Headers["x-size"]}" : request.Body);
    }

    [Fact]
    public async Task A_token_that_comes_again_ends_the_run()
    {
        var failure = await Assert.ThrowsAsync<StepFailedException>(() => Run(Paged("CursorPagination", "cursor_value: \"{{ response.next }}\""), request =>
            $$"""{"data":[{"id":{{request.Name.Length}}}],"next":"{{(request.Name.Contains("page=a", StringComparison.Ordinal) ? "b" : "a")}}"}"""));

        Assert.Equal("pagination-endless", failure.Failure.Code);
        Assert.Contains("'items'", failure.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_ignores_the_page_ends_the_run()
    {
        var failure = await Assert.ThrowsAsync<StepFailedException>(() => Run(Paged("PageIncrement", "page_size: 2"), _ => Page));

        Assert.Equal("pagination-endless", failure.Failure.Code);
    }

    [Fact]
    public async Task Empty_pages_for_ever_end_the_run()
    {
        var page = 0;
        var failure = await Assert.ThrowsAsync<StepFailedException>(() => Run(Paged("CursorPagination", "cursor_value: \"{{ response.next }}\""), _ => $$"""{"data":[],"next":{{++page}}}"""));

        Assert.Equal(("pagination-endless", true), (failure.Failure.Code, page < 200));
    }

    static Task<Heard> Run(string manifest, Func<SourceRequest, Reply> answer) => new ManifestBench().RunAsync(manifest, answer);

    static string Paged(string strategy, string options) => ManifestBench.Manifest(Paginator(strategy, options));

    static string Paginator(string strategy, string options) => $$"""
        paginator:
          type: DefaultPaginator
          page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: page}
        {{(options.Contains("page_size:", StringComparison.Ordinal) ? "  page_size_option: {type: RequestOption, inject_into: request_parameter, field_name: size}" : "")}}
          pagination_strategy:
            type: {{strategy}}
        {{string.Join('\n', options.Split('\n').Select(line => "    " + line))}}
        """;
}
