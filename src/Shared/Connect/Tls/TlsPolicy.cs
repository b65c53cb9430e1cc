using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// TLS to one source: what is demanded of the server's certificate and what we show. A refusal is thrown from inside the handshake as a
/// <see cref="StepFailedException"/> (<c>certificate-refused</c>) that names what was wrong, and kept in <see cref="Refusal"/> for libraries
/// that swallow it.
/// </summary>
internal sealed class TlsPolicy
{
    static readonly TimeSpan RevocationPatience = TimeSpan.FromSeconds(10);

    readonly TlsDefinition _definition;
    readonly X509Certificate2Collection? _issuers;
    readonly SslStreamCertificateContext? _client;
    readonly string _host;
    readonly string? _serverName;
    readonly TimeProvider _time;

    /// <summary>Reads the certificates of a definition.</summary>
    /// <param name="definition">What the connection says; null for the defaults.</param>
    /// <param name="host">Host of the source: pins are demanded of it, not of others that it leads to.</param>
    /// <param name="secrets">Resolves.</param>
    /// <param name="time">Judges validity.</param>
    /// <exception cref="StepFailedException">A certificate or key cannot be read (<c>configuration-invalid</c>).</exception>
    public TlsPolicy(TlsDefinition? definition, string host, SourceSecrets secrets, TimeProvider time)
    {
        _definition = definition ?? new();
        (_host, _time) = (host, time);
        _serverName = _definition.ServerName is { } name ? secrets.Resolve(name) : null;
        _issuers = TlsMaterials.Issuers(_definition, secrets);
        if (TlsMaterials.Client(_definition, secrets) is var (certificate, chain))
            (Certificate, _client) = (certificate, SslStreamCertificateContext.Create(certificate, chain, offline: true));
    }

    /// <summary>What is spoken.</summary>
    public SslProtocols Protocols => _definition.Versions.Aggregate(SslProtocols.None, (all, one) => all | (one == "1.2" ? SslProtocols.Tls12 : SslProtocols.Tls13));

    /// <summary>What we show; null for nothing.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>The last refusal.</summary>
    public StepFailedException? Refusal { get; private set; }

    /// <summary>Name that the certificate of a host has to have.</summary>
    public string NameOf(string host) => _serverName ?? host;

    /// <summary>Options for <see cref="SslStream"/> and HTTP.</summary>
    /// <param name="host">Where to; null for clients that go to several hosts and name them themselves.</param>
    public SslClientAuthenticationOptions Options(string? host = null) => new()
    {
        EnabledSslProtocols = Protocols,
        TargetHost = _serverName ?? host,
        ClientCertificateContext = _client,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck, // Validate does
        RemoteCertificateValidationCallback = Validate,
    };

    /// <summary>For libraries that take a callback: judges the server's certificate by this policy and nothing else.</summary>
    /// <returns>True; a refusal is thrown.</returns>
    /// <exception cref="StepFailedException">It is refused.</exception>
    public bool Validate(object sender, X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        var host = sender is SslStream { TargetHostName.Length: > 0 } stream ? stream.TargetHostName : NameOf(_host);
        var fault = FaultOf(host, certificate, presented);
        Refusal = fault is null ? null : new(new() { Code = "certificate-refused", Message = $"The certificate of '{host}' is refused: {fault}." });
        return Refusal is null ? true : throw Refusal;
    }

    string? FaultOf(string host, X509Certificate? certificate, X509Chain? presented)
    {
        if (certificate is null)
            return "it showed none";
        using var copy = certificate as X509Certificate2 is null ? X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()) : null;
        var own = copy ?? (X509Certificate2)certificate;
        using var chain = new X509Chain();
        Build(chain, own, presented);

        // HTTP puts the host of the address in place of the server's name, so names are compared here.
        var isOwnHost = string.Equals(host, _host, StringComparison.OrdinalIgnoreCase) || string.Equals(host, _serverName, StringComparison.OrdinalIgnoreCase);
        var expected = isOwnHost ? NameOf(_host) : host;
        var isPinned = _definition.Pins.Count > 0 && isOwnHost;
        var pins = isPinned ? _definition.Pins : [];
        var pin = CertificateVerdict.PinOf(own);
        var verdict = CertificateVerdict.OfChain(own, chain, _time.GetUtcNow(), pins.Contains(pin), _definition.Revocation is not RevocationCheck.Online);
        if (verdict is not null)
            return verdict;
        if (!own.MatchesHostname(expected, allowWildcards: true, allowCommonName: false))
            return $"it has {CertificateVerdict.NamesOf(own)}, not '{expected}': check the address, or set 'tls.serverName'";
        return isPinned && !chain.ChainElements.Any(e => pins.Contains(CertificateVerdict.PinOf(e.Certificate)))
            ? $"its pin is '{pin}', which is none of 'tls.pins' ({string.Join(", ", pins)}): ask its owner whether the key was changed"
            : null;
    }

    void Build(X509Chain chain, X509Certificate2 own, X509Chain? presented)
    {
        var policy = chain.ChainPolicy;
        policy.VerificationTime = _time.GetUtcNow().LocalDateTime;
        policy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.1")); // server authentication
        policy.RevocationFlag = X509RevocationFlag.ExcludeRoot;
        policy.UrlRetrievalTimeout = RevocationPatience;
        policy.RevocationMode = _definition.Revocation switch
        {
            RevocationCheck.Online => X509RevocationMode.Online,
            RevocationCheck.Offline => X509RevocationMode.Offline,
            _ => X509RevocationMode.NoCheck,
        };
        policy.DisableCertificateDownloads = true; // a server chooses these addresses; it has to send its intermediates
        if (presented is not null)
        {
            foreach (var element in presented.ChainElements)
                policy.ExtraStore.Add(element.Certificate);
            policy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        }

        if (_issuers is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(_issuers);
            policy.ExtraStore.AddRange(_issuers);
        }

        chain.Build(own);
    }
}
