using System.Security.Cryptography.X509Certificates;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>A connection's <c>tls</c> in the words of librdkafka, which makes the handshake itself.</summary>
internal static class KafkaTls
{
    /// <summary>What librdkafka cannot do of a definition; null when it can do all.</summary>
    public static string? FaultOf(TlsDefinition tls) =>
        tls.Pins.Count > 0 ? "Kafka's library cannot check 'pins': give the issuer as 'ca'."
        : tls.ServerName is not null ? "Kafka's library checks the names of brokers as the cluster advertises them: leave 'serverName' out."
        : tls.Revocation is not RevocationCheck.Off ? "Kafka's library does not look for withdrawn certificates: leave 'revocation' out."
        : null;

    /// <summary>Adds issuers and our certificate.</summary>
    public static void Add(Dictionary<string, string> settings, TlsDefinition tls, SourceSecrets secrets)
    {
        if (TlsMaterials.Issuers(tls, secrets) is { } issuers)
            settings["ssl.ca.pem"] = issuers.ExportCertificatePems();
        if (TlsMaterials.Client(tls, secrets) is not var (certificate, _))
            return;
        settings["ssl.certificate.pem"] = certificate.ExportCertificatePem();
        using var rsa = certificate.GetRSAPrivateKey();
        using var ecdsa = certificate.GetECDsaPrivateKey();
        settings["ssl.key.pem"] = rsa?.ExportPkcs8PrivateKeyPem() ?? ecdsa?.ExportPkcs8PrivateKeyPem() ?? "";
    }
}
