using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect.Tests;

public sealed class ManifestRequestTests
{
    [Theory]
    [InlineData("request_body_json: {a: \"{{ config.n }}\", b: {c: [\"{{ config.name }}\"]}, gone: \"{{ config.none }}\"}", """{"a":5,"b":{"c":["N"]}}""", "application/json")]
    [InlineData("request_body_data: {a: \"x y\", k: \"{{ config.key }}\"}", "a=x%20y&k=${KEY}", "application/x-www-form-urlencoded")]
    [InlineData("request_body_data: \"<q>{{ config.name }}</q>\"\nrequest_headers: {Content-Type: text/xml}", "<q>N</q>", "text/xml")]
    [InlineData("request_body: {type: RequestBodyJsonObject, value: {a: 1}}", """{"a":1}""", "application/json")]
    [InlineData("request_body: {type: RequestBodyGraphQL, value: {query: \"query { items(first: 5) { id } }\"}}", """{"query":"query { items(first: 5) { id } }"}""", "application/json")]
    [InlineData("request_body: {type: RequestBodyUrlEncodedForm, value: {a: b}}", "a=b", "application/x-www-form-urlencoded")]
    [InlineData("request_body: {type: RequestBodyPlainText, value: \"plain {{ config.name }}\"}", "plain N", "text/plain")]
    public async Task Bodies_are_written(string body, string expected, string type)
    {
        var request = await Ask($"http_method: POST\n{body}");

        Assert.Equal(("POST", expected, type), (request.Method, request.Body, request.ContentType));
    }

    [Fact]
    public async Task Parameters_and_headers_are_evaluated_and_what_is_empty_is_left_out()
    {
        var request = await Ask("request_parameters: {a: \"{{ config.n }}\", l: \"{{ ['x', 'y'] }}\", e: \"{{ config.none }}\", o: \"{{ config.get('none') }}\", id: \"007\"}\nrequest_headers: {X-Name: \"{{ config.name }}\", X-None: \"{{ config.none }}\"}");

        Assert.Equal("/v1/items?a=5&l=x&l=y&id=007", request.Name);
        Assert.Equal(["X-Name: N"], request.Headers.Select(h => $"{h.Key}: {h.Value}"));
    }

    [Theory]
    [InlineData("authenticator: {type: BearerAuthenticator, api_token: \"{{ config['key'] }}\"}", "Authorization: Bearer ${KEY}", "")]
    [InlineData("authenticator: {type: ApiKeyAuthenticator, api_token: \"Token {{ config['key'] }}\", header: X-Token}", "X-Token: Token ${KEY}", "")]
    [InlineData("authenticator: {type: ApiKeyAuthenticator, api_token: \"{{ config['key'] }}\", inject_into: {type: RequestOption, inject_into: header, field_name: X-Key}}", "X-Key: ${KEY}", "")]
    [InlineData("authenticator: {type: BasicHttpAuthenticator, username: \"{{ config['name'] }}\", password: \"{{ config['key'] }}\"}", "", "basic user=N value=${KEY}")]
    [InlineData("authenticator: {type: BasicHttpAuthenticator, username: \"{{ config['key'] }}\"}", "", "basic user=${KEY} value=")]
    [InlineData("request_headers: {Authorization: \"Basic {{ (config['name'] ~ ':' ~ config['key']) | base64encode }}\"}", "", "basic user=N value=${KEY}")]
    [InlineData("authenticator: {type: SelectiveAuthenticator, authenticator_selection_path: [way], authenticators: {one: {type: NoAuth}, two: {type: BearerAuthenticator, api_token: \"{{ config.key }}\"}}}", "Authorization: Bearer ${KEY}", "")]
    [InlineData(
        "authenticator: {type: OAuthAuthenticator, token_refresh_endpoint: \"https://login.example.com/token\", client_id: \"{{ config.name }}\", client_secret: \"{{ config.key }}\", grant_type: client_credentials, scopes: [a, b], refresh_request_body: {audience: x}}",
        "", "oauth2 grant=client-credentials tokenUrl=https://login.example.com/token clientId=N clientSecret=${KEY} clientAuth=body scopes=a\nb parameters.audience=x")]
    [InlineData(
        "authenticator: {type: OAuthAuthenticator, token_refresh_endpoint: \"https://login.example.com/token\", client_id: id, client_secret: \"{{ config.key }}\", refresh_token: \"{{ config.key }}\"}",
        "", "oauth2 grant=refresh-token tokenUrl=https://login.example.com/token clientId=id clientSecret=${KEY} clientAuth=body refreshToken=${KEY}")]
    [InlineData(
        "authenticator: {type: OAuthAuthenticator, token_refresh_endpoint: \"https://login.example.com/token\", client_id: id, client_secret: \"{{ config.key }}\", grant_type: account_credentials, access_token_name: token, expires_in_name: ttl}",
        "", "session url=https://login.example.com/token tokenPath=$.token lifetimePath=$.ttl header=Authorization scheme=Bearer body=grant_type=account_credentials&client_id=id&client_secret=${KEY} contentType=application/x-www-form-urlencoded")]
    [InlineData(
        "authenticator: {type: SessionTokenAuthenticator, expiration_duration: PT1H, session_token_path: [data, token], login_requester: {type: HttpRequester, url_base: \"https://api.example.com\", path: /login, http_method: POST, request_body_json: {password: \"{{ config.key }}\"}}, request_authentication: {type: ApiKey, inject_into: {type: RequestOption, inject_into: header, field_name: X-Session}}}",
        "", "session tokenPath=$.data.token url=https://api.example.com/login method=POST body={\"password\":\"${KEY}\"} contentType=application/json header=X-Session lifetime=3600s")]
    [InlineData(
        "authenticator: {type: JwtAuthenticator, secret_key: \"{{ config.key }}\", algorithm: ES256, token_duration: 60, jwt_headers: {kid: k1}, jwt_payload: {iss: me, aud: you}}",
        "", "jwt key=${KEY} algorithm=ES256 lifetime=60s keyId=k1 issuer=me audience=you scheme=Bearer")]
    public async Task Authenticators_keep_secrets_as_references(string requester, string header, string auth)
    {
        var request = await Ask(requester, new() { ["way"] = "two" });

        Assert.Equal(header, string.Join(' ', request.Headers.Select(h => $"{h.Key}: {h.Value}")));
        Assert.Equal(auth, request.Auth is null ? "" : $"{request.Auth.Kind} {string.Join(' ', request.Auth.Options.Select(o => $"{o.Key}={o.Value}"))}");
    }

