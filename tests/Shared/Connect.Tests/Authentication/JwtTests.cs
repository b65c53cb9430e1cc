using System.Security.Cryptography;
using System.Text;
using DataIngestion.Contracts;
using DataIngestion.TestServers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DataIngestion.Connect.Tests;

public sealed class JwtTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("RS256"), InlineData("RS384"), InlineData("RS512"), InlineData("PS256"), InlineData("ES256"), InlineData("ES384"), InlineData("HS256"), InlineData("HS384"), InlineData("HS512")]
    public async Task A_token_of_each_algorithm_is_accepted_by_others(string algorithm)
    {
        var (key, verifying) = KeyFor(algorithm);

        var (token, _) = await TokenAsync(key, ("algorithm", algorithm), ("keyId", "k1"), ("issuer", "us"), ("subject", "reader"), ("audience", "vendor"), ("claims.scope", "read"));
        var valid = await new JsonWebTokenHandler().ValidateTokenAsync(token, new() { IssuerSigningKey = verifying, ValidIssuer = "us", ValidAudience = "vendor", ValidAlgorithms = [algorithm], ValidateLifetime = false });

        Assert.True(valid.IsValid, valid.Exception?.Message);
        var read = (JsonWebToken)valid.SecurityToken;
        Assert.Equal(("k1", "reader", "read"), (read.Kid, read.Subject, read.GetClaim("scope").Value));
        Assert.Equal((Now.UtcDateTime, Now.UtcDateTime, Now.UtcDateTime.AddMinutes(2)), (read.IssuedAt, read.ValidFrom, read.ValidTo));
    }

    [Fact]
    public async Task A_token_may_be_for_one_request_only()
    {
        var (key, _) = KeyFor("ES256");

        var (first, server) = await TokenAsync(key, ("algorithm", "ES256"), ("requestClaim", "uri"), ("nonce", "true"));
        var (second, _) = await TokenAsync(key, ("algorithm", "ES256"), ("requestClaim", "uri"), ("nonce", "true"));

        Assert.Equal($"GET {server.Authority}/data", new JsonWebToken(first).GetClaim("uri").Value);
        Assert.NotEqual(new JsonWebToken(first).GetHeaderValue<string>("nonce"), new JsonWebToken(second).GetHeaderValue<string>("nonce"));
        Assert.NotEqual(new JsonWebToken(first).Id, new JsonWebToken(second).Id);
    }

    [Theory]
    [InlineData("RS256", "ES256"), InlineData("ES256", "ES384"), InlineData("ES384", "RS256"), InlineData("HS256", null), InlineData("RS256", null)]
    public async Task A_key_that_does_not_fit_is_told_without_showing_it(string algorithm, string? keyOf)
    {
        var key = keyOf is null ? "not-a-real-key" : KeyFor(keyOf).Key;

        var failure = await Sources.FailureOfAsync(() => TokenAsync(key, ("algorithm", algorithm)));

        Assert.Equal("setting-invalid", failure.Code);
        Assert.StartsWith($"The key for {algorithm} does not fit: expected ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(key, failure.Message, StringComparison.Ordinal);
    }

    static async Task<(string Token, Uri Server)> TokenAsync(string key, params (string Name, string Value)[] options)
    {
        await using var server = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        await using var services = Sources.Services(time: new FakeTimeProvider(Now), settings: ("KEY", key));
        var auth = new AuthenticationDefinition { Kind = "jwt", Options = options.Append(("key", "${KEY}")).ToDictionary(o => o.Item1, o => o.Item2) };
        await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, auth: auth));
        return (server.Received.Single().Headers["Authorization"]["Bearer ".Length..], server.Address);
    }

    static (string Key, SecurityKey Verifying) KeyFor(string algorithm)
    {
        if (algorithm[0] == 'H')
        {
            var text = new string('k', int.Parse(algorithm[2..]) / 8);
            return (algorithm == "HS384" ? $"base64:{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}" : text, new SymmetricSecurityKey(Encoding.UTF8.GetBytes(text)));
        }

        if (algorithm[0] == 'E')
        {
            var ec = ECDsa.Create(algorithm == "ES256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384);
            return (ec.ExportECPrivateKeyPem(), new ECDsaSecurityKey(ec));
        }

        var rsa = RSA.Create(2048);
        return (rsa.ExportRSAPrivateKeyPem(), new RsaSecurityKey(rsa));
    }
}
