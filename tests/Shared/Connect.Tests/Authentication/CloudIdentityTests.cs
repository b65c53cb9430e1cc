using System.Security.Cryptography;
using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DataIngestion.Connect.Tests;

public sealed class CloudIdentityTests : IDisposable
{
    readonly RSA _key = RSA.Create(2048);

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task A_google_service_account_has_an_access_token_for_its_scopes()
    {
        await using var server = await TokenServer.StartAsync();

        await AskAsync(server, ("scopes", "https://www.googleapis.com/auth/devstorage.read_only"), ("subject", "someone@example.com"));

        var assertion = await ValidateAsync(server.Forms.Single()["assertion"], server.TokenUrl);
        Assert.Equal(("reader@project.iam", "someone@example.com", "https://www.googleapis.com/auth/devstorage.read_only", "key-1"), (assertion.Issuer, assertion.Subject, assertion.GetClaim("scope").Value, assertion.Kid));
        Assert.Equal("Bearer token-1", server.Received.Last().Headers["Authorization"]);
    }

    [Fact]
    public async Task A_google_service_account_signs_for_an_audience_itself()
    {
        await using var server = await TokenServer.StartAsync();

        await Assert.ThrowsAsync<StepFailedException>(() => AskAsync(server, ("audience", "https://pubsub.googleapis.com/"))); // this source takes no such token

        Assert.Empty(server.Forms);
        var token = await ValidateAsync(server.Received.First().Headers["Authorization"]["Bearer ".Length..], "https://pubsub.googleapis.com/");
        Assert.Equal(("reader@project.iam", "reader@project.iam"), (token.Issuer, token.Subject));
    }

    [Fact]
    public async Task A_google_service_account_has_an_identity_token_for_a_service()
    {
        await using var server = await TokenServer.StartAsync();
        server.Fault = async (context, _, stop) =>
        {
            await context.Response.WriteAsJsonAsync(new { id_token = "token-identity" }, stop);
            return true;
        };

        await AskAsync(server, ("targetAudience", "https://service.run.app"));

        Assert.Equal("https://service.run.app", (await ValidateAsync(server.Forms.Single()["assertion"], server.TokenUrl)).GetClaim("target_audience").Value);
        Assert.Equal("Bearer token-identity", server.Received.Last().Headers["Authorization"]);
    }

    [Theory]
    [InlineData("no json"), InlineData("{\"client_email\":\"x\"}"), InlineData("[]")]
    public async Task A_key_file_that_is_none_is_told_without_showing_it(string key)
    {
        await using var server = await TokenServer.StartAsync();

        var failure = await Sources.FailureOfAsync(() => AskAsync(server, key, ("scopes", "x")));

        Assert.Equal("setting-invalid", failure.Code);
        Assert.DoesNotContain(key, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_managed_identity_of_a_function_app()
    {
        await using var endpoint = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsJsonAsync(new
        {
            access_token = "identity-token",
            expires_on = $"{DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()}",
            resource = context.Request.Query["resource"].ToString(),
            token_type = "Bearer",
        }));
        await using var source = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        await using var services = Sources.Services(settings: ("CLIENT", "0000-client"));
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", new Uri(endpoint.Address, "/msi/token").ToString());
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", "the-header");
        try
        {
            var auth = new AuthenticationDefinition { Kind = "azure-identity", Options = new Dictionary<string, string> { ["credential"] = "managed-identity", ["clientId"] = "${CLIENT}", ["scope"] = "https://api.example.com/.default" } };
            await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(source.Address, auth: auth));
            await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(source.Address, auth: auth));
        }
        finally
        {
            Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", null);
            Environment.SetEnvironmentVariable("IDENTITY_HEADER", null);
        }

        Assert.All(source.Received, r => Assert.Equal("Bearer identity-token", r.Headers["Authorization"]));
        var asked = Assert.Single(endpoint.Received);
        Assert.Equal("the-header", asked.Headers["X-IDENTITY-HEADER"]);
        Assert.Contains("client_id=0000-client", asked.Query, StringComparison.Ordinal);
        Assert.Contains("resource=https://api.example.com&", $"{Uri.UnescapeDataString(asked.Query)}&", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("account.blob.core.windows.net", "https://storage.azure.com/.default"), InlineData("vault.vault.azure.net", "https://vault.azure.net/.default"), InlineData("graph.microsoft.com", "https://graph.microsoft.com/.default")]
    public void The_host_tells_what_the_token_is_for(string host, string scope) => Assert.Equal(scope, AzureIdentityAuthentication.ScopeOf(host));

    Task AskAsync(TokenServer server, params (string Name, string Value)[] options) => AskAsync(
        server,
        JsonSerializer.Serialize(new { type = "service_account", client_email = "reader@project.iam", private_key_id = "key-1", private_key = _key.ExportPkcs8PrivateKeyPem(), token_uri = server.TokenUrl }),
        options);

    static async Task AskAsync(TokenServer server, string key, params (string Name, string Value)[] options)
    {
        await using var services = Sources.Services(settings: [("KEY", key), ("Ingestion:TokenKey", Convert.ToBase64String(new byte[32]))]);
        var auth = new AuthenticationDefinition { Kind = "google-service-account", Options = options.Append(("key", "${KEY}")).ToDictionary(o => o.Item1, o => o.Item2) };
        await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, Sources.Quick with { Attempts = 1 }, auth));
    }

    async Task<JsonWebToken> ValidateAsync(string token, string audience)
    {
        var valid = await new JsonWebTokenHandler().ValidateTokenAsync(token, new() { IssuerSigningKey = new RsaSecurityKey(_key), ValidIssuer = "reader@project.iam", ValidAudience = audience });
        Assert.True(valid.IsValid, valid.Exception?.Message);
        return (JsonWebToken)valid.SecurityToken;
    }
}
