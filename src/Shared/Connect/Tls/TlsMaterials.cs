using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Certificates and keys that a definition names, read.</summary>
internal static class TlsMaterials
{
    /// <summary>The issuers that are trusted; null for those of the machine.</summary>
    public static X509Certificate2Collection? Issuers(TlsDefinition definition, SourceSecrets secrets)
    {
        if (definition.Ca is not { } text)
            return null;
        var issuers = new X509Certificate2Collection();
        Reading("tls.ca", () => issuers.ImportFromPem(Pem(text, secrets)));
        return issuers.Count > 0 ? issuers : throw Unreadable("tls.ca", "there is no certificate in it");
    }

    /// <summary>What we show to the server; null for nothing.</summary>
    public static (X509Certificate2 Certificate, X509Certificate2Collection Chain)? Client(TlsDefinition definition, SourceSecrets secrets)
    {
        if (definition.ClientCertificate is not { } client)
            return null;
        var password = client.Password is { } reference ? secrets.Resolve(reference) : null;
        if (client.Thumbprint is { } thumbprint)
            return (FromStore(client, secrets.Resolve(thumbprint)), []);

        var chain = new X509Certificate2Collection();
        X509Certificate2? certificate = null;
        if (client.Pem is { } pem)
        {
            Reading("tls.clientCertificate", () =>
            {
                var text = Pem(pem, secrets);
                var key = client.Key is { } file ? Pem(file, secrets) : text;
                certificate = password is null ? X509Certificate2.CreateFromPem(text, key) : X509Certificate2.CreateFromEncryptedPem(text, key, password);
                chain.ImportFromPem(text);
            });
        }
        else
        {
            Reading("tls.clientCertificate.pfx", () =>
            {
                foreach (var one in X509CertificateLoader.LoadPkcs12Collection(Bytes(client.Pfx!, secrets), password))
                {
                    if (one.HasPrivateKey && certificate is null)
                        certificate = one;
                    else
                        chain.Add(one);
                }
            });
        }

        if (certificate is not { HasPrivateKey: true })
            throw Unreadable("tls.clientCertificate", "there is no certificate with a key in it");
        if (OperatingSystem.IsWindows()) // whose TLS cannot use keys that were never stored
            certificate = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), password: null);
        foreach (var self in chain.Where(c => c.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)).ToList())
            chain.Remove(self);
        return (certificate, chain);
    }

    /// <summary>What tells one state of a definition from another: its texts, the values behind them, and the age and size of its files.</summary>
    public static string Fingerprint(TlsDefinition definition, SourceSecrets secrets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, $"{string.Join(',', definition.Versions)}|{string.Join(',', definition.Pins)}|{definition.Revocation}|{definition.ClientCertificate?.StoreLocation}|{definition.ClientCertificate?.StoreName}");
        foreach (var text in definition.Texts())
        {
            var value = secrets.Resolve(text);
            Add(hash, $"{text}={value}");
            if (value.Length < 4096 && new FileInfo(value) is { Exists: true } file)
                Add(hash, $"{file.LastWriteTimeUtc.Ticks}|{file.Length}");
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    static void Add(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));

    static string Pem(string text, SourceSecrets secrets)
    {
        var value = secrets.Resolve(text);
        return value.Contains("-----BEGIN", StringComparison.Ordinal) ? value : File.ReadAllText(value);
    }

    static byte[] Bytes(string text, SourceSecrets secrets)
    {
        var value = secrets.Resolve(text);
        if (File.Exists(value))
            return File.ReadAllBytes(value);
        return SecretReference.IsReference(text) ? Convert.FromBase64String(value.Trim()) : throw new FileNotFoundException("there is no such file", value);
    }

    static X509Certificate2 FromStore(ClientCertificateDefinition client, string thumbprint)
    {
        using var store = new X509Store(client.StoreName, client.StoreLocation == "local-machine" ? StoreLocation.LocalMachine : StoreLocation.CurrentUser);
        Reading("tls.clientCertificate", () => store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly));
        var found = store.Certificates.Find(X509FindType.FindByThumbprint, thumbprint, validOnly: false);
        return found.FirstOrDefault(c => c.HasPrivateKey)
            ?? throw Unreadable("tls.clientCertificate", $"the store '{client.StoreLocation}/{client.StoreName}' has no certificate with a key and the thumbprint '{thumbprint}'");
    }

    static void Reading(string what, Action read)
    {
        try
        {
            read();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(what, fault is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : fault.GetType().Name);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or FormatException)
        {
            throw Unreadable(what, "it is no PEM or PFX, or its key or password does not fit"); // the library's message may quote what it read
        }
    }

    static StepFailedException Unreadable(string what, string why) => new(new() { Code = "configuration-invalid", Message = $"'{what}' cannot be used: {why}." });
}
