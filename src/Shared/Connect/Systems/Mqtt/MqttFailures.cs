using System.Net.Sockets;
using System.Security.Authentication;
using DataIngestion.Contracts;
using MQTTnet;
using MQTTnet.Exceptions;

namespace DataIngestion.Connect;

/// <summary>What a failure of an MQTT broker means for a retry.</summary>
internal static class MqttFailures
{
    /// <summary>Whether an exception is one of the client's: it reports timeouts as cancellation.</summary>
    public static bool IsOurs(Exception fault, CancellationToken cancellationToken) =>
        fault is MqttCommunicationException or MqttProtocolViolationException or SocketException or IOException or TimeoutException or AuthenticationException or ObjectDisposedException or InvalidOperationException
        || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>The failure behind an exception.</summary>
    /// <param name="fault">The exception.</param>
    /// <param name="site">The source.</param>
    /// <param name="what">What was done, as the end of "when …".</param>
    public static StepFailedException Of(Exception fault, SourceSite site, string what)
    {
        if (TlsFailures.Of(fault, site.Address.Host, site.Connection.Tls) is { } tls)
            return new(tls);
        for (Exception? inner = fault; inner is not null; inner = inner.InnerException)
        {
            if (inner is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData })
                return site.Fail("source-unavailable", $"The host '{site.Address.Host}' has no address.", isTransient: true, inner);
            if (inner is MqttClientUnexpectedDisconnectReceivedException { ReasonCode: { } reason })
                return OfDisconnect((MqttClientDisconnectReason)reason, site, what);
            if (inner is MqttCommunicationTimedOutException or TimeoutException or OperationCanceledException)
                return site.Fail("timeout", $"The broker did not answer within {site.Connection.Limits.AttemptTimeout} when {what}.", isTransient: true, inner);
        }

        return site.Fail("source-unavailable", $"The connection failed when {what} ({(fault.InnerException ?? fault).Message}).", isTransient: true, fault);
    }

    /// <summary>The failure of a connection that the broker does not accept.</summary>
    public static StepFailedException OfConnect(MqttClientConnectResultCode code, string? reason, SourceSite site)
    {
        var (name, transient, advice) = Classify(code);
        return site.Fail(name, $"The broker refused the connection with {(int)code} {code}{(string.IsNullOrEmpty(reason) ? "" : $" '{reason}'")}: {advice}.", transient);
    }

    /// <summary>The failure of a connection that the broker ended.</summary>
    public static StepFailedException OfDisconnect(MqttClientDisconnectReason code, SourceSite site, string what)
    {
        var (name, transient, advice) = Classify(code);
        return site.Fail(name, $"The broker ended the connection with {(int)code} {code} when {what}: {advice}.", transient);
    }

    /// <summary>What the answer to CONNECT means.</summary>
    public static (string Code, bool IsTransient, string Advice) Classify(MqttClientConnectResultCode code) => code switch
    {
        MqttClientConnectResultCode.BadUserNameOrPassword or MqttClientConnectResultCode.BadAuthenticationMethod => ("unauthorized", false, "check the user and the password that 'auth' refers to"),
        MqttClientConnectResultCode.NotAuthorized => ("unauthorized", false, "check 'auth', and whether the user may use this client id"),
        MqttClientConnectResultCode.Banned => ("forbidden", false, "the broker has banned this client"),
        MqttClientConnectResultCode.ClientIdentifierNotValid => ("configuration-invalid", false, "the broker does not take this client id: set 'clientId'"),
        MqttClientConnectResultCode.UnsupportedProtocolVersion => ("configuration-invalid", false, "the broker speaks another version: set 'version'"),
        MqttClientConnectResultCode.QoSNotSupported or MqttClientConnectResultCode.RetainNotSupported or MqttClientConnectResultCode.TopicNameInvalid => ("configuration-invalid", false, "the broker cannot do what the options ask for"),
        MqttClientConnectResultCode.UseAnotherServer or MqttClientConnectResultCode.ServerMoved => ("source-changed", false, "the broker has moved: ask its owner for the address"),
        MqttClientConnectResultCode.ServerUnavailable or MqttClientConnectResultCode.ServerBusy or MqttClientConnectResultCode.UnspecifiedError or MqttClientConnectResultCode.ImplementationSpecificError =>
            ("source-unavailable", true, "the broker is starting, busy or has a fault of its own"),
        MqttClientConnectResultCode.QuotaExceeded or MqttClientConnectResultCode.ConnectionRateExceeded => ("rate-limited", true, "the broker takes no more connections now"),
        _ => ("protocol-error", false, "expected another answer"),
    };

    /// <summary>What a DISCONNECT of the broker means.</summary>
    public static (string Code, bool IsTransient, string Advice) Classify(MqttClientDisconnectReason code) => code switch
    {
        MqttClientDisconnectReason.SessionTakenOver => ("session-taken", false, "another client uses the same client id: every dataset needs a 'clientId' of its own, and one reader at a time"),
        MqttClientDisconnectReason.NormalDisconnection => ("source-unavailable", true, "it is shutting down, or another client uses the same client id: every dataset needs a 'clientId' of its own"),
        MqttClientDisconnectReason.NotAuthorized or MqttClientDisconnectReason.BadAuthenticationMethod => ("unauthorized", false, "check the user and the password that 'auth' refers to"),
        MqttClientDisconnectReason.MessageRateTooHigh or MqttClientDisconnectReason.QuotaExceeded or MqttClientDisconnectReason.ConnectionRateExceeded => ("rate-limited", true, "the broker's quota is used up"),
        MqttClientDisconnectReason.UseAnotherServer or MqttClientDisconnectReason.ServerMoved => ("source-changed", false, "the broker has moved: ask its owner for the address"),
        MqttClientDisconnectReason.SharedSubscriptionsNotSupported or MqttClientDisconnectReason.WildcardSubscriptionsNotSupported or MqttClientDisconnectReason.QosNotSupported
            or MqttClientDisconnectReason.TopicFilterInvalid or MqttClientDisconnectReason.TopicNameInvalid => ("configuration-invalid", false, "the broker cannot do what 'object' or the options ask for"),
        MqttClientDisconnectReason.MalformedPacket or MqttClientDisconnectReason.ProtocolError or MqttClientDisconnectReason.ReceiveMaximumExceeded or MqttClientDisconnectReason.PacketTooLarge =>
            ("protocol-error", false, "expected another answer"),
        _ => ("source-unavailable", true, "it is shutting down or has a fault of its own"),
    };
}
