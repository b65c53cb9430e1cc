using System.Net;
using System.Net.WebSockets;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>What refused handshakes, close codes and broken connections mean.</summary>
internal static class WebSocketFailures
{
    static readonly Dictionary<string, (bool IsTransient, string Advice)> Known = new(StringComparer.Ordinal)
    {
        ["unauthorized"] = (false, "check the credentials that 'auth' or 'loginMessage' refers to"),
        ["forbidden"] = (false, "the credentials are known but not allowed to do this"),
        ["not-found"] = (false, "check 'baseUrl' and 'object'"),
        ["request-refused"] = (false, "check 'subscribe' and 'object'"),
        ["protocol-error"] = (false, "the source does not keep the protocol, or does not understand what it is sent"),
        ["redirect-refused"] = (false, "put the final address into the configuration"),
        ["rate-limited"] = (true, "connect and subscribe less often"),
        ["source-unavailable"] = (true, "the source has a fault of its own, or restarts"),
        ["timeout"] = (true, "the source waited too long"),
    };

    /// <summary>What a close code may be said to mean.</summary>
    public static IReadOnlyCollection<string> Meanings { get; } = ["unauthorized", "forbidden", "not-found", "request-refused", "rate-limited", "source-unavailable"];

    public static bool IsMeaning(string text) => Meanings.Contains(text);

    /// <summary>The failure that a refused handshake is.</summary>
    public static StepFailedException OfHandshake(SourceSite site, ClientWebSocket socket, Exception fault)
    {
        for (Exception? inner = fault; inner is not null; inner = inner.InnerException)
        {
            if (inner is StepFailedException known)
                return known; // the address guard speaks from inside the connection
            if (inner is System.Security.Authentication.AuthenticationException untrusted)
                return site.Fail("certificate-refused", $"the certificate of '{site.Address.IdnHost}' is not trusted ({untrusted.Message}).", isTransient: false, untrusted);
        }

        var status = socket.HttpStatusCode;
        var isUnanswered = (int)status == 0;
        if (isUnanswered || status is HttpStatusCode.SwitchingProtocols)
        {
            var cause = fault;
            while (cause.InnerException is { } inner)
                cause = inner;
            return isUnanswered
                ? site.Fail("source-unavailable", $"the connection to '{site.Address.IdnHost}' failed ({cause.Message}).", isTransient: true, cause)
                : site.Fail("protocol-error", $"it answered the handshake wrongly ({fault.Message}).", isTransient: false, fault);
        }

        var code = status switch
        {
            HttpStatusCode.Unauthorized => "unauthorized",
            HttpStatusCode.Forbidden => "forbidden",
            HttpStatusCode.NotFound or HttpStatusCode.Gone => "not-found",
            HttpStatusCode.TooManyRequests => "rate-limited",
            HttpStatusCode.RequestTimeout => "timeout",
            (HttpStatusCode)425 or >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented => "source-unavailable",
            >= HttpStatusCode.BadRequest => "request-refused",
            >= HttpStatusCode.Ambiguous => "redirect-refused",
            _ => "protocol-error",
        };
        var (transient, advice) = Known[code];
        var failure = site.Fail(code, $"it answered the handshake with {(int)status} {status}: {advice}.", transient, fault).Failure;
        return new(failure with { HttpStatus = (int)status, RetryNotBefore = transient ? RetryNotBefore(site, socket) : null });
    }

    /// <summary>The failure that a connection is which the source closed.</summary>
    public static StepFailedException OfClose(SourceSite site, WebSocketConnectionOptions options, WebSocketCloseStatus? status, string? description)
    {
        var number = (int?)status ?? 1005;
        var code = options.CloseCodes.GetValueOrDefault($"{number}") ?? number switch
        {
            1002 or 1003 or 1007 or 1010 => "protocol-error",
            1008 or 4403 => "forbidden",
            1009 => "request-refused",
            4401 => "unauthorized",
            4404 => "not-found",
            4429 => "rate-limited",
            _ => "source-unavailable", // going away, restart, try again later; of a vendor's own codes nobody knows
        };
        var (transient, advice) = Known[code];
        var said = string.IsNullOrWhiteSpace(description) ? "" : $" It said: {TextQuote.Of(System.Text.Encoding.UTF8.GetBytes(description), site.Mask)}";
        return site.Fail(code, $"it closed the connection with {number}: {advice}.{said}", transient);
    }

    /// <summary>The failure that a broken connection is.</summary>
    public static StepFailedException OfBreak(SourceSite site, Exception fault) =>
        site.Fail("source-unavailable", $"the connection broke off ({(fault.InnerException ?? fault).Message}).", isTransient: true, fault);

    static DateTimeOffset? RetryNotBefore(SourceSite site, ClientWebSocket socket)
    {
        using var answer = new HttpResponseMessage();
        if (socket.HttpResponseHeaders?.TryGetValue("Retry-After", out var values) is not true)
            return null;
        answer.Headers.TryAddWithoutValidation("Retry-After", values);
        return RetryAfter.Of(answer, site.Time.GetUtcNow());
    }
}
