using System.Net.Sockets;
using System.Security.Authentication;
using Amqp;
using Amqp.Framing;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>What Event Hubs and the AMQP library report, in our words.</summary>
internal static class EventHubsFailures
{
    /// <summary>A failure of a source, from an AMQP error.</summary>
    public static StepFailedException Of(SourceSite site, string what, Error? error)
    {
        var condition = error?.Condition?.ToString() ?? "";
        var said = $"{what} failed: {(condition.Length > 0 ? condition : "the connection was closed")} {error?.Description}".TrimEnd() + ".";
        return condition switch
        {
            "amqp:unauthorized-access" => site.Fail("unauthorized", $"{said} Check the key or token, and that it may listen.", isTransient: false),
            "amqp:not-found" or "com.microsoft:entity-disabled" or "com.microsoft:messaging-entity-disabled" =>
                site.Fail("not-found", $"{said} Check 'object' and 'consumerGroup'.", isTransient: false),
            "amqp:link:stolen" => site.Fail("source-taken", $"{said} Another reader with the same or a higher 'ownerLevel' has the partition.", isTransient: false),
            "com.microsoft:server-busy" or "amqp:resource-limit-exceeded" => site.Fail("rate-limited", said, isTransient: true),
            "com.microsoft:timeout" => site.Fail("timeout", said, isTransient: true),
            "com.microsoft:argument-error" or "com.microsoft:argument-out-of-range" or "amqp:invalid-field" or "amqp:not-allowed" or "amqp:not-implemented" =>
                site.Fail("configuration-invalid", said, isTransient: false),
            _ => site.Fail("source-unavailable", said, isTransient: true),
        };
    }

    /// <summary>A failure of a source, from an exception.</summary>
    public static StepFailedException Of(SourceSite site, string what, Exception fault) => fault switch
    {
        StepFailedException known => known,
        AmqpException { Error: { } error } => Of(site, what, error),
        AuthenticationException refused => site.Fail("certificate-refused", $"{what} failed: {refused.Message}", isTransient: false, refused),
        TimeoutException or OperationCanceledException => site.Fail("timeout", $"{what} was not done within {Duration.Format(site.Connection.Limits.AttemptTimeout)}.", isTransient: true, fault),
        SocketException or IOException or AmqpException or ObjectDisposedException => site.Fail("source-unavailable", $"{what} failed: {fault.Message}", isTransient: true, fault),
        _ => site.Fail("source-unavailable", $"{what} failed: {fault.Message}", isTransient: true, fault),
    };

    /// <summary>A failure of a source, from the status of a request.</summary>
    public static StepFailedException Of(SourceSite site, string what, int status, string? description)
    {
        var said = $"{what} was refused: {status} {description}".TrimEnd() + ".";
        return status switch
        {
            401 => site.Fail("unauthorized", $"{said} Check the key or token.", isTransient: false),
            403 => site.Fail("forbidden", $"{said} The token's owner needs the right to listen.", isTransient: false),
            404 => site.Fail("not-found", $"{said} Check 'object'.", isTransient: false),
            408 => site.Fail("timeout", said, isTransient: true),
            429 => site.Fail("rate-limited", said, isTransient: true),
            >= 500 => site.Fail("source-unavailable", said, isTransient: true),
            _ => site.Fail("protocol-error", said, isTransient: false),
        };
    }
}
