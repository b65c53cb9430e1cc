using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DataIngestion.Connect.Tests;

/// <summary>OAuth 2.0 against implementations of others: oidc-provider, which is certified, and oauth2-mock-server.</summary>
[Trait("Category", "server")]
public sealed partial class OAuth2ServerTests(SharedServers servers) : IDisposable
{
    static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    readonly MemoryTokenStore _store = new(TimeProvider.System);
    readonly HttpClientHandler _browser = new() { AllowAutoRedirect = true, CookieContainer = new() };

    public void Dispose() => _browser.Dispose();

    [Theory]
    [InlineData("machine", "machine: secret/+", "basic"), InlineData("in-body", "in-body-secret", "body"), InlineData("signer", null, "private-key-jwt")]
    public async Task Client_credentials(string client, string? secret, string clientAuth)
    {
        await using var server = await OidcAsync();
        (string, string)[] options = [("grant", "client-credentials"), ("clientId", client), ("clientAuth", clientAuth), ("scopes", "prices"), ("assertionAudience", server.Issuer)];
        options = secret is null ? [.. options, ("privateKey", "${KEY}"), ("algorithm", "ES256"), ("keyId", "k1")] : [.. options, ("clientSecret", "${SECRET}")];

        var answer = await AskAsync(server, secret, options);

        Assert.Equal((client, "prices"), (answer.GetProperty("client").GetString(), answer.GetProperty("scope").GetString()));
    }

