using System.Security.Cryptography;
using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Whose key a server may show: fingerprints, and what OpenSSH's <c>known_hosts</c> says (plain, hashed and revoked entries).</summary>
internal sealed class HostKeys(string host, int port, IReadOnlyList<string> fingerprints, IReadOnlyList<string> knownHosts)
{
    readonly string _name = port == 22 ? host : $"[{host}]:{port}";

    /// <summary>Whether anything at all is known.</summary>
    public bool IsEmpty => fingerprints.Count == 0 && knownHosts.Count == 0;

    /// <summary>Whether a text is a fingerprint.</summary>
    public static bool IsFingerprint(string text) =>
        text.StartsWith("SHA256:", StringComparison.Ordinal) && text.AsSpan(7).TrimEnd('=').Length == 43 && Convert.TryFromBase64String(text[7..].TrimEnd('=') + "=", new byte[32], out _);

    /// <summary>The fingerprint of a key.</summary>
    public static string FingerprintOf(ReadOnlySpan<byte> key) => "SHA256:" + Convert.ToBase64String(SHA256.HashData(key)).TrimEnd('=');

    /// <summary>The options' keys, files read.</summary>
    /// <exception cref="StepFailedException">A file cannot be read.</exception>
    public static async Task<HostKeys> ReadAsync(SourceSite site, string host, int port, SftpOptions options, CancellationToken cancellationToken)
    {
        List<string> lines = [];
        foreach (var entry in options.KnownHosts.Select(k => site.Resolve(k)!))
        {
            if (entry.Contains(' ', StringComparison.Ordinal))
            {
                lines.AddRange(entry.Split('\n'));
                continue;
            }

            try
            {
                lines.AddRange(await File.ReadAllLinesAsync(entry, cancellationToken));
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                throw site.Fail("configuration-invalid", $"'knownHosts' names the file '{entry}', which cannot be read: {unreadable.Message}", isTransient: false, unreadable);
            }
        }

        return new(host, port, [.. options.HostKey.Select(k => site.Resolve(k)!.TrimEnd('='))], [.. lines.Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#')]);
    }

    /// <summary>Whether a server with that key may be talked to.</summary>
    public bool Trusts(byte[] key)
    {
        var trusted = fingerprints.Contains(FingerprintOf(key), StringComparer.Ordinal);
        foreach (var line in knownHosts)
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            var marker = words[0][0] == '@' ? words[0] : null;
            if (words.Length < (marker is null ? 3 : 4) || marker is "@cert-authority")
                continue;
            var (hosts, encoded) = marker is null ? (words[0], words[2]) : (words[1], words[3]);
            if (!IsSame(encoded, key) || !Names(hosts))
                continue;
            if (marker is "@revoked")
                return false;
            trusted = true;
        }

        return trusted;
    }

    bool Names(string hosts)
    {
        if (hosts.StartsWith("|1|", StringComparison.Ordinal))
            return IsHashed(hosts);
        var named = false;
        foreach (var pattern in hosts.Split(','))
        {
            var not = pattern.StartsWith('!');
            if (!FileNamePattern.IsMatch(not ? pattern[1..] : pattern, _name))
                continue;
            if (not)
                return false;
            named = true;
        }

        return named;
    }

    bool IsHashed(string entry)
    {
        var parts = entry.Split('|');
        Span<byte> salt = stackalloc byte[64], hash = stackalloc byte[64];
        return parts.Length == 4
            && Convert.TryFromBase64String(parts[2], salt, out var saltLength)
            && Convert.TryFromBase64String(parts[3], hash, out var hashLength)
#pragma warning disable CA5350 // the format's; it hides names, and proves nothing
            && hash[..hashLength].SequenceEqual(HMACSHA1.HashData(salt[..saltLength], Encoding.UTF8.GetBytes(_name)));
#pragma warning restore CA5350
    }

    static bool IsSame(string encoded, byte[] key)
    {
        var known = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, known, out var length) && known.AsSpan(0, length).SequenceEqual(key);
    }
}
