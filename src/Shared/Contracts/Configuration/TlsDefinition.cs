using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace DataIngestion.Contracts;

/// <summary>Whether certificates are looked up as withdrawn.</summary>
public enum RevocationCheck
{
    /// <summary>Not at all.</summary>
    Off,

    /// <summary>By the lists that this machine has; what they don't say is no reason to refuse.</summary>
    Offline,

    /// <summary>By asking their issuers; what cannot be learned is refused. The addresses asked stand in the certificates and are not checked for private networks.</summary>
    Online,
}

/// <summary>What is demanded of a server's certificate, and what we show. Verification cannot be turned off: a server with a certificate of its own making needs that, or its pin, named here.</summary>
public sealed record TlsDefinition : IValidatableObject
{
    /// <summary>Versions that are spoken: <c>1.2</c>, <c>1.3</c>; default both.</summary>
    public IReadOnlyList<string> Versions { get; init; } = ["1.2", "1.3"];

    /// <summary>The only issuers that are trusted: a PEM file, or a reference to PEM; default those of the machine.</summary>
    public string? Ca { get; init; }

    /// <summary>Public keys of which the server's chain must hold one: SHA-256 of the SubjectPublicKeyInfo in base64 (RFC 7469). One that is the server's own is trusted without an issuer.</summary>
    public IReadOnlyList<string> Pins { get; init; } = [];

    /// <summary>Whether withdrawn certificates are looked for; default off.</summary>
    public RevocationCheck Revocation { get; init; } = RevocationCheck.Off;

    /// <summary>Name that the certificate has to have; default the host of the address.</summary>
    public string? ServerName { get; init; }

    /// <summary>What we show when the server asks who we are.</summary>
    public ClientCertificateDefinition? ClientCertificate { get; init; }

    /// <summary>Every text that may hold references.</summary>
    public IEnumerable<string> Texts()
    {
        string?[] texts = [Ca, ServerName, ClientCertificate?.Pem, ClientCertificate?.Key, ClientCertificate?.Pfx, ClientCertificate?.Password, ClientCertificate?.Thumbprint];
        return texts.OfType<string>();
    }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Versions.Count == 0 || Versions.Any(v => v is not ("1.2" or "1.3")))
            yield return new("expected '1.2', '1.3' or both; older versions are broken.", [nameof(Versions)]);
        if (Pins.FirstOrDefault(pin => !IsPin(pin)) is { } wrong)
            yield return new($"'{wrong}' is no pin: expected the SHA-256 of a public key, 44 characters of base64.", [nameof(Pins)]);
    }

    static bool IsPin(string pin)
    {
        Span<byte> hash = stackalloc byte[48];
        return Convert.TryFromBase64String(pin, hash, out var length) && length == 32;
    }
}

/// <summary>A certificate with its key, in one of three forms: PEM, PFX, or in the machine's store.</summary>
public sealed record ClientCertificateDefinition : IValidatableObject
{
    /// <summary>PEM file, or a reference to PEM; the certificates behind the first are sent along.</summary>
    public string? Pem { get; init; }

    /// <summary>Its key: PEM file, or a reference to PEM; default in <see cref="Pem"/>.</summary>
    public string? Key { get; init; }

    /// <summary>PFX (PKCS #12) file, or a reference to one in base64.</summary>
    public string? Pfx { get; init; }

    /// <summary>Reference to the password of the key or the PFX.</summary>
    [Secret]
    public string? Password { get; init; }

    /// <summary>Thumbprint of a certificate in the store.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>The store, with <see cref="Thumbprint"/>: <c>current-user</c> or <c>local-machine</c>; default current-user.</summary>
    [RegularExpression("current-user|local-machine")]
    public string StoreLocation { get; init; } = "current-user";

    /// <summary>The store's name; default <c>My</c>.</summary>
    public string StoreName { get; init; } = "My";

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        string?[] forms = [Pem, Pfx, Thumbprint];
        if (forms.Count(f => f is not null) != 1)
            yield return new("a client certificate is exactly one of 'pem', 'pfx' and 'thumbprint'.");
        if (Key is not null && Pem is null)
            yield return new("a 'key' belongs to a 'pem'.", [nameof(Key)]);
        if (Key?.Contains("PRIVATE KEY", StringComparison.Ordinal) is true || Pem?.Contains("PRIVATE KEY", StringComparison.Ordinal) is true)
            yield return new(string.Create(CultureInfo.InvariantCulture, $"the key itself stands in the configuration: expected a file, or a reference such as ${{file:/run/secrets/key}}."), [nameof(Key)]);
    }
}
