using System.Net.Sockets;
using System.Security.Authentication;
using DataIngestion.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace DataIngestion.Connect;

/// <summary>What a failure of RabbitMQ means for a retry.</summary>
internal static class RabbitMqFailures
{
    /// <summary>Whether an exception is one of the client's: it reports timeouts as cancellation.</summary>
    public static bool IsOurs(Exception fault, CancellationToken cancellationToken) =>
        fault is RabbitMQClientException or SocketException or IOException or TimeoutException or AuthenticationException or ObjectDisposedException or AggregateException or System.Threading.Channels.ChannelClosedException
        || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>The failure behind an exception.</summary>
    /// <param name="fault">The exception.</param>
    /// <param name="site">The source.</param>
    /// <param name="what">What was done, as the end of "when …".</param>
    public static StepFailedException Of(Exception fault, SourceSite site, string what)
    {
        var all = Inner(fault).ToList();
        if (all.OfType<OperationInterruptedException>().FirstOrDefault(i => i.ShutdownReason is not null)?.ShutdownReason is { } reason)
            return Of(reason, site, what, fault);
        if (all.OfType<AuthenticationFailureException>().FirstOrDefault() is { } refused)
            return site.Fail("unauthorized", $"The log-in was refused when {what}: check the user and the password that 'auth' refers to.", isTransient: false, refused);
        if (all.OfType<StepFailedException>().FirstOrDefault() is { } known)
            return known;
        if (all.OfType<AuthenticationException>().FirstOrDefault() is { } handshake)
        {
            return TlsFailures.Of(handshake, site.Address.Host, site.Connection.Tls) is { } tls
                ? new(tls)
                : site.Fail("certificate-refused", $"TLS failed when {what} ({handshake.Message}).", isTransient: false, handshake);
        }

        if (all.OfType<SocketException>().Any(s => s.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData))
            return site.Fail("source-unavailable", $"A host of '{site.Address.Host}' has no address.", isTransient: true, fault);
        if (fault is TimeoutException or OperationCanceledException)
            return site.Fail("timeout", $"RabbitMQ did not answer within {site.Connection.Limits.AttemptTimeout} when {what}.", isTransient: true, fault);
        return site.Fail("source-unavailable", $"The connection failed when {what} ({all[^1].Message}).", isTransient: true, fault);
    }

    /// <summary>The failure that a closed channel or connection is.</summary>
    public static StepFailedException Of(ShutdownEventArgs reason, SourceSite site, string what, Exception? fault = null)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (reason.Initiator != ShutdownInitiator.Peer)
            return site.Fail("source-unavailable", $"The connection failed when {what} ({reason.Exception?.Message ?? reason.ReplyText}).", isTransient: true, fault);
        var (code, transient, advice) = Classify(reason.ReplyCode, reason.ReplyText);
        return site.Fail(code, $"RabbitMQ answered {reason.ReplyCode} '{reason.ReplyText}' when {what}: {advice}.", transient, fault);
    }

    /// <summary>What a reply code (AMQP 0-9-1) means.</summary>
    public static (string Code, bool IsTransient, string Advice) Classify(int replyCode, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        bool Says(string words) => text.Contains(words, StringComparison.OrdinalIgnoreCase);
        return replyCode switch
        {
            404 => ("not-found", false, "check 'object' and the virtual host in 'baseUrl'"),
            403 when Says("exclusive") => ("source-unavailable", true, "another consumer has the queue to itself now"),
            403 when Says("login was refused") => ("unauthorized", false, "check the user and the password that 'auth' refers to"),
            403 => ("forbidden", false, "the user may not do this: reading a queue needs the right 'read'"),
            405 => ("source-unavailable", true, "the queue belongs to another connection now"),
            406 when Says("timed out") => ("source-unavailable", true, "landing took longer than the broker waits for acknowledgements (consumer_timeout)"),
            406 => ("configuration-invalid", false, "the queue is of another kind than the options say"),
            530 when Says("not found") => ("not-found", false, "check the virtual host in 'baseUrl'"),
            530 when Says("refused") => ("forbidden", false, "the user may not use this virtual host"),
            530 => ("source-unavailable", true, "it has no place for another connection now"),
            320 or 506 or 541 or 311 or 313 => ("source-unavailable", true, "the broker is shutting down or has a fault of its own"),
            _ => ("protocol-error", false, "expected another answer"),
        };
    }

    static IEnumerable<Exception> Inner(Exception fault)
    {
        yield return fault;
        var inner = fault is AggregateException many ? many.InnerExceptions : fault.InnerException is { } one ? [one] : (IEnumerable<Exception>)[];
        foreach (var deeper in inner.SelectMany(Inner))
            yield return deeper;
    }
}
