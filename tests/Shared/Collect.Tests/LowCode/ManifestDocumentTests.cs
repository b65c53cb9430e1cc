using System.Text;
using DataIngestion.TestKit;

namespace DataIngestion.Collect.Tests.LowCode;

public sealed class ManifestDocumentTests
{
    const string Simple = """
        version: 6.48.6
        type: DeclarativeSource
        check: { type: CheckStream, stream_names: [bars] }
        definitions:
          requester:
            type: HttpRequester
            url_base: https://api.vendor.test/v1
            path: "{{ parameters['path'] }}"
            http_method: GET
            authenticator:
              type: BearerAuthenticator
              api_token: "{{ config['api_key'] }}"
          retriever:
            type: SimpleRetriever
            requester: { $ref: "#/definitions/requester" }
            record_selector: { type: RecordSelector, extractor: { type: DpathExtractor, field_path: [data] } }
        streams:
          - type: DeclarativeStream
            $parameters: { name: bars, primary_key: id, path: /bars }
            retriever: "#/definitions/retriever"
            schema_loader: { type: InlineSchemaLoader, schema: { type: object, properties: { id: { type: integer } } } }
        spec:
          connection_specification:
            type: object
            required: [api_key]
            properties:
              api_key: { type: string, airbyte_secret: true, title: Key }
              limit: { type: integer, default: 10 }
        """;

    [Fact]
    public void References_are_followed_and_parameters_handed_down()
    {
        var manifest = ManifestDocument.Parse("m.yaml", Simple);

        Assert.Empty(manifest.Faults);
        var stream = Assert.Single(manifest.Streams);
        Assert.Equal("bars", stream.Name);
        Assert.Empty(stream.Faults);
        Assert.Equal(["id"], stream.PrimaryKey);
        var requester = stream.Component.NeedChild("retriever").NeedChild("requester");
        Assert.Equal("https://api.vendor.test/v1", requester.Text("url_base"));
        Assert.Equal("{{ parameters['path'] }}", requester.Text("path")); // its own path wins over the parameter
        Assert.Equal("/bars", requester.Parameters["path"]);
        Assert.Equal(15, requester.Line);
        Assert.Equal(7, requester.Find("url_base")!.Line); // where it is written, not where it is referred to
        Assert.Equal("id", requester.Text("primary_key")); // given by a parameter
        Assert.Contains("primary_key", requester.Given);
    }

    [Fact]
    public void The_specification_says_what_has_to_be_configured()
    {
        var spec = ManifestDocument.Parse("m.yaml", Simple).Spec;

        Assert.Equal(["api_key", "limit"], spec.Settings.Select(s => s.Path));
        Assert.True(spec.Find("api_key") is { IsSecret: true, IsRequired: true, Title: "Key", Default: null });
        Assert.True(spec.Find("limit") is { IsSecret: false, IsRequired: false, Default: 10L, Kind: "integer" });
    }

    [Fact]
    public void Own_fields_win_over_referred_ones_and_inner_parameters_over_outer_ones()
    {
        var manifest = ManifestDocument.Parse("m.yaml", Simple
            .Replace("retriever: \"#/definitions/retriever\"", """
                retriever:
                      $ref: "#/definitions/retriever"
                      $parameters: { path: /inner }
                      requester:
                        $ref: "#/definitions/requester"
                        http_method: POST
                """, StringComparison.Ordinal));

        var requester = manifest.Streams[0].Component.NeedChild("retriever").NeedChild("requester");
        Assert.Equal("POST", requester.Text("http_method"));
        Assert.Equal("https://api.vendor.test/v1", requester.Text("url_base"));
        Assert.Equal("/inner", requester.Parameters["path"]);
    }

