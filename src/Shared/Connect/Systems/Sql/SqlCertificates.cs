using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace DataIngestion.Connect;

/// <summary>Judges a server's certificate, for drivers that connect to an address and so cannot compare its name.</summary>
internal static class SqlCertificates
{
    /// <summary>Whether a certificate is to be accepted.</summary>
    /// <param name="certificate">What the server showed.</param>
    /// <param name="errors">What TLS found.</param>
    /// <param name="host">Name that it has to have.</param>
    /// <param name="tls">How much is asked for.</param>
    /// <param name="caFile">File with the certificates to trust (PEM); null for the machine's.</param>
    public static bool Accept(X509Certificate? certificate, SslPolicyErrors errors, string host, SqlTls tls, string? caFile)
    {
        if (tls is SqlTls.Require)
            return true;
        if (certificate is null)
            return false;
        using var shown = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return IsTrusted(shown, errors, caFile) && (tls is SqlTls.VerifyCa || shown.MatchesHostname(host, allowWildcards: true, allowCommonName: false));
    }

    static bool IsTrusted(X509Certificate2 certificate, SslPolicyErrors errors, string? caFile)
    {
        if (caFile is null)
            return (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // an authority of one's own rarely publishes a list
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(caFile);
        return chain.Build(certificate);
    }
}
