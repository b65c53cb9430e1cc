using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace DataIngestion.Connect.Tests;

/// <summary>TLS to Kafka, which librdkafka speaks by itself; the mock cluster has none, so a relay before it does.</summary>
public sealed class KafkaTlsTests
{
    [Theory]
    [InlineData("good", null), InlineData("client certificate", null)]
    [InlineData("unknown issuer", "certificate-refused"), InlineData("other host", "certificate-refused"), InlineData("expired", "certificate-refused")]
    public async Task Certificates_are_checked(string cell, string? code)
    {
        using var certificates = new TestCertificates();
        using var certificate = cell switch
        {
            "other host" => certificates.Server("other.example"),
            "expired" => certificates.Server(until: DateTimeOffset.UnixEpoch.AddYears(51)),
            _ => certificates.Server(),
        };
        using var ours = certificates.Client();
        using var stage = new KafkaStage(partitions: 1);
        await stage.SendAsync(10);
        await using var relay = new TlsRelay(stage.Cluster.PortOf(1), certificate, demandsClient: cell == "client certificate");
        stage.Cluster.Advertise(1, "localhost", relay.Port);
        var source = stage.Source(address: $"kafkas://localhost:{relay.Port}");
        source = source with
        {
            Connection = source.Connection! with
            {
                Tls = new()
                {
                    Ca = cell == "unknown issuer" ? null : "${CA}",
                    ClientCertificate = cell == "client certificate" ? new() { Pem = "${CERT}", Key = "${KEY}" } : null,
                },
            },
        };
        using var key = ours.GetECDsaPrivateKey()!;
        await using var harness = new ReaderHarness(
            source, settings: [("CA", certificates.AuthorityPem), ("CERT", ours.ExportCertificatePem()), ("KEY", key.ExportPkcs8PrivateKeyPem())]);

        if (code is null)
        {
            await harness.RunAsync();
            harness.AssertExactly(stage.Numbers, KafkaStage.NumberOf);
            Assert.Equal(cell == "client certificate", relay.Shown);
        }
        else
        {
            var failure = await harness.FailureAsync();
            Assert.True((code, false) == (failure.Code, failure.IsTransient), $"{failure.Code}: {failure.Message}");
        }
    }

    sealed class TlsRelay : IAsyncDisposable
    {
        readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        readonly CancellationTokenSource _stop = new();
        readonly Task _accepting;

        public TlsRelay(int backend, X509Certificate2 certificate, bool demandsClient)
        {
            _listener.Start();
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _accepting = AcceptAsync(backend, certificate, demandsClient);
        }

        public int Port { get; }

        public bool Shown { get; private set; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Stop();
            await Task.WhenAny(_accepting);
            _stop.Dispose();
        }

        async Task AcceptAsync(int backend, X509Certificate2 certificate, bool demandsClient)
        {
            while (true)
                _ = RelayAsync(await _listener.AcceptTcpClientAsync(_stop.Token), backend, certificate, demandsClient);
        }

        async Task RelayAsync(TcpClient client, int backend, X509Certificate2 certificate, bool demandsClient)
        {
            using var front = client;
            try
            {
                await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false);
                await tls.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificate = certificate,
                        ClientCertificateRequired = demandsClient,
#pragma warning disable MA0039 // a test's server: what it is shown is all it wants to know
                        RemoteCertificateValidationCallback = (_, shown, _, _) =>
                        {
                            Shown |= shown is not null;
                            return shown is not null || !demandsClient;
                        },
#pragma warning restore MA0039
                    },
                    _stop.Token);
                using var behind = new TcpClient();
                await behind.ConnectAsync(IPAddress.Loopback, backend, _stop.Token);
                await using var plain = behind.GetStream();
                await Task.WhenAny(tls.CopyToAsync(plain, _stop.Token), plain.CopyToAsync(tls, _stop.Token));
            }
            catch (Exception fault) when (fault is IOException or SocketException or AuthenticationException or OperationCanceledException)
            {
                // the client sees it
            }
        }
    }
}