    [Fact]
    public void Manifests_of_the_first_versions_are_brought_into_the_form_of_today()
    {
        var manifest = ManifestDocument.Parse("m.yaml", """
            version: "0.29.0"
            definitions:
              schema_loader: { type: JsonFileSchemaLoader, file_path: "./schemas/{{ options['name'] }}.json" }
              selector: { extractor: { field_pointer: ["data"] } }
              requester: { url_base: "https://old.vendor.test", http_method: "GET" }
              slicer:
                type: DatetimeStreamSlicer
                start_datetime: { datetime: "{{ config['start'] }}", datetime_format: "%Y-%m-%d" }
                end_datetime: { datetime: "{{ now_utc() }}" }
                step: 1d
                datetime_format: "%Y-%m-%d"
            streams:
              - $options: { name: rates, primary_key: date, path: /rates, stream_cursor_field: date }
                schema_loader: { $ref: "*ref(definitions.schema_loader)" }
                retriever:
                  record_selector: { $ref: "*ref(definitions.selector)" }
                  paginator:
                    type: LimitPaginator
                    limit_value: 50
                    limit_option: { inject_into: request_parameter, field_name: limit }
                    page_token_option: { inject_into: path }
                    pagination_strategy: { type: CursorPagination, cursor_value: "{{ response.next }}" }
                  requester: { $ref: "*ref(definitions.requester)" }
                  stream_slicer: { $ref: "*ref(definitions.slicer)" }
            check: { stream_names: [rates] }
            """);

        var stream = Assert.Single(manifest.Streams);
        Assert.Empty(stream.Faults);
        Assert.Equal("rates", stream.Name);
        var cursor = stream.Component.NeedChild("incremental_sync");
        Assert.Equal("DatetimeBasedCursor", cursor.Type);
        Assert.Equal("P1D", cursor.Text("step"));
        Assert.Equal("date", stream.CursorField);
        var retriever = stream.Component.NeedChild("retriever");
        Assert.Null(retriever.Find("partition_router"));
        var paginator = retriever.NeedChild("paginator");
        Assert.Equal("DefaultPaginator", paginator.Type);
        Assert.Equal(50, paginator.NeedChild("pagination_strategy").Whole("page_size"));
        Assert.Equal("limit", paginator.NeedChild("page_size_option").Text("field_name"));
        Assert.Equal("RequestPath", paginator.NeedChild("page_token_option").Type);
        Assert.Equal(["data"], retriever.NeedChild("record_selector").NeedChild("extractor").Texts("field_path"));
    }

    [Fact]
    public void Slicers_of_time_and_of_values_part()
    {
        var manifest = ManifestDocument.Parse("m.yaml", Stream("""
            stream_slicer:
              type: CartesianProductStreamSlicer
              stream_slicers:
                - { type: ListStreamSlicer, slice_values: [a, b], cursor_field: symbol }
                - { type: DatetimeStreamSlicer, cursor_field: at, datetime_format: "%Y", start_datetime: "2020", end_datetime: "2021", step: 1y }
            """));

        var stream = manifest.Streams[0];
        Assert.Empty(stream.Faults);
        Assert.Equal("at", stream.CursorField);
        var router = stream.Component.NeedChild("retriever").NeedChild("partition_router");
        Assert.Equal("ListPartitionRouter", router.Type);
        Assert.Equal(["a", "b"], router.Texts("values"));
    }

    [Theory]
    [InlineData("url: https://a.test/x", "url_base", "https://a.test/x")]
    [InlineData("url_base: https://a.test\nrequest_body: { type: RequestBodyPlainText, value: text }", "request_body_data", "text")]
    public void One_thing_has_one_name(string written, string field, string value)
    {
        var manifest = ManifestDocument.Parse("m.yaml", Stream("", written));

        Assert.Equal(value, manifest.Streams[0].Component.NeedChild("retriever").NeedChild("requester").Text(field));
    }