    [Fact]
    public async Task The_connections_own_authentication_counts_more()
    {
        var bench = new ManifestBench { Config = { ["key"] = "${KEY}" }, Auth = new() { Kind = "bearer", Options = new Dictionary<string, string> { ["value"] = "${OTHER}" } } };
        var request = (await bench.RunAsync(ManifestBench.Manifest(requester: "authenticator: {type: ApiKeyAuthenticator, api_token: x, header: X-Key}"), _ => "{}")).Requests.Single();

        Assert.Empty(request.Headers);
        Assert.Null(request.Auth);
    }

    [Fact]
    public async Task A_secret_is_never_worked_on_and_never_named_by_an_answer()
    {
        var encoded = await Assert.ThrowsAsync<StepFailedException>(() => Ask("request_parameters: {k: \"{{ config.key | base64encode }}\"}"));
        var named = await Assert.ThrowsAsync<StepFailedException>(() => new ManifestBench().RunAsync(
            ManifestBench.Manifest("""
                paginator:
                  type: DefaultPaginator
                  page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: page}
                  pagination_strategy: {type: CursorPagination, cursor_value: "{{ response.next }}"}
                """),
            _ => """{"data":[{"id":1}],"next":"${OTHER_SECRET}"}"""));
        var clear = await Assert.ThrowsAsync<StepFailedException>(() => new ManifestBench { Config = { ["key"] = "clear" } }.RunAsync(ManifestBench.Manifest(spec: "key: {type: string, airbyte_secret: true}"), _ => "{}"));

        Assert.Contains("reference", encoded.Failure.Message, StringComparison.Ordinal);
        Assert.Equal("reference-refused", named.Failure.Code);
        Assert.Contains("written out", clear.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_has_types_and_defaults()
    {
        var manifest = ManifestBench.Manifest(
            requester: "request_parameters: {q: \"{{ config.n + 1 }}-{{ config.flag }}-{{ config.more.x }}-{{ config.given | length }}\"}",
            spec: "n: {type: integer}, flag: {type: boolean, default: true}, more: {type: object, properties: {x: {type: string}}}, given: {type: array}");

        var heard = await new ManifestBench { Config = { ["n"] = "4", ["more.x"] = "X", ["given"] = "a\nb" } }.RunAsync(manifest, _ => "{}");

        Assert.Equal(["/v1/items?q=5-True-X-2"], heard.Asked);
    }

    [Fact]
    public async Task What_the_manifest_needs_must_be_configured()
    {
        var manifest = ManifestBench.Manifest(spec: "n: {type: integer}").Replace("type: object\n", "type: object\n    required: [n]\n", StringComparison.Ordinal);

        Assert.Contains("'config.n' is missing", (await Assert.ThrowsAsync<StepFailedException>(() => new ManifestBench().RunAsync(manifest, _ => "{}"))).Failure.Message, StringComparison.Ordinal);
        Assert.Contains("'config.n' is 'x'", (await Assert.ThrowsAsync<StepFailedException>(() => new ManifestBench { Config = { ["n"] = "x" } }.RunAsync(manifest, _ => "{}"))).Failure.Message, StringComparison.Ordinal);
    }

    static async Task<SourceRequest> Ask(string requester, Dictionary<string, string>? config = null)
    {
        var bench = new ManifestBench { Config = new(config ?? []) { ["key"] = "${KEY}", ["n"] = "5", ["name"] = "N" } };
        return (await bench.RunAsync(ManifestBench.Manifest(requester: requester), _ => "{}")).Requests.Single();
    }
}
