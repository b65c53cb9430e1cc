using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DataIngestion.Connect.Tests;

/// <summary>An authority of a test, and certificates that it issues.</summary>
internal sealed class TestCertificates : IDisposable
{
    static readonly DateTimeOffset Begin = DateTimeOffset.UnixEpoch.AddYears(50);
    static readonly DateTimeOffset End = DateTimeOffset.UnixEpoch.AddYears(100);
    int _serial;

    public TestCertificates(string name = "Test Authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        Authority = request.CreateSelfSigned(Begin, End);
    }

    public X509Certificate2 Authority { get; }

    public string AuthorityPem => Authority.ExportCertificatePem();

    public static X509Certificate2 SelfSigned(string name = "localhost")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = Request(name, key, "1.3.6.1.5.5.7.3.1").CreateSelfSigned(Begin, End);
        return Usable(made);
    }

    public X509Certificate2 Server(string name = "localhost", DateTimeOffset? until = null, string? crl = null) => Issue(name, "1.3.6.1.5.5.7.3.1", until ?? End.AddDays(-1), crl);

    public X509Certificate2 Client(string name = "reader") => Issue(name, "1.3.6.1.5.5.7.3.2", End.AddDays(-1), crl: null);

    X509Certificate2 Issue(string name, string usage, DateTimeOffset until, string? crl)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(name, key, usage);
        if (crl is not null)
            request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([crl]));
        using var issued = request.Create(Authority, Begin, until, BitConverter.GetBytes(++_serial));
        using var made = issued.CopyWithPrivateKey(key);
        return Usable(made);
    }

    static CertificateRequest Request(string name, ECDsa key, string usage)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(usage)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (name == "localhost")
            names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    static X509Certificate2 Usable(X509Certificate2 made) => X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);

    public void Dispose() => Authority.Dispose();
}
