using DataIngestion.Contracts;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;

namespace DataIngestion.Connect.Tests.Systems.ObjectStores;

/// <summary>How each store is told who we are, as a server sees it.</summary>
public sealed class ObjectStoreCredentialTests
{
    [Fact]
    public async Task Google_is_shown_the_token_with_every_request()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync("""{"items":[{"name":"in/a.csv","size":"0","updated":"2024-01-02T03:04:05Z","generation":"7"}]}"""));
        await using var harness = new ReaderHarness(Source("gcs", "gs://bucket/in", server, new("bearer", "value")), settings: ("SECRET", "token-of-the-test"));

        await harness.DiscoverAsync();
        await harness.ProbeAsync();

        Assert.Equal(2, server.Received.Count);
        Assert.All(server.Received, r => Assert.Equal("Bearer token-of-the-test", r.Headers["Authorization"]));
    }

    [Fact]
    public async Task Azure_is_shown_the_signature_in_the_query()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.ContentType = "application/xml";
            return context.Response.WriteAsync("""<?xml version="1.0"?><EnumerationResults><Blobs/><NextMarker/></EnumerationResults>""");
        });
        await using var harness = new ReaderHarness(Source("azure-blob", $"{server.Address}account/container/in", server, new("azure-sas", "value")), settings: ("SECRET", "?sv=2024-05-04&sig=abc%2Bdef"));

        await harness.ProbeAsync();

        var query = Assert.Single(server.Received).Query;
        Assert.Contains("sv=2024-05-04&sig=abc%2Bdef", query, StringComparison.Ordinal);
        Assert.Contains("comp=list", query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Amazon_is_shown_a_signature_of_the_region_and_never_the_secret()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.ContentType = "application/xml";
            return context.Response.WriteAsync("""<ListBucketResult><Name>bucket</Name><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>""");
        });
        var source = Source("s3", "s3://bucket/in", server, new("aws", "secretAccessKey"), ("accessKeyId", "AKIDEXAMPLE"));
        source = source with
        {
            Connection = source.Connection! with { Options = new Dictionary<string, string> { ["endpoint"] = server.Address.ToString(), ["region"] = "eu-west-1" } },
        };
        await using var harness = new ReaderHarness(source, settings: ("SECRET", "wJalrXUtnFEMI"));

        await harness.ProbeAsync();

        var request = Assert.Single(server.Received);
        Assert.Matches("^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/[0-9]{8}/eu-west-1/s3/aws4_request", request.Headers["Authorization"].ToString());
        Assert.DoesNotContain("wJalrXUtnFEMI", string.Join('\n', request.Headers), StringComparison.Ordinal);
    }

    static SourceDefinition Source(string system, string baseUrl, LoopbackServer server, (string Kind, string Secret) auth, params (string Name, string Value)[] options) => new()
    {
        Source = "store",
        Kind = SourceKind.File,
        Connection = new()
        {
            System = system,
            BaseUrl = baseUrl,
            AllowPrivateNetwork = true,
            Limits = Sources.Quick,
            Options = system == "gcs" ? new Dictionary<string, string> { ["endpoint"] = server.Address.ToString() } : new Dictionary<string, string>(),
            Auth = new()
            {
                Kind = auth.Kind,
                Options = options.Append((auth.Secret, "${SECRET}")).ToDictionary(o => o.Item1, o => o.Item2),
            },
        },
        Datasets = [new() { Dataset = "prices", Files = "*.csv" }],
    };
}
