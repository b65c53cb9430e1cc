using System.Collections.Concurrent;
using System.Text;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.TestKit;
using Microsoft.AspNetCore.WebUtilities;

namespace DataIngestion.Cli.Tests;

public sealed class ConsentCommandTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IDisposable
{
    readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task A_person_consents_in_a_browser_and_the_token_is_in_the_storage_sealed()
    {
        await using var issuer = await FakePlatform.StartAsync();
        issuer.Answers("POST /token", """{"access_token":"the-access-token","token_type":"Bearer","expires_in":3600,"refresh_token":"the-refresh-token"}""");
        await ConfigureAsync($"{{kind: oauth2, grant: authorization-code, authorizeUrl: '{issuer.Url}/authorize', tokenUrl: '{issuer.Url}/token', clientId: native}}");
        var browser = new Browser();

        var code = await CommandLine.RunAsync(["sources", "consent", "vendor", "--json"], _run.Environment with { Error = browser }, TestContext.Current.CancellationToken);

        Assert.True(code == ExitCodes.Ok, browser.Said);
        Assert.Equal("""{"source":"vendor","lasts":true,"tokenLifetime":"01:00:00"}""", _run.Text.Trim());
        Assert.Contains("Open this page in a browser on this machine and consent:", browser.Said, StringComparison.Ordinal);
        Assert.Contains("grant_type=authorization_code&code=the-code", Assert.Single(issuer.Requests).Body, StringComparison.Ordinal);
        var kept = await KeptAsync();
        Assert.Contains("\"source\": \"vendor\"", kept, StringComparison.Ordinal);
        foreach (var secret in new[] { "the-access-token", "the-refresh-token", "the-code" })
            Assert.DoesNotContain(secret, $"{kept}{_run.Text}{browser.Said}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vendo", ExitCodes.NotFound, "did you mean 'vendor'?"), InlineData("vendor", ExitCodes.Failed, "needs nobody's consent")]
    public async Task What_cannot_be_consented_to_is_said(string source, int code, string said)
    {
        await ConfigureAsync("{kind: bearer, value: \"${KEY}\"}");

        Assert.Equal(code, await _run.RunAsync("sources", "consent", source));
        Assert.Contains(said, _run.Fault, StringComparison.Ordinal);
    }

    async Task ConfigureAsync(string auth)
    {
        _run.Settings["DataStorage"] = azurite.ConnectionString;
        _run.Settings["Ingestion__TokenKey"] = Convert.ToBase64String(new byte[32]);
        await new BlobStore(StorageClients.Connect(azurite.ConnectionString)).CreateContainersAsync(TestContext.Current.CancellationToken);
        _run.Write("configs/sources/vendor.yaml", $"""
            source: vendor
            title: Vendor
            kind: api
            connection:
              baseUrl: http://127.0.0.1:1
              allowPrivateNetwork: true
              auth: {auth}
            datasets:
              - dataset: prices
                request: {"{"}path: /prices{"}"}
            """);
        _run.Write("configs/datasets/prices.yaml", "dataset: prices\nkeys: [id]\ncolumns:\n  id: { type: string }\n");
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "DataIngestion.sln")))
            root = root.Parent!;
        _run.Settings["Ingestion__WorkflowsPath"] = Path.Combine(root.FullName, "workflows");
    }

    async Task<string> KeptAsync()
    {
        var blobs = new BlobStore(StorageClients.Connect(azurite.ConnectionString));
        await foreach (var blob in blobs.ListAsync(Containers.Control, "tokens/", TestContext.Current.CancellationToken))
        {
            await using var content = await blobs.OpenReadAsync(blob.Path, TestContext.Current.CancellationToken);
            return await new StreamReader(content).ReadToEndAsync(TestContext.Current.CancellationToken);
        }

        return "";
    }

    /// <summary>Standard error with somebody before it who opens the page that is printed and consents.</summary>
    sealed class Browser : TextWriter
    {
        readonly ConcurrentQueue<string> _lines = [];

        public override Encoding Encoding => Encoding.UTF8;

        public string Said => string.Join('\n', _lines);

        public override void WriteLine(string? value)
        {
            _lines.Enqueue(value ?? "");
            if (value?.StartsWith("http", StringComparison.Ordinal) is true)
            {
                _ = Task.Run(async () =>
                {
                    var query = QueryHelpers.ParseQuery(new Uri(value).Query);
                    using var http = new HttpClient();
                    await http.GetAsync(new Uri($"{query["redirect_uri"]}?code=the-code&state={query["state"]}"));
                });
            }
        }
    }
}
