using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DataIngestion.Connect;

/// <summary>Words for what is wrong with a certificate.</summary>
internal static class CertificateVerdict
{
    const int MostNames = 5;

    /// <summary>SHA-256 of the public key, as pins are written.</summary>
    public static string PinOf(X509Certificate2 certificate) => Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    /// <summary>The names that a certificate has.</summary>
    public static string NamesOf(X509Certificate2 certificate)
    {
        var names = new List<string>();
        try
        {
            foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
            {
                names.AddRange(extension.EnumerateDnsNames());
                names.AddRange(extension.EnumerateIPAddresses().Select(a => a.ToString()));
            }
        }
        catch (Exception fault) when (fault is CryptographicException or AsnContentException)
        {
            return "names that cannot be read";
        }

        return names.Count == 0 ? "no names" : string.Join(", ", names.Take(MostNames).Select(n => $"'{n}'")) + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");
    }

    /// <summary>What is wrong with a chain; null when nothing is.</summary>
    /// <param name="certificate">The server's own.</param>
    /// <param name="chain">As it was built.</param>
    /// <param name="now">When it was judged.</param>
    /// <param name="isOwnKeyPinned">Whether its key is trusted without an issuer.</param>
    /// <param name="mayBeUnknown">Whether it is good when nobody knows that it was withdrawn.</param>
    public static string? OfChain(X509Certificate2 certificate, X509Chain chain, DateTimeOffset now, bool isOwnKeyPinned, bool mayBeUnknown)
    {
        foreach (var element in chain.ChainElements)
        {
            if (element.Certificate.NotAfter.ToUniversalTime() < now.UtcDateTime)
                return $"{Which(element.Certificate, certificate)} expired on {Day(element.Certificate.NotAfter)}: its owner has to renew it";
            if (element.Certificate.NotBefore.ToUniversalTime() > now.UtcDateTime)
                return $"{Which(element.Certificate, certificate)} is not valid before {Day(element.Certificate.NotBefore)}: is the clock of this machine right";
        }

        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if (status.HasFlag(X509ChainStatusFlags.Revoked))
            return "it was revoked by its issuer";
        if (isOwnKeyPinned)
            status &= ~(X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain);
        var unknown = X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation;
        if ((status & unknown) != X509ChainStatusFlags.NoError && !mayBeUnknown && !isOwnKeyPinned)
            return "whether it was revoked cannot be learned: its issuer's list does not answer";
        status &= ~(unknown | X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.NotTimeNested);
        if ((status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) == X509ChainStatusFlags.NoError)
            return status == X509ChainStatusFlags.NoError ? null : $"it is not as a server's has to be ({status})";
        return certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)
            ? $"it is self-signed by '{certificate.Subject}': put it into 'tls.ca', or its pin '{PinOf(certificate)}' into 'tls.pins', when you know that it is the right one"
            : $"its issuer '{certificate.Issuer}' is not trusted: put the issuer's certificate into 'tls.ca' when that is meant";
    }

    static string Which(X509Certificate2 one, X509Certificate2 own) => one.Thumbprint == own.Thumbprint ? "it" : $"the certificate of its issuer '{one.Subject}'";

    static string Day(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
