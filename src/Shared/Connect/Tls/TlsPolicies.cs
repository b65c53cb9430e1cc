using System.Collections.Concurrent;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// The policies of HTTP sources by their fingerprint, which is part of the name of a source's client: a certificate that was changed, on
/// disk or behind its reference, gives a new client, and the connections of the old one run out.
/// </summary>
internal sealed class TlsPolicies(TimeProvider time)
{
    readonly ConcurrentDictionary<string, TlsPolicy> _policies = new(StringComparer.Ordinal);

    /// <summary>The fingerprint of what a connection says; empty for the defaults.</summary>
    /// <exception cref="StepFailedException">A certificate or key cannot be read (<c>configuration-invalid</c>).</exception>
    public string FingerprintOf(ConnectionDefinition connection, Uri address, SourceSecrets secrets)
    {
        var key = connection.Tls is { } definition ? $"{address.IdnHost}/{TlsMaterials.Fingerprint(definition, secrets)}" : $"{address.IdnHost}/";
        if (!_policies.ContainsKey(key))
            _policies.TryAdd(key, new(connection.Tls, address.IdnHost, secrets, time));
        return key;
    }

    /// <summary>The policy of a fingerprint.</summary>
    public TlsPolicy Of(string fingerprint) => _policies[fingerprint];
}
