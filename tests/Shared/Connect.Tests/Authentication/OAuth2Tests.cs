using System.Net;
using System.Security.Cryptography;
using System.Text;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DataIngestion.Connect.Tests;

public sealed class OAuth2Tests : IDisposable
{
    const string Secret = "the client's secret: /+é";

    readonly TemporaryFolder _folder = new("oauth2");
    readonly FakeTimeProvider _time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Client_credentials_prove_themselves_by_basic_form_encoded()
    {
        await using var server = await TokenServer.StartAsync();
        await using var services = Services();

        await AskAsync(services, server, Auth(server, ("scopes", "read\nprices.live"), ("audience", "https://api"), ("resources", "urn:a\nurn:b"), ("parameters.tenant", "acme")));

        var asked = server.Received.First();
        Assert.Equal($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"client:{WebUtility.UrlEncode(Secret)}"))}", asked.Headers["Authorization"]);
        Assert.Equal("grant_type=client_credentials&scope=read+prices.live&audience=https%3A%2F%2Fapi&resource=urn%3Aa&resource=urn%3Ab&tenant=acme", asked.Body);
        Assert.Equal("Bearer token-1", server.Received.Last().Headers["Authorization"]);
    }

    [Fact]
    public async Task Client_credentials_in_the_body()
    {
        await using var server = await TokenServer.StartAsync();
        await using var services = Services();

        await AskAsync(services, server, Auth(server, ("clientAuth", "body")));

        Assert.False(server.Received.First().Headers.ContainsKey("Authorization"));
        Assert.Equal(("client", Secret), (server.Forms.Single()["client_id"], server.Forms.Single()["client_secret"]));
    }

    [Fact]
    public async Task Client_credentials_by_a_signed_assertion()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var server = await TokenServer.StartAsync();
        await using var services = Services(("KEY", key.ExportPkcs8PrivateKeyPem()));

        await AskAsync(services, server, Auth(server, ("clientSecret", null), ("privateKey", "${KEY}"), ("algorithm", "ES256"), ("keyId", "k1")));

        var form = server.Forms.Single();
        Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", form["client_assertion_type"]);
        var token = await ValidateAsync(form["client_assertion"], new ECDsaSecurityKey(key), issuer: "client", audience: server.TokenUrl);
        Assert.Equal(("client", "k1"), (token.Subject, token.Kid));
    }

    [Fact]
    public async Task Jwt_bearer_signs_who_the_token_is_for()
    {
        using var key = RSA.Create(2048);
        await using var server = await TokenServer.StartAsync();
        await using var services = Services(("KEY", key.ExportPkcs8PrivateKeyPem().Replace("\n", "\\n", StringComparison.Ordinal)));

        await AskAsync(services, server, Auth(server, ("grant", "jwt-bearer"), ("clientId", null), ("clientSecret", null), ("privateKey", "${KEY}"), ("issuer", "us"), ("subject", "user@example.com"), ("assertionAudience", "https://login"), ("claims.scope", "api")));

        var form = server.Forms.Single();
        Assert.Equal("urn:ietf:params:oauth:grant-type:jwt-bearer", form["grant_type"]);
        var token = await ValidateAsync(form["assertion"], new RsaSecurityKey(key), issuer: "us", audience: "https://login");
        Assert.Equal(("user@example.com", "api"), (token.Subject, token.GetClaim("scope").Value));
    }

    [Fact]
    public async Task Saml_bearer_sends_the_assertion_base64url()
    {
        await using var server = await TokenServer.StartAsync();
        await using var services = Services(configure: s => s.AddSingleton<ISamlAssertions, Assertions>());

        await AskAsync(services, server, Auth(server, ("grant", "saml-bearer"), ("saml.issuer", "us"), ("saml.subject", "reader"), ("saml.key", "${KEY}")));

        var form = server.Forms.Single();
        Assert.Equal("urn:ietf:params:oauth:grant-type:saml2-bearer", form["grant_type"]);
        Assert.Equal($"<Assertion issuer='us' for='{server.TokenUrl}'/>", Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(form["assertion"])));
    }

    [Fact]
    public async Task A_token_is_used_until_it_is_due_and_then_renewed_without_anybody_waiting()
    {
        await using var server = await TokenServer.StartAsync();
        await using var services = Services();
        var auth = Auth(server);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => AskAsync(services, server, auth)));
        _time.Advance(TimeSpan.FromSeconds(3539));
        await AskAsync(services, server, auth);
        Assert.Single(server.Forms);

        _time.Advance(TimeSpan.FromSeconds(2)); // 59 s before its end
        Assert.Equal("figures for Bearer token-1", await AskAsync(services, server, auth));
        while (server.Issued < 2)
            await Task.Yield();
        while (await AskAsync(services, server, auth) != "figures for Bearer token-2")
            await Task.Yield();
        Assert.Equal(2, server.Forms.Count);
    }

    [Theory]
    [InlineData(100, 80, 90), InlineData(3600, 3540, 3590), InlineData(10, 8, 9)]
    public void It_is_due_and_ends_before_its_issuer_ends_it(int lifetime, int due, int end)
    {
        var token = new Token { Value = "x", IssuedAt = DateTimeOffset.UnixEpoch, Lifetime = TimeSpan.FromSeconds(lifetime) };

        Assert.Equal((due, end), (token.DueAt.ToUnixTimeSeconds(), token.UsableUntil.ToUnixTimeSeconds()));
    }

    [Fact]
    public async Task A_token_that_the_source_no_longer_accepts_is_renewed_and_the_request_made_once_more()
    {
        await using var server = await TokenServer.StartAsync();
        await using var services = Services();
        var auth = Auth(server);
        await AskAsync(services, server, auth);

        server.Accepted = "token-2";
        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal("figures for Bearer token-2", await AskAsync(services, server, auth));
    }

    [Fact]
    public async Task A_source_that_accepts_no_token_does_not_drain_the_issuer()
    {
        await using var server = await TokenServer.StartAsync();
        await using var services = Services();
        server.Accepted = "none";

        for (var i = 0; i < 5; i++)
            Assert.Equal("unauthorized", (await Sources.FailureOfAsync(() => AskAsync(services, server, Auth(server)))).Code);

        Assert.Single(server.Forms);
    }

    [Fact]
    public async Task A_secret_that_was_changed_is_read_anew_when_the_issuer_refuses_it()
    {
        await using var server = await TokenServer.StartAsync();
        var file = Path.Combine(_folder.Path, "secret");
        await File.WriteAllTextAsync(file, "second", TestContext.Current.CancellationToken);
        await using var services = Services();
        server.Fault = async (context, n, _) =>
        {
            await File.WriteAllTextAsync(file, "third", TestContext.Current.CancellationToken);
            return n == 1 && await TokenServer.RefuseAsync(context, HttpStatusCode.Unauthorized, "invalid_client");
        };

        await AskAsync(services, server, Auth(server, ("clientAuth", "body"), ("clientSecret", $"${{file:{file}}}")));

        Assert.Equal(["second", "third"], server.Forms.Select(f => f["client_secret"]));
    }

    [Fact]
    public async Task A_refresh_token_that_changes_with_each_use_goes_from_worker_to_worker()
    {
        await using var server = await TokenServer.StartAsync();
        server.Rotates = true;
        var store = new MemoryTokenStore(_time);
        var auth = Auth(server, ("grant", "refresh-token"), ("refreshToken", "${REFRESH}"));

        for (var worker = 1; worker <= 4; worker++)
        {
            await using var services = Services([("REFRESH", "refresh-0")], services => services.AddSingleton<ITokenStore>(store));
            Assert.Equal($"figures for Bearer token-{worker}", await AskAsync(services, server, auth));
            _time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal(["refresh-0", "refresh-1", "refresh-2", "refresh-3"], server.Forms.Select(f => f["refresh_token"]));
    }

    [Fact]
    public async Task A_new_refresh_token_in_the_configuration_takes_the_place_of_one_that_has_ended()
    {
        await using var server = await TokenServer.StartAsync();
        server.Rotates = true;
        var store = new MemoryTokenStore(_time);
        var auth = Auth(server, ("grant", "refresh-token"), ("refreshToken", "${REFRESH}"));
        await using (var before = Services([("REFRESH", "refresh-0")], services => services.AddSingleton<ITokenStore>(store)))
            await AskAsync(before, server, auth);

        _time.Advance(TimeSpan.FromHours(1));
        server.RefreshToken = "from-the-vendor";
        await using var after = Services([("REFRESH", "from-the-vendor")], services => services.AddSingleton<ITokenStore>(store));
        await AskAsync(after, server, auth);

        Assert.Equal(["refresh-0", "refresh-1", "from-the-vendor"], server.Forms.Select(f => f["refresh_token"]));
    }

    [Fact]
    public async Task A_new_refresh_token_is_stored_before_its_access_token_is_used()
    {
        await using var server = await TokenServer.StartAsync();
        server.Rotates = true;
        var store = new BrokenStore(new MemoryTokenStore(_time));
        await using var services = Services([("REFRESH", "refresh-0")], services => services.AddSingleton<ITokenStore>(store));
        server.Fault = (_, _, _) =>
        {
            store.IsBroken = true;
            return Task.FromResult(false);
        };

        await Sources.FailureOfAsync(() => AskAsync(services, server, Auth(server, ("grant", "refresh-token"), ("refreshToken", "${REFRESH}")), Sources.Quick with { Attempts = 1 }));

        Assert.DoesNotContain(server.Received, r => r.Path != "/token");
    }

    [Fact]
    public async Task Without_consent_the_command_for_it_is_named()
    {
        await using var server = await TokenServer.StartAsync();
        await using var services = Services();

        var failure = await Sources.FailureOfAsync(() => AskAsync(services, server, Auth(server, ("grant", "authorization-code"), ("authorizeUrl", "https://login.example.com/authorize"))));

        Assert.Equal(("consent-missing", false), (failure.Code, failure.IsTransient));
        Assert.Contains("ingest sources consent vendor", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Received);
    }

    [Theory]
    [InlineData("http://elsewhere.example/token", false, "address-refused"), InlineData("https://127.0.0.1:1/token", false, "address-refused"), InlineData("https://user:pw@127.0.0.1:1/token", true, "address-refused")]
    public async Task Addresses_of_issuers_are_guarded(string address, bool allowPrivate, string code)
    {
        await using var services = Services();
        var source = Sources.At(new("https://api.example.com"), auth: new() { Kind = "oauth2", Options = new Dictionary<string, string> { ["grant"] = "client-credentials", ["tokenUrl"] = address, ["clientId"] = "client", ["clientSecret"] = "${SECRET}" } }, allowPrivate: allowPrivate);

        Assert.Equal(code, (await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(source))).Code);
    }

    public static TheoryData<string, string, bool, string> Faults => new()
    {
        { "400 invalid_grant", "unauthorized", false, "(400, invalid_grant: it is over)" },
        { "400 invalid_scope", "configuration-invalid", false, "(400, invalid_scope)" },
        { "400 unauthorized_client", "forbidden", false, "(400, unauthorized_client)" },
        { "401", "unauthorized", false, "(401, " },
        { "404", "not-found", false, "check 'tokenUrl'" },
        { "429", "rate-limited", true, "(429, " },
        { "500", "source-unavailable", true, "(500, " },
        { "503 temporarily_unavailable", "source-unavailable", true, "temporarily_unavailable" },
        { "html", "protocol-error", false, "text/html" },
        { "cut", "source-unavailable", true, "could not be asked for a token" },
        { "slow", "timeout", true, "did not answer within" },
        { "redirect", "redirect-refused", false, "is not followed" },
        { "wrong token_type", "protocol-error", false, "type 'DPoP'" },
        { "no token", "protocol-error", false, "without 'access_token'" },
        { "huge", "response-too-large", false, "1,048,576 bytes" },
        { "200 with an error", "unauthorized", false, "invalid_client" },
    };

    [Theory, MemberData(nameof(Faults))]
    public async Task What_goes_wrong_at_the_issuer_is_told_without_secrets(string fault, string code, bool transient, string said)
    {
        await using var server = await TokenServer.StartAsync();
        await using var services = Services();
        server.Fault = (context, _, stop) => MisbehaveAsync(fault, context, stop);

        var failure = await Sources.FailureOfAsync(() => AskAsync(services, server, Auth(server), Sources.Quick with { Attempts = 1 }));

        Assert.Equal((code, transient, null), (failure.Code, failure.IsTransient, failure.HttpStatus));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("leaked", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Received, r => r.Path != "/token");
        if (fault == "429")
            Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(7), failure.RetryNotBefore);
    }

    [Fact]
    public async Task A_token_whose_issuer_names_no_end_is_taken_for_good_for_as_long_as_configured()
    {
        await using var server = await TokenServer.StartAsync();
        await using var services = Services();
        server.ExpiresIn = null;

        await AskAsync(services, server, Auth(server, ("tokenLifetime", "5m")));
        _time.Advance(TimeSpan.FromMinutes(5));
        await AskAsync(services, server, Auth(server, ("tokenLifetime", "5m")));

        Assert.Equal(2, server.Forms.Count);
    }

    [Fact]
    public async Task The_token_is_masked_where_the_source_says_it_back()
    {
        await using var issuer = await TokenServer.StartAsync();
        await using var source = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 403;
            return context.Response.WriteAsync($"you are {context.Request.Headers.Authorization}");
        });
        await using var services = Services();

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(source.Address, auth: Auth(issuer))));

        Assert.Contains("It said: you are Bearer ***", failure.Message, StringComparison.Ordinal);
    }

    async Task<bool> MisbehaveAsync(string fault, HttpContext context, CancellationToken stop)
    {
        var response = context.Response;
        switch (fault.Split(' '))
        {
            case ["400" or "503", var error]:
                return await TokenServer.RefuseAsync(context, (HttpStatusCode)int.Parse(fault[..3]), error, error == "invalid_grant" ? "it is over" : null);
            case [var status] when int.TryParse(status, out var number):
                response.StatusCode = number;
                response.Headers.RetryAfter = "7";
                break;
            case ["html"]:
                response.ContentType = "text/html";
                await response.WriteAsync("<h1>Sign in, leaked</h1>", stop);
                break;
            case ["cut"]:
                response.ContentLength = 1000;
                await response.WriteAsync("{\"access_token\":\"leaked", stop);
                await response.Body.FlushAsync(stop);
                context.Abort();
                break;
            case ["slow"]:
                _time.Advance(TimeSpan.FromSeconds(16));
                await Task.Delay(Timeout.Infinite, stop);
                break;
            case ["redirect"]:
                response.Redirect("https://elsewhere.example/token");
                break;
            case ["wrong", ..]:
                await response.WriteAsJsonAsync(new { access_token = "leaked", token_type = "DPoP" }, stop);
                break;
            case ["no", ..]:
                await response.WriteAsJsonAsync(new { token = "leaked" }, stop);
                break;
            case ["huge"]:
                await response.WriteAsync(new string(' ', IssuerHttp.LargestAnswer + 1), stop);
                break;
            default:
                return await TokenServer.RefuseAsync(context, HttpStatusCode.OK, "invalid_client");
        }

        return true;
    }

    static async Task<JsonWebToken> ValidateAsync(string token, SecurityKey key, string issuer, string audience)
    {
        var valid = await new JsonWebTokenHandler().ValidateTokenAsync(token, new() { IssuerSigningKey = key, ValidIssuer = issuer, ValidAudience = audience, ValidateLifetime = false });
        Assert.True(valid.IsValid, valid.Exception?.Message);
        return (JsonWebToken)valid.SecurityToken;
    }

    static async Task<string> AskAsync(ServiceProvider services, TokenServer server, AuthenticationDefinition auth, LimitsDefinition? limits = null) =>
        (await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, limits, auth))).Value;

    static AuthenticationDefinition Auth(TokenServer server, params (string Name, string? Value)[] options)
    {
        var all = new Dictionary<string, string> { ["grant"] = "client-credentials", ["tokenUrl"] = server.TokenUrl, ["clientId"] = "client", ["clientSecret"] = "${SECRET}" };
        foreach (var (name, value) in options)
        {
            if (value is null)
                all.Remove(name);
            else
                all[name] = value;
        }

        return new() { Kind = "oauth2", Options = all };
    }

    ServiceProvider Services(params (string Name, string Value)[] settings) => Services(settings, configure: null);

    ServiceProvider Services(Action<IServiceCollection> configure) => Services([], configure);

    ServiceProvider Services((string Name, string Value)[] settings, Action<IServiceCollection>? configure) => Sources.Services(
        time: _time,
        configure: configure,
        settings: [("SECRET", Secret), ("Ingestion:SecretFolders", _folder.Path), ("Ingestion:TokenKeyFile", Path.Combine(_folder.Path, "token.key")), .. settings]);

    sealed class Assertions : ISamlAssertions
    {
        public Task<string> GetAsync(AuthenticationContext context, IReadOnlyDictionary<string, string> options, Uri recipient, CancellationToken cancellationToken) =>
            Task.FromResult($"<Assertion issuer='{options["issuer"]}' for='{recipient}'/>");
    }

    sealed class BrokenStore(ITokenStore inner) : ITokenStore
    {
        public bool IsBroken { get; set; }

        public Task<StoredToken> ReadAsync(string key, CancellationToken cancellationToken) => inner.ReadAsync(key, cancellationToken);

        public Task<string?> TryWriteAsync(string key, byte[] content, string? version, CancellationToken cancellationToken) => IsBroken
            ? throw new StepFailedException(new() { Code = "storage-unavailable", Message = "away", IsTransient = true })
            : inner.TryWriteAsync(key, content, version, cancellationToken);
    }
}
