using DataIngestion.Contracts;

namespace DataIngestion.Collect.Tests;

public sealed class ManifestCursorTests
{
    const string Cursor = """
        incremental_sync:
          type: DatetimeBasedCursor
          cursor_field: day
          datetime_format: "%Y-%m-%d"
          start_datetime: {type: MinMaxDatetime, datetime: "2024-03-01", datetime_format: "%Y-%m-%d"}
          start_time_option: {type: RequestOption, inject_into: request_parameter, field_name: from}
          end_time_option: {type: RequestOption, inject_into: request_parameter, field_name: to}
        """;

    [Fact]
    public async Task The_first_run_asks_from_the_start_and_remembers_the_furthest_record()
    {
        var heard = await Run(Cursor, null, """{"data":[{"day":"2024-03-05"},{"day":"2024-03-04"},{"day":"2024-04-01"}]}""");

        Assert.Equal(["/v1/items?from=2024-03-01&to=2024-03-10"], heard.Asked);
        Assert.Equal("2024-03-05", heard.Move.NextCursor); // April lies ahead of the run
        Assert.Equal(3, heard.Records.Count);
    }

    [Theory]
    [InlineData("2024-03-05", "", "/v1/items?from=2024-03-05&to=2024-03-10")]
    [InlineData("2024-03-05", "\n  lookback_window: P2D", "/v1/items?from=2024-03-03&to=2024-03-10")]
    [InlineData("2024-03-02", "\n  lookback_window: P30D", "/v1/items?from=2024-03-01&to=2024-03-10")]
    [InlineData("2024-03-08", "\n  step: P1D\n  cursor_granularity: P1D", "/v1/items?from=2024-03-08&to=2024-03-08 /v1/items?from=2024-03-09&to=2024-03-09 /v1/items?from=2024-03-10&to=2024-03-10")]
    [InlineData("2024-03-04", "\n  step: P4D\n  cursor_granularity: P1D", "/v1/items?from=2024-03-04&to=2024-03-07 /v1/items?from=2024-03-08&to=2024-03-10")]
    public async Task Later_runs_ask_from_the_cursor(string state, string more, string asked)
    {
        var heard = await Run(Cursor + more, state, """{"data":[]}""");

        Assert.Equal(asked, string.Join(' ', heard.Asked));
        Assert.Null(heard.Move.NextCursor);
    }

    [Fact]
    public async Task Months_are_as_long_as_they_are()
    {
        var cursor = Cursor.Replace("2024-03-01", "2024-01-31", StringComparison.Ordinal) + "\n  step: P1M\n  cursor_granularity: P1D";

        Assert.Equal(["/v1/items?from=2024-01-31&to=2024-02-28", "/v1/items?from=2024-02-29&to=2024-03-10"], (await Run(cursor, null, """{"data":[]}""")).Asked);
    }

    [Fact]
    public async Task Templates_see_the_window_and_seconds_are_numbers()
    {
        var manifest = ManifestBench.Manifest(
            requester: "request_parameters: {q: \"since:{{ stream_interval['start_time'] }} until:{{ stream_slice.end_time }}\"}",
            stream: """
                incremental_sync:
                  type: DatetimeBasedCursor
                  cursor_field: t
                  datetime_format: "%s"
                  start_datetime: "{{ config['start_date'] }}"
                  end_datetime: "{{ now_utc().strftime('%s') }}"
                """);

        var heard = await new ManifestBench { Config = { ["start_date"] = "2024-03-01T00:00:00Z" } }.RunAsync(manifest, _ => """{"data":[{"t":1709500000}]}""");

        Assert.Equal(["/v1/items?q=since:1709251200 until:1710072000"], heard.Asked);
        Assert.Equal("1709500000", heard.Move.NextCursor);
    }

    [Fact]
    public async Task Known_records_are_left_out_where_the_source_sends_everything()
    {
        var heard = await Run(Cursor + "\n  is_client_side_incremental: true", "2024-03-05", """{"data":[{"day":"2024-03-04"},{"day":"2024-03-05"},{"day":"2024-03-06"}]}""");

        Assert.Equal(["{\"day\":\"2024-03-05\"}", "{\"day\":\"2024-03-06\"}"], heard.Records);
        Assert.Equal("2024-03-06", heard.Move.NextCursor);
    }