    [Theory]
    [InlineData("machine", "wrong", "prices", "unauthorized", "invalid_client"), InlineData("machine", "machine: secret/+", "orders", "configuration-invalid", "invalid_scope"), InlineData("nobody", "x", "prices", "unauthorized", "invalid_client")]
    public async Task Refusals_are_named(string client, string secret, string scope, string code, string error)
    {
        await using var server = await OidcAsync();

        var failure = await Sources.FailureOfAsync(() => AskAsync(server, secret, ("grant", "client-credentials"), ("clientId", client), ("clientSecret", "${SECRET}"), ("scopes", scope)));

        Assert.Equal((code, false), (failure.Code, failure.IsTransient));
        Assert.Contains(error, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret.Length > 1 ? secret : "no such text", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Consent_in_a_browser_and_rotating_refresh_tokens_from_then_on()
    {
        await using var server = await OidcAsync();
        (string, string)[] options = [("grant", "authorization-code"), ("clientId", "native"), ("authorizeUrl", $"{server.Issuer}/auth"), ("scopes", "openid\noffline_access\nprices")];
        Assert.Equal("consent-missing", (await Sources.FailureOfAsync(() => AskAsync(server, null, options))).Code);

        await using (var services = Services(server, null))
        {
            Task? browsing = null;
            var result = await services.GetRequiredService<Consents>().AskAsync(Source(server, options), prompt => browsing = BrowseAsync(prompt.Address), TestContext.Current.CancellationToken);
            await browsing!;
            Assert.True(result.Lasts);
        }

        var (first, key) = (await AskAsync(server, null, options), TokenCache.KeyOf("oauth2", Source(server, options).Connection!.Auth!.Options));
        for (var i = 0; i < 3; i++)
        {
            await RejectAsync(server, key); // what is kept is over: the next one is asked for with the refresh token, which is another one each time
            var next = await AskAsync(server, null, options);
            Assert.Equal(("native", "someone"), (next.GetProperty("client").GetString(), next.GetProperty("account").GetString()));
        }

        Assert.Equal("someone", first.GetProperty("account").GetString());
    }

    [Fact]
    public async Task Consent_on_another_device()
    {
        await using var server = await OidcAsync();
        (string, string)[] options = [("grant", "device-code"), ("clientId", "native"), ("deviceUrl", $"{server.Issuer}/device/auth"), ("scopes", "openid\noffline_access\nprices")];
        await using var services = Services(server, null);

        Task? browsing = null;
        var result = await services.GetRequiredService<Consents>().AskAsync(Source(server, options), prompt => browsing = EnterAsync(prompt), TestContext.Current.CancellationToken);
        await browsing!;

        Assert.True(result.Lasts);
        Assert.Equal("someone", (await AskAsync(server, null, options)).GetProperty("account").GetString());
    }

    [Fact]
    public async Task A_signed_access_token_of_another_issuer()
    {
        var issuer = await servers.GetAsync("oauth2");
        await using var source = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        await using var services = Sources.Services(configure: s => s.AddSingleton<ITokenStore>(_store), settings: [("SECRET", "any"), ("Ingestion:TokenKey", Convert.ToBase64String(new byte[32]))]);
        var auth = new AuthenticationDefinition
        {
            Kind = "oauth2",
            Options = new Dictionary<string, string> { ["grant"] = "client-credentials", ["tokenUrl"] = $"http://127.0.0.1:{issuer.Port}/token", ["clientId"] = "any", ["clientSecret"] = "${SECRET}", ["scopes"] = "prices" },
        };

        await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(source.Address, auth: auth));

        using var http = new HttpClient();
        var keys = new JsonWebKeySet(await http.GetStringAsync($"http://127.0.0.1:{issuer.Port}/jwks", TestContext.Current.CancellationToken));
        var valid = await new JsonWebTokenHandler().ValidateTokenAsync(source.Received.Single().Headers["Authorization"]["Bearer ".Length..], new() { IssuerSigningKeys = keys.Keys, ValidateAudience = false, ValidateIssuer = false });
        Assert.True(valid.IsValid, valid.Exception?.Message);
    }

    static (string Name, string Value)[] With(OidcServer server, (string Name, string Value)[] options) => [.. options, ("tokenUrl", $"{server.Issuer}/token")];

    static SourceDefinition Source(OidcServer server, (string Name, string Value)[] options) =>
        Sources.At(new(server.Issuer), Sources.Quick with { Attempts = 1 }, new() { Kind = "oauth2", Options = With(server, options).ToDictionary(o => o.Name, o => o.Value) });

    ServiceProvider Services(OidcServer server, string? secret) => Sources.Services(
        configure: services => services.AddSingleton<ITokenStore>(_store),
        settings: [("SECRET", secret ?? "unused"), ("KEY", server.ClientKey), ("Ingestion:TokenKey", Convert.ToBase64String(new byte[32]))]);

    async Task<JsonElement> AskAsync(OidcServer server, string? secret, params (string Name, string Value)[] options)
    {
        await using var services = Services(server, secret);
        return JsonElement.Parse((await services.GetRequiredService<ISourceHttp>().GetTextAsync(Source(server, options))).Value);
    }

    async Task RejectAsync(OidcServer server, string key)
    {
        await using var services = Services(server, null);
        var (keys, stop) = (services.GetRequiredService<TokenKeys>(), TestContext.Current.CancellationToken);
        var stored = await _store.ReadAsync(key, stop);
        var entry = TokenEntry.Parse(stored.Content)!;
        var token = JsonSerializer.Deserialize<Token>((await keys.OpenAsync(key, entry.Sealed!, stop))!, ContractJson.Options)!;
        var over = entry with { Sealed = await keys.SealAsync(key, JsonSerializer.Serialize(token with { Lifetime = TimeSpan.Zero }, ContractJson.Options), stop) };
        await _store.TryWriteAsync(key, over.ToBytes(), stored.Version, stop);
    }

    async Task BrowseAsync(Uri address)
    {
        using var http = new HttpClient(_browser, disposeHandler: false);
        using var end = await http.GetAsync(address, TestContext.Current.CancellationToken);
        Assert.Equal("Thank you. You may close this page.", await end.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    async Task EnterAsync(ConsentPrompt prompt)
    {
        var stop = TestContext.Current.CancellationToken;
        using var http = new HttpClient(_browser, disposeHandler: false);
        var page = await http.GetStringAsync(prompt.Address, stop);
        using var form = new FormUrlEncodedContent([new("xsrf", Xsrf().Match(page).Groups[1].Value), new("user_code", prompt.Code), new("confirm", "yes")]);
        using var end = await http.PostAsync(new Uri(prompt.Address.GetLeftPart(UriPartial.Path)), form, stop);
        Assert.Equal(HttpStatusCode.OK, end.StatusCode);
    }

    async Task<OidcServer> OidcAsync()
    {
        var key = Key.ExportParameters(includePrivateParameters: false);
        var jwks = JsonSerializer.Serialize(new { keys = new[] { new { kty = "EC", crv = "P-256", kid = "k1", alg = "ES256", use = "sig", x = Base64UrlEncoder.Encode(key.Q.X), y = Base64UrlEncoder.Encode(key.Q.Y) } } });
        var server = await TestServer.StartAsync("oidc", settings: new Dictionary<string, string> { ["OIDC_JWKS"] = jwks }, cancellationToken: TestContext.Current.CancellationToken);
        return new(server, $"http://127.0.0.1:{server.Port}", Key.ExportPkcs8PrivateKeyPem());
    }

    [GeneratedRegex("name=\"xsrf\" value=\"([^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Xsrf();

    sealed record OidcServer(TestServer Server, string Issuer, string ClientKey) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
