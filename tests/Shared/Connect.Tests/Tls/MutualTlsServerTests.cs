using System.Security.Cryptography.X509Certificates;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect.Tests;

/// <summary>Against nginx with <c>ssl_verify_client on</c>.</summary>
[Trait("Category", "server")]
public sealed class MutualTlsServerTests : IDisposable
{
    readonly TestCertificates _authority = new();
    readonly TemporaryFolder _folder = new("mtls");

    [Fact]
    public async Task Nginx_lets_in_whom_its_authority_knows()
    {
        using var served = _authority.Server();
        using var client = _authority.Client();
        using var strangers = new TestCertificates("Strangers");
        using var stranger = strangers.Client();
        Write("ca.pem", _authority.AuthorityPem);
        Write("server.pem", served.ExportCertificatePem());
        Write("server.key", KeyOf(served));
        var pem = new ClientCertificateDefinition { Pem = Write("client.pem", client.ExportCertificatePem()), Key = Write("client.key", KeyOf(client)) };
        var pfx = new ClientCertificateDefinition { Pfx = "${PFX}", Password = "${PASSWORD}" };
        var other = new ClientCertificateDefinition { Pem = Write("other.pem", stranger.ExportCertificatePem()), Key = Write("other.key", KeyOf(stranger)) };
        await using var server = await TestServer.StartAsync(
            "nginx", settings: new Dictionary<string, string> { ["NGINX_TLS"] = _folder.Path }, cancellationToken: TestContext.Current.CancellationToken);
        await using var services = Sources.Services(settings: [("PFX", Convert.ToBase64String(client.Export(X509ContentType.Pfx, "letmein-1234"))), ("PASSWORD", "letmein-1234")]);
        Task<SourceExchange<string>> AskAsync(ClientCertificateDefinition? shown)
        {
            var source = Sources.At(new($"https://localhost:{server.Port}/"), Sources.Quick with { Attempts = 1 });
            return services.GetRequiredService<ISourceHttp>().GetTextAsync(
                source with { Connection = source.Connection! with { Tls = new() { Ca = Path.Combine(_folder.Path, "ca.pem"), ClientCertificate = shown } } });
        }

        Assert.Equal("CN=reader", (await AskAsync(pem)).Value);
        Assert.Equal("CN=reader", (await AskAsync(pfx)).Value);
        foreach (var wrong in (ClientCertificateDefinition?[])[null, other])
        {
            var failure = await Sources.FailureOfAsync(() => AskAsync(wrong));
            Assert.Equal(("request-refused", 400, false), (failure.Code, failure.HttpStatus, failure.IsTransient));
            Assert.Contains(wrong is null ? "No required SSL certificate was sent" : "The SSL certificate error", failure.Message, StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    static string KeyOf(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    string Write(string name, string text)
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }
}
