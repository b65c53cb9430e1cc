using System.ComponentModel.DataAnnotations;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>How an SFTP server is reached. One of <see cref="HostKey"/> and <see cref="KnownHosts"/> says whom we talk to.</summary>
public sealed record SftpOptions : IValidatableObject
{
    /// <summary>Fingerprints that the server's key may have, as OpenSSH writes them: <c>SHA256:…</c>. Several while a key is replaced.</summary>
    public IReadOnlyList<string> HostKey { get; init; } = [];

    /// <summary>Files in the format of OpenSSH's <c>known_hosts</c>, or lines of one.</summary>
    public IReadOnlyList<string> KnownHosts { get; init; } = [];

    /// <summary>How often an idle connection is kept alive; default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether algorithms that are no longer safe (SHA-1, CBC, 3DES) may be used, for servers that know no others; default false.</summary>
    public bool WeakAlgorithms { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var wrong in HostKey.Where(k => !HostKeys.IsFingerprint(k) && !SecretReference.IsReference(k)))
            yield return new($"'{wrong}' is not a fingerprint: expected 'SHA256:' and 43 characters, as 'ssh-keyscan HOST | ssh-keygen -lf -' prints it.", [nameof(HostKey)]);
    }
}

/// <summary>Log-in with a private key.</summary>
internal sealed record SshKeyOptions
{
    /// <summary>User name; may be a reference.</summary>
    [Required]
    public required string User { get; init; }

    /// <summary>Reference to the private key: OpenSSH, PKCS#1, PKCS#8 or PuTTY text, or that in base64 on one line.</summary>
    [Secret]
    public required string Value { get; init; }

    /// <summary>Reference to the passphrase of the key; null for none.</summary>
    [Secret]
    public string? Passphrase { get; init; }

    /// <summary>Reference to a password, for servers that ask for a key and a password.</summary>
    [Secret]
    public string? Password { get; init; }
}
