using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect.Tests;

public sealed class TlsPolicyTests : IDisposable
{
    readonly TestCertificates _authority = new();
    readonly TemporaryFolder _folder = new("tls");

    [Theory, InlineData("1.2", SslProtocols.Tls12), InlineData("1.3", SslProtocols.Tls13), InlineData("1.2\n1.3", SslProtocols.None)]
    public async Task An_authority_of_ones_own_is_trusted_when_it_is_named(string versions, SslProtocols served)
    {
        await using var server = await TlsServer.StartAsync(() => _authority.Server(), served);

        Assert.Equal("nobody", await AskAsync(server, new() { Ca = "${CA}", Versions = versions.Split('\n') }));
    }

    public enum Fault
    {
        UnknownIssuer, SelfSigned, OtherAuthority, Expired, WrongHost, OtherPin, NewerProtocolOnly,
    }

    [Theory]
    [InlineData(Fault.UnknownIssuer, "its issuer 'CN=Test Authority' is not trusted: put the issuer's certificate into 'tls.ca'")]
    [InlineData(Fault.SelfSigned, "it is self-signed by 'CN=localhost': put it into 'tls.ca', or its pin '")]
    [InlineData(Fault.OtherAuthority, "its issuer 'CN=Test Authority' is not trusted")]
    [InlineData(Fault.Expired, "it expired on 2021-03-04 05:06 UTC")]
    [InlineData(Fault.WrongHost, "it has 'elsewhere.example', not 'localhost'")]
    [InlineData(Fault.OtherPin, "which is none of 'tls.pins' (AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=)")]
    [InlineData(Fault.NewerProtocolOnly, "speaks none of the versions of TLS that are allowed (1.2)")]
    public async Task A_certificate_is_refused_with_what_is_wrong(Fault fault, string said)
    {
        using var other = new TestCertificates("Other Authority");
        var certificate = fault switch
        {
            Fault.SelfSigned => TestCertificates.SelfSigned(),
            Fault.Expired => _authority.Server(until: new(2021, 3, 4, 5, 6, 7, TimeSpan.Zero)),
            Fault.WrongHost => _authority.Server("elsewhere.example"),
            _ => _authority.Server(),
        };
        TlsDefinition? definition = fault switch
        {
            Fault.UnknownIssuer or Fault.SelfSigned => null,
            Fault.OtherAuthority => new() { Ca = other.AuthorityPem },
            Fault.OtherPin => new() { Ca = "${CA}", Pins = [Convert.ToBase64String(new byte[32])] },
            Fault.NewerProtocolOnly => new() { Ca = "${CA}", Versions = ["1.2"] },
            _ => new() { Ca = "${CA}" },
        };
        await using var server = await TlsServer.StartAsync(() => certificate, fault is Fault.NewerProtocolOnly ? SslProtocols.Tls13 : SslProtocols.None);

        var failure = await Sources.FailureOfAsync(() => AskAsync(server, definition));

        Assert.Equal(("certificate-refused", false), (failure.Code, failure.IsTransient));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        if (fault is Fault.SelfSigned or Fault.OtherPin)
            Assert.Contains($"'{CertificateVerdict.PinOf(certificate)}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_speaks_old_versions_only_is_refused()
    {
#pragma warning disable SYSLIB0039, CA5397 // the old versions are the point
        const SslProtocols old = SslProtocols.Tls | SslProtocols.Tls11;
#pragma warning restore SYSLIB0039, CA5397
        await using var server = await TlsServer.StartAsync(() => _authority.Server(), old);

        var failure = await Sources.FailureOfAsync(() => AskAsync(server, new() { Ca = "${CA}" }));

        // Where the platform cannot speak them either, its server breaks the connection off instead of answering.
        Assert.Contains(failure.Code, (string[])["certificate-refused", "source-unavailable"]);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_pin_is_enough_for_a_self_signed_server_and_not_too_much_beside_an_authority(bool selfSigned)
    {
        using var certificate = selfSigned ? TestCertificates.SelfSigned() : _authority.Server();
        await using var server = await TlsServer.StartAsync(() => certificate);
        var pin = CertificateVerdict.PinOf(certificate);

        Assert.Equal("nobody", await AskAsync(server, new() { Pins = [Convert.ToBase64String(new byte[32]), pin] }));
        if (!selfSigned)
            Assert.Equal("nobody", await AskAsync(server, new() { Ca = "${CA}", Pins = [CertificateVerdict.PinOf(_authority.Authority)] }));
    }

    [Fact]
    public async Task A_pin_does_not_excuse_another_host()
    {
        using var certificate = TestCertificates.SelfSigned("elsewhere.example");
        await using var server = await TlsServer.StartAsync(() => certificate);
        var pins = new TlsDefinition { Pins = [CertificateVerdict.PinOf(certificate)] };

        var failure = await Sources.FailureOfAsync(() => AskAsync(server, pins));

        Assert.Contains("it has 'elsewhere.example', not 'localhost'", failure.Message, StringComparison.Ordinal);
        Assert.Equal("nobody", await AskAsync(server, pins with { ServerName = "elsewhere.example" }));
    }

    public enum Form
    {
        PemFiles, PemReference, EncryptedKey, PfxFile, PfxReference,
    }

    [Theory, InlineData(Form.PemFiles), InlineData(Form.PemReference), InlineData(Form.EncryptedKey), InlineData(Form.PfxFile), InlineData(Form.PfxReference)]
    public async Task A_client_certificate_is_shown(Form form)
    {
        using var client = _authority.Client();
        await using var server = await TlsServer.StartAsync(() => _authority.Server(), demandsClient: true);
        using var key = client.GetECDsaPrivateKey()!;
        var pem = Write("client.pem", client.ExportCertificatePem());
        var plain = Write("client.key", key.ExportPkcs8PrivateKeyPem());
        var encrypted = Write("client.enc", key.ExportEncryptedPkcs8PrivateKeyPem("letmein-1234", new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
        var pfx = client.Export(X509ContentType.Pfx, "letmein-1234");
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "client.pfx"), pfx, TestContext.Current.CancellationToken);
        var definition = new TlsDefinition
        {
            Ca = Write("ca.pem", _authority.AuthorityPem),
            ClientCertificate = form switch
            {
                Form.PemFiles => new() { Pem = pem, Key = plain },
                Form.PemReference => new() { Pem = "${PEM}" },
                Form.EncryptedKey => new() { Pem = pem, Key = encrypted, Password = "${PASSWORD}" },
                Form.PfxFile => new() { Pfx = Path.Combine(_folder.Path, "client.pfx"), Password = "${PASSWORD}" },
                _ => new() { Pfx = "${PFX}", Password = "${PASSWORD}" },
            },
        };

        var said = await AskAsync(
            server, definition, ("PEM", client.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem()), ("PASSWORD", "letmein-1234"), ("PFX", Convert.ToBase64String(pfx)));

        Assert.Equal("CN=reader", said);
    }

    [Fact]
    public async Task Without_a_client_certificate_the_refusal_says_that_one_is_needed()
    {
        await using var server = await TlsServer.StartAsync(() => _authority.Server(), demandsClient: true);

        var failure = await Sources.FailureOfAsync(() => AskAsync(server, new() { Ca = "${CA}", Versions = ["1.2"] }));

        Assert.Contains(failure.Code, (string[])["certificate-refused", "source-unavailable"]);
    }

    [Theory]
    [InlineData("client.pem", "missing.key", "there is no such file")]
    [InlineData("client.pem", "client.pem", "it is no PEM or PFX, or its key or password does not fit")]
    public async Task A_certificate_that_cannot_be_read_is_named(string pem, string key, string said)
    {
        using var client = _authority.Client();
        Write("client.pem", client.ExportCertificatePem());
        await using var server = await TlsServer.StartAsync(() => _authority.Server());

        var failure = await Sources.FailureOfAsync(() => AskAsync(server, new() { ClientCertificate = new() { Pem = Path.Combine(_folder.Path, pem), Key = Path.Combine(_folder.Path, key) } }));

        Assert.Equal(("configuration-invalid", false), (failure.Code, failure.IsTransient));
        Assert.Contains($"'tls.clientCertificate' cannot be used: {said}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_certificate_that_was_changed_is_shown_without_a_restart()
    {
        var (pem, key) = Show(_authority.Client("first"));
        await using var server = await TlsServer.StartAsync(() => _authority.Server(), demandsClient: true);
        await using var services = Sources.Services(settings: [("CA", _authority.AuthorityPem)]);
        var source = At(server, new() { Ca = "${CA}", ClientCertificate = new() { Pem = pem, Key = key } });
        var http = services.GetRequiredService<ISourceHttp>();

        var before = (await http.GetTextAsync(source)).Value;
        Show(_authority.Client("the-second"));
        var after = (await http.GetTextAsync(source)).Value;

        Assert.Equal(("CN=first", "CN=the-second"), (before, after));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_certificate_that_was_revoked_is_refused_when_that_is_asked_for(bool revoked)
    {
        var list = new CertificateRevocationListBuilder();
        await using var lists = await TestServers.LoopbackServer.StartAsync((context, _) => context.Response.Body.WriteAsync(
            list.Build(_authority.Authority, 1, DateTimeOffset.UnixEpoch.AddYears(99), HashAlgorithmName.SHA256, thisUpdate: DateTimeOffset.UnixEpoch.AddYears(51))).AsTask());
        using var certificate = _authority.Server(crl: $"{lists.Address}{Guid.NewGuid():N}.crl");
        if (revoked)
            list.AddEntry(certificate);
        await using var server = await TlsServer.StartAsync(() => certificate);

        Assert.Equal("nobody", await AskAsync(server, new() { Ca = "${CA}" }));
        if (!revoked)
        {
            Assert.Equal("nobody", await AskAsync(server, new() { Ca = "${CA}", Revocation = RevocationCheck.Online }));
            return;
        }

        var failure = await Sources.FailureOfAsync(() => AskAsync(server, new() { Ca = "${CA}", Revocation = RevocationCheck.Online }));
        Assert.Contains("it was revoked by its issuer", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_which_nothing_can_be_learned_is_refused_when_it_is_asked_for()
    {
        await using var server = await TlsServer.StartAsync(() => _authority.Server());

        var failure = await Sources.FailureOfAsync(() => AskAsync(server, new() { Ca = "${CA}", Revocation = RevocationCheck.Online }));

        Assert.Contains("whether it was revoked cannot be learned", failure.Message, StringComparison.Ordinal);
        Assert.Equal("nobody", await AskAsync(server, new() { Ca = "${CA}", Revocation = RevocationCheck.Offline }));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    (string Pem, string Key) Show(X509Certificate2 client)
    {
        using var key = client.GetECDsaPrivateKey()!;
        return (Write("client.pem", client.ExportCertificatePem()), Write("client.key", key.ExportPkcs8PrivateKeyPem()));
    }

    string Write(string name, string text)
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    async Task<string> AskAsync(TlsServer server, TlsDefinition? tls, params (string Name, string Value)[] settings)
    {
        await using var services = Sources.Services(settings: [.. settings, ("CA", _authority.AuthorityPem)]);
        return (await services.GetRequiredService<ISourceHttp>().GetTextAsync(At(server, tls))).Value;
    }

    static SourceDefinition At(TlsServer server, TlsDefinition? tls)
    {
        var source = Sources.At(server.Address, Sources.Quick with { Attempts = 1 });
        return source with { Connection = source.Connection! with { Tls = tls } };
    }
}