    [Fact]
    public async Task A_feed_is_read_back_to_what_is_known()
    {
        var manifest = ManifestBench.Manifest(
            """
            paginator:
              type: DefaultPaginator
              page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: page}
              pagination_strategy: {type: PageIncrement, page_size: 1, start_from_page: 1, inject_on_first_request: true}
            """,
            stream: Cursor + "\n  is_data_feed: true");

        var page = 0;
        var heard = await new ManifestBench { Cursor = "2024-03-08" }.RunAsync(manifest, _ => $$"""{"data":[{"day":"2024-03-{{10 - page++:00}}"}]}""");

        Assert.Equal(4, heard.Requests.Count); // 10, 9, 8, and 7, which is old
    }

    [Fact]
    public async Task A_window_is_asked_for_alone_and_moves_nothing()
    {
        var bench = new ManifestBench { Cursor = "2024-03-08", Window = new(new(2024, 2, 1, 0, 0, 0, TimeSpan.Zero), new(2024, 2, 3, 0, 0, 0, TimeSpan.Zero)) };
        var heard = await bench.RunAsync(ManifestBench.Manifest(stream: Cursor), _ => """{"data":[{"day":"2024-02-01"},{"day":"2024-02-03"}]}""");

        Assert.Equal(["/v1/items?from=2024-02-01&to=2024-02-03"], heard.Asked);
        Assert.Equal(["{\"day\":\"2024-02-01\"}"], heard.Records);
        Assert.Equal((null, null), (heard.Move.NextCursor, heard.Move.Slices));
    }

    [Fact]
    public async Task Numbers_that_grow_are_a_cursor()
    {
        const string Count = """
            incremental_sync:
              type: IncrementingCountCursor
              cursor_field: id
              start_value: 10
              start_value_option: {type: RequestOption, inject_into: request_parameter, field_name: since_id}
            """;

        var first = await Run(Count, null, """{"data":[{"id":12},{"id":11}]}""");
        var second = await Run(Count, "12", """{"data":[{"id":12},{"id":3},{"id":13}]}""");

        Assert.Equal(("/v1/items?since_id=10", "12"), (first.Asked.Single(), first.Move.NextCursor));
        Assert.Equal(("/v1/items?since_id=12", "13"), (second.Asked.Single(), second.Move.NextCursor));
        Assert.Equal(["{\"id\":12}", "{\"id\":13}"], second.Records);
    }

    [Fact]
    public async Task Everything_comes_first_then_what_is_new_by_another_stream()
    {
        var cursor = string.Join('\n', Cursor.ReplaceLineEndings("\n").Split('\n').Select(line => "      " + line));
        var manifest = """
            version: 6.20.0
            type: DeclarativeSource
            check: {type: CheckStream, stream_names: [items]}
            definitions:
              retriever:
                type: SimpleRetriever
                requester: {type: HttpRequester, url_base: "https://api.example.com", path: "{{ parameters.path }}"}
                record_selector: {type: RecordSelector, extractor: {type: DpathExtractor, field_path: [data]}}
            streams:
              - type: StateDelegatingStream
                name: items
                full_refresh_stream:
                  type: DeclarativeStream
                  name: items
                  $parameters: {path: /all}
                  retriever: {$ref: "#/definitions/retriever"}
            CURSOR
                incremental_stream:
                  type: DeclarativeStream
                  name: items
                  $parameters: {path: /new}
                  retriever: {$ref: "#/definitions/retriever"}
            CURSOR
            """.Replace("CURSOR", cursor, StringComparison.Ordinal);

        var first = await new ManifestBench().RunAsync(manifest, _ => """{"data":[{"day":"2024-03-05"}]}""");
        var second = await new ManifestBench { Cursor = first.Move.NextCursor }.RunAsync(manifest, _ => """{"data":[]}""");

        Assert.StartsWith("/all", first.Asked.Single(), StringComparison.Ordinal);
        Assert.StartsWith("/new?from=2024-03-05", second.Asked.Single(), StringComparison.Ordinal);
    }

    static Task<Heard> Run(string cursor, string? state, string answer) =>
        new ManifestBench { Cursor = state }.RunAsync(ManifestBench.Manifest(stream: cursor), _ => answer);
}