    [Theory]
    [InlineData("authenticator: { type: CustomAuthenticator, class_name: source_x.components.Signer }", "'HttpRequester.authenticator' is CustomAuthenticator 'Signer', which is Python and is not run here: use ApiKeyAuthenticator")]
    [InlineData("authenticator: { class_name: source_x.components.Signer }", "'HttpRequester.authenticator' is CustomAuthenticator 'Signer'")]
    [InlineData("authenticator: { type: BearerAuthenticatr, api_token: x }", "there is no component 'BearerAuthenticatr': did you mean 'BearerAuthenticator'?")]
    [InlineData("authenticator: { type: BearerAuthenticator }", "'BearerAuthenticator.api_token' is missing: expected text")]
    [InlineData("authenticator: { type: DefaultPaginator }", "'HttpRequester.authenticator' is DefaultPaginator: expected ApiKeyAuthenticator or")]
    [InlineData("authenticator: yes", "'HttpRequester.authenticator' is a truth value: expected ApiKeyAuthenticator or")]
    [InlineData("path: \"{{ config['a' }}\"", "expected ']', got '}'")]
    public void What_cannot_run_is_named_with_its_line(string written, string expected)
    {
        var manifest = ManifestDocument.Parse("m.yaml", Stream("", $"url_base: https://a.test\n{written}"));

        var fault = Assert.Single(manifest.Streams[0].Faults);
        Assert.Equal("m.yaml", fault.File);
        Assert.Equal(9, fault.Line);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_that_cannot_run_does_not_stop_the_others()
    {
        var manifest = ManifestDocument.Parse("m.yaml", Simple.Replace("spec:", """
              - type: DeclarativeStream
                name: signed
                retriever: { type: CustomRetriever, class_name: source_x.Signed }
            spec:
            """, StringComparison.Ordinal));

        Assert.Empty(manifest.Find("bars")!.Faults);
        Assert.Contains("CustomRetriever 'Signed'", Assert.Single(manifest.Find("signed")!.Faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_ignored_in_silence()
    {
        var manifest = ManifestDocument.Parse("m.yaml", Stream("", "url_base: https://a.test\nuse_cache: true\nhtp_method: POST") + "\nmetadata: { a: 1 }\nstreems: []\n");

        Assert.Equal(
            [
                "m.yaml:9: 'HttpRequester.use_cache' has no effect: an answer is landed once and read from there.",
                "m.yaml:10: 'HttpRequester.htp_method' is not a field of HttpRequester and is not read: did you mean 'http_method'?",
            ],
            manifest.WithoutEffect.Where(n => n.Message.Contains("HttpRequester", StringComparison.Ordinal)).Select(n => n.ToString()));
        Assert.Contains(manifest.WithoutEffect, n => n.Message.Contains("'DeclarativeSource.metadata' has no effect", StringComparison.Ordinal));
        Assert.Contains(manifest.WithoutEffect, n => n.Message.Contains("'DeclarativeSource.streems' is not a field of a manifest: did you mean 'streams'?", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("- a", "expected a mapping")]
    [InlineData("type: Other\nstreams: []", "is 'Other': expected DeclarativeSource")]
    [InlineData("type: DeclarativeSource", "there are no streams")]
    [InlineData("streams: [\n", "m.yaml:")]
    [InlineData("streams: []\nstreams: []", "m.yaml:2: 'streams' is given twice")]
    [InlineData("streams: *a", "there is no anchor")]
    [InlineData("streams: !!python/object:os.system x", "the tag")]
    [InlineData("streams:\n  - '#/definitions/x'", "m.yaml:2: the reference '#/definitions/x' leads nowhere")]
    [InlineData("definitions: { requster: {} }\nstreams:\n  - '#/definitions/requester'", "did you mean 'requster'?")]
    [InlineData("definitions: { a: '#/definitions/b', b: '#/definitions/a' }\nstreams:\n  - '#/definitions/a'", "leads to itself")]
    [InlineData("streams:\n  - { $ref: '#/streams' }", "leads to itself")]
    public void A_manifest_that_cannot_be_read_says_why(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<ManifestException>(() => ManifestDocument.Parse("m.yaml", text)).Message, StringComparison.Ordinal);

    [Fact]
    public void References_do_not_blow_a_manifest_up()
    {
        var text = new StringBuilder("definitions:\n  d0: [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
            text.Append($"  d{i}: [{string.Join(", ", Enumerable.Repeat($"'#/definitions/d{i - 1}'", 10))}]\n");
        text.Append("streams: ['#/definitions/d11']\n");

        Assert.Contains("when its references are followed", Assert.Throws<ManifestException>(() => ManifestDocument.Parse("m.yaml", text.ToString())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_are_what_YAML_1_1_says()
    {
        var manifest = ManifestDocument.Parse("m.yaml", Stream("", "url_base: https://a.test\nrequest_parameters: { a: yes, b: 010, c: 1_000, d: 2024-01-05, e: 1.50, f: '7', g: ~, h: 0x1F, i: 1e3 }"));

        var parameters = (LowCodeMap)manifest.Streams[0].Component.NeedChild("retriever").NeedChild("requester").Plain("request_parameters")!;
        Assert.Equal("{'a': True, 'b': 8, 'c': 1000, 'd': '2024-01-05', 'e': 1.5, 'f': '7', 'g': None, 'h': 31, 'i': '1e3'}", PythonText.Repr(parameters));
    }

    [Fact]
    public void Aliases_and_merge_keys_are_followed()
    {
        var manifest = ManifestDocument.Parse("m.yaml", "anchors: { base: &base { url_base: https://a.test, http_method: POST } }\n" + Stream("", "<<: *base\nhttp_method: GET"));

        var requester = manifest.Streams[0].Component.NeedChild("retriever").NeedChild("requester");
        Assert.Equal("https://a.test", requester.Text("url_base"));
        Assert.Equal("GET", requester.Text("http_method"));
    }

    [Fact]
    public void Alternatives_of_a_setting_are_kept_apart()
    {
        var manifest = ManifestDocument.Parse("m.yaml", Stream("") + "\n" + """
            spec:
              connection_specification:
                required: [credentials]
                properties:
                  credentials:
                    type: object
                    oneOf:
                      - title: Key
                        required: [auth_type, api_key]
                        properties: { auth_type: { type: string, const: key }, api_key: { type: string, airbyte_secret: true } }
                      - title: OAuth
                        required: [auth_type, token]
                        properties: { auth_type: { type: string, const: oauth }, token: { type: string, airbyte_secret: true } }
            """);

        Assert.Equal(["credentials.auth_type", "credentials.api_key", "credentials.token"], manifest.Spec.Settings.Select(s => s.Path));
        Assert.Equal(["key", "oauth"], manifest.Spec.Find("credentials.auth_type")!.Allowed);
        Assert.Equal("OAuth", manifest.Spec.Find("credentials.token")!.Choice);
    }

    [Fact]
    public void Changed_manifests_load_or_fail_as_such()
    {
        var random = new Random(20240105);
        for (var i = 0; i < 3_000; i++)
        {
            var text = new StringBuilder(i % 2 == 0 ? Simple : Stream("", "url_base: https://a.test"));
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                var at = random.Next(text.Length);
                if (random.Next(2) == 0)
                    text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at));
                else
                    text.Insert(at, new[] { "\n", "  ", ": ", "- ", "$ref: ", "'#/definitions/retriever'", "{", "]", "&a ", "*a", "<<: ", "!", "\t", "type: ", "$parameters: " }[random.Next(15)]);
            }

            try
            {
                var manifest = ManifestDocument.Parse("m.yaml", text.ToString());
                foreach (var stream in manifest.Streams)
                    _ = (stream.PrimaryKey, stream.Schemas);
            }
            catch (ManifestException)
            {
                // what a broken manifest is meant to give
            }
            catch (Exception other)
            {
                Assert.Fail($"{other}\n{text}");
            }
        }
    }

    // The requester begins on line 8, the type being on line 7.
    static string Stream(string retriever = "", string requester = "url_base: https://a.test") => string.Join('\n',
    [
        "version: 4.6.2", "streams:", "  - type: DeclarativeStream", "    name: bars", "    retriever:", "      type: SimpleRetriever", "      requester: # HttpRequester",
        .. requester.Split('\n').Select(l => "        " + l),
        "      record_selector: { type: RecordSelector, extractor: { type: DpathExtractor, field_path: [] } }",
        .. retriever.Split('\n').Select(l => "      " + l),
    ]);
}
