using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;

namespace DataIngestion.Collect.Tests;

/// <summary>What a collection leaves behind (manifests, notes, metadata, its reply, its failure) holds no secret, whatever the source says back.</summary>
public sealed class PlantedSecretTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("api-key", "query=apikey|value=${VENDOR_KEY}")]
    [InlineData("api-key", "header=X-Key|value=${VENDOR_KEY}")]
    [InlineData("basic", "user=reader|value=${VENDOR_KEY}")]
    [InlineData("bearer", "value=${VENDOR_KEY}")]
    [InlineData("hmac", "apiKey=${VENDOR_KEY}|secret=${VENDOR_KEY}|passphrase=${VENDOR_KEY}|sign=<body>|query.key=<apiKey>|query.signature=<signature>|headers.X-Pass=<passphrase>")]
    [InlineData("aws", "region=eu-west-1|accessKeyId=AKID|secretAccessKey=${VENDOR_KEY}|sessionToken=${VENDOR_KEY}")]
    [InlineData("session", "url=@/token|user=me|password=${VENDOR_KEY}|tokenPath=$.token|query=sid")]
    [InlineData("oauth2", "grant=client-credentials|tokenUrl=@/token|clientId=me|clientSecret=${VENDOR_KEY}")]
    public async Task Nothing_secret_is_left_behind(string kind, string options)
    {
        await using var server = await LoopbackServer.StartAsync((context, n) =>
        {
            if (context.Request.Path == "/token")
                return context.Response.WriteAsync("""{"token":"issued-s3cr3t","access_token":"issued-s3cr3t","token_type":"Bearer","expires_in":600}""");
            var said = $"{context.Request.QueryString}{string.Join('|', context.Request.Headers.Select(h => h.Value.ToString()))}";
            context.Response.Headers.ETag = $"\"{said.Replace('"', '_')}\"";
            context.Response.Headers["X-Request-Id"] = said;
            context.Response.Headers.Link = $"</v1/bars/link{context.Request.QueryString}&n={n}>; rel=next";
            context.Response.StatusCode = n < 4 ? 200 : 403;
            return context.Response.WriteAsync(n < 4 ? $$"""[{"date":"2026-01-0{{n}}"}]""" : said);
        });
        await using var bench = await Workbench.OpenAsync(azurite);
        var dataset = Bars.ByLink(1);
        dataset = dataset with { Request = dataset.Request! with { Query = new Dictionary<string, string> { ["token"] = "${VENDOR_KEY}" } } };
        var source = bench.Source(server.Address, dataset);
        source = source with
        {
            Connection = source.Connection! with
            {
                Auth = new() { Kind = kind, Options = options.Split('|').Select(o => o.Split('=', 2)).ToDictionary(o => o[0], o => o[1].Replace("@/", server.Address.ToString(), StringComparison.Ordinal)) },
            },
        };

        var failed = await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 1)); // the last page is refused

        Assert.Equal("forbidden", failed.Failure.Code);
        var left = (await bench.LandingAsync("bars", 1)).Select(l => $"{l.Key}: {l.Value}").Append(JsonSerializer.Serialize(failed.Failure)).Append(failed.ToString()).ToList();
        Assert.True(left.Count > 3, "nothing was landed");
        foreach (var secret in (string[])[Workbench.Secret, "issued-s3cr3t", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"reader:{Workbench.Secret}"))])
            Assert.DoesNotContain(left, text => text.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }
}
