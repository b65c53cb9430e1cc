using System.Security.Cryptography.X509Certificates;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Connect.Tests;

[Trait("Category", "server")]
public sealed class BrokerTlsTests
{
    [Theory]
    [InlineData("redis", true), InlineData("redis", false), InlineData("mosquitto", true), InlineData("mosquitto", false), InlineData("rabbitmq", true), InlineData("rabbitmq", false)]
    public async Task The_servers_certificate_has_to_be_of_an_issuer_that_is_trusted(string server, bool trusted)
    {
        using var folder = new TemporaryFolder(server);
        using var authority = new TestCertificates();
        using var certificate = authority.Server();
        var (certificateFile, keyFile, port) = (folder.File("server.pem"), folder.File("server.key"), TestServer.FreePort());
        await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(keyFile, certificate.GetRSAPrivateKey()?.ExportPkcs8PrivateKeyPem() ?? certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        var (setting, text, system, address) = server switch
        {
            "redis" => ("REDIS_ARGUMENTS", $"--port 0 --tls-port {port} --tls-cert-file {certificateFile} --tls-key-file {keyFile} --tls-auth-clients no --tls-ca-cert-file {certificateFile}", "redis", $"rediss://127.0.0.1:{port}/0"),
            "mosquitto" => ("MOSQUITTO_SETTINGS", $"certfile {certificateFile}\nkeyfile {keyFile}", "mqtt", $"mqtts://127.0.0.1:{port}"),
            _ => ("RABBITMQ_SETTINGS", $"listeners.tcp = none\nlisteners.ssl.1 = 127.0.0.1:{port}\nssl_options.certfile = {certificateFile}\nssl_options.keyfile = {keyFile}\nssl_options.verify = verify_none", "rabbitmq", $"amqps://127.0.0.1:{port}"),
        };
        await using var running = await TestServer.StartAsync(server, port, folder.Path, new Dictionary<string, string> { [setting] = text }, TestContext.Current.CancellationToken);
        var source = Brokers.Source(system, address, system == "redis" ? SourceKind.Database : SourceKind.Stream, Brokers.Window("ticks"), Brokers.Login("guest"));
        source = source with
        {
            Connection = source.Connection! with { Auth = system == "rabbitmq" ? source.Connection.Auth : null, Tls = new() { ServerName = "localhost", Ca = trusted ? "${CA}" : null } },
        };
        await using var harness = new ReaderHarness(source, settings: [("CA", authority.AuthorityPem), ("PASSWORD", "guest")]);

        if (trusted)
        {
            Assert.NotEmpty(await harness.ProbeAsync());
            return;
        }

        var failure = (await Assert.ThrowsAsync<StepFailedException>(harness.ProbeAsync)).Failure;
        Assert.Equal(("certificate-refused", false), (failure.Code, failure.IsTransient));
    }
}
