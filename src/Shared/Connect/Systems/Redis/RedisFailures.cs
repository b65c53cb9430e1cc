using System.Net.Sockets;
using System.Security.Authentication;
using DataIngestion.Contracts;
using StackExchange.Redis;

namespace DataIngestion.Connect;

/// <summary>What a failure of Redis means for a retry.</summary>
internal static class RedisFailures
{
    /// <summary>Whether an exception is one of the client's.</summary>
    public static bool IsOurs(Exception fault) => fault is RedisException or RedisCommandException or RedisTimeoutException or SocketException or IOException or ObjectDisposedException or AuthenticationException;

    /// <summary>The failure behind an exception.</summary>
    /// <param name="fault">The exception.</param>
    /// <param name="site">The source.</param>
    /// <param name="tunnel">Knows why a connection failed.</param>
    /// <param name="what">What was done, as the end of "when …".</param>
    public static StepFailedException Of(Exception fault, SourceSite site, GuardedTunnel tunnel, string what)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (fault is RedisServerException)
            return OfReply(fault.Message, fault, site, what);
        if (fault is RedisCommandException && fault.Message.Contains("database does not exist", StringComparison.Ordinal))
            return OfReply("ERR DB index is out of range", fault, site, what); // the client counts databases itself
        if (fault is RedisCommandException)
            return site.Fail("protocol-error", $"The client refused a command when {what} ({fault.Message}).", isTransient: false, fault);
        if (tunnel.Fault is StepFailedException refused)
            return refused;
        if (ReplyIn(fault) is { } reply)
            return OfReply(reply, fault, site, what);
        if (tunnel.Fault is TimeoutException slow)
            return site.Fail("timeout", $"The connection failed when {what} ({slow.Message}).", isTransient: true, slow);
        if (fault is RedisTimeoutException || (fault is RedisConnectionException { FailureType: ConnectionFailureType.UnableToConnect } && tunnel.Fault is null))
            return site.Fail("timeout", $"Redis did not answer within {site.Connection.Limits.AttemptTimeout} when {what}.", isTransient: true, fault);
        if (tunnel.Fault is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData })
            return site.Fail("source-unavailable", $"The host '{site.Address.Host}' has no address.", isTransient: true, fault);
        return site.Fail("source-unavailable", $"The connection failed when {what} ({(tunnel.Fault ?? fault).Message}).", isTransient: true, fault);
    }

    // The client wraps what the server said to our log-in, at any depth.
    static string? ReplyIn(Exception fault)
    {
        for (Exception? inner = fault; inner is not null; inner = inner.InnerException)
        {
            foreach (var word in (ReadOnlySpan<string>)["WRONGPASS", "NOAUTH", "NOPERM", "ERR AUTH", "invalid username-password", "invalid password"])
            {
                var at = inner.Message.IndexOf(word, StringComparison.Ordinal);
                if (at >= 0)
                    return inner.Message[at..];
            }

            if (inner is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure })
                return $"NOAUTH {inner.Message}";
            if (inner is RedisConnectionException { FailureType: ConnectionFailureType.Loading })
                return $"LOADING {inner.Message}";
        }

        return null;
    }

    static StepFailedException OfReply(string reply, Exception fault, SourceSite site, string what)
    {
        var (code, transient, advice) = Classify(reply);
        return site.Fail(code, $"Redis answered '{reply}' when {what}: {advice}.", transient, fault);
    }

    /// <summary>What an error that the server answers means.</summary>
    public static (string Code, bool IsTransient, string Advice) Classify(string reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return reply.Split(' ', 2)[0] switch
        {
            "WRONGPASS" or "NOAUTH" or "invalid" => ("unauthorized", false, "check the user and the password that 'auth' refers to"),
            "ERR" when reply.Contains("AUTH", StringComparison.Ordinal) => ("unauthorized", false, "check the user and the password that 'auth' refers to"),
            "ERR" when reply.Contains("DB index", StringComparison.Ordinal) => ("not-found", false, "there is no database of that number: check 'baseUrl'"),
            "ERR" when reply.Contains("max number of clients", StringComparison.Ordinal) => ("source-unavailable", true, "it has no place for another client now"),
            "NOPERM" => ("forbidden", false, "the user is known but its ACL does not allow this: the system's README lists the commands"),
            "WRONGTYPE" => ("configuration-invalid", false, "the key holds a value of another type: check 'object' and 'mode'"),
            "NOGROUP" => ("not-found", false, "the stream or its consumer group is gone"),
            "LOADING" or "MASTERDOWN" or "CLUSTERDOWN" or "TRYAGAIN" or "BUSY" or "READONLY" or "NOREPLICAS" or "UNBLOCKED" =>
                ("source-unavailable", true, "the server is starting, failing over or busy"),
            "OOM" => ("source-unavailable", true, "the server has no memory left"),
            "MISCONF" => ("source-unavailable", true, "the server cannot write to its disk"),
            _ => ("protocol-error", false, "expected another answer"),
        };
    }
}
