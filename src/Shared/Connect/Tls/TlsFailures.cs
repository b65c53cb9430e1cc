using System.Security.Authentication;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>What broke a handshake, where it was not the certificate of the server.</summary>
internal static class TlsFailures
{
    /// <summary>Code and words for a handshake that failed; null when the exception is of something else.</summary>
    /// <param name="fault">From TLS, or from something that wraps it.</param>
    /// <param name="host">Where to.</param>
    /// <param name="definition">What the connection says.</param>
    public static Failure? Of(Exception fault, string host, TlsDefinition? definition)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var texts = new List<string>();
        var isTls = false;
        for (Exception? inner = fault; inner is not null; inner = inner.InnerException)
        {
            if (inner is StepFailedException known)
                return known.Failure;
            isTls |= inner is AuthenticationException;
            texts.Add(inner.Message);
        }

        var said = string.Join(' ', texts);
        bool Says(params ReadOnlySpan<string> words)
        {
            foreach (var word in words)
            {
                if (said.Contains(word, StringComparison.OrdinalIgnoreCase))
                    return true;
            }

            return false;
        }

        if (Says("certificate required", "bad certificate", "alert bad_certificate", "unknown ca", "alert unknown_ca", "certificate unknown", "certificate expired", "certificate revoked"))
            return Refused($"'{host}' {(definition?.ClientCertificate is null ? "demands a client certificate: set 'tls.clientCertificate'" : "refuses our client certificate: check 'tls.clientCertificate' and whether its owner knows it")}.");
        if (!isTls)
            return null;
        return Says("protocol version", "unsupported protocol", "no protocols available", "wrong version number", "unsupported_protocol", "no_protocols")
            ? Refused($"'{host}' speaks none of the versions of TLS that are allowed ({string.Join(", ", (definition ?? new()).Versions)}), or no TLS at all: its owner has to offer 1.2 or 1.3.")
            : Refused($"the handshake with '{host}' failed ({fault.GetBaseException().Message}).");
    }

    static Failure Refused(string message) => new() { Code = "certificate-refused", Message = message };
}
