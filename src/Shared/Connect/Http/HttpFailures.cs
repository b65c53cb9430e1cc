using System.Net;
using System.Net.Sockets;
using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>What a status or a broken connection means for a retry.</summary>
internal static class HttpFailures
{
    const int QuotedBytes = 512;

    /// <summary>The failure that an answer is; null for a success.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="call">What was asked.</param>
    /// <param name="now">When it came.</param>
    /// <param name="head">The beginning of its body, where that was read already.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<StepFailedException?> OfAsync(
        HttpResponseMessage response, SourceCall call, DateTimeOffset now, ReadOnlyMemory<byte>? head, CancellationToken cancellationToken)
    {
        var status = response.StatusCode;
        var isUnaskedPart = status is HttpStatusCode.PartialContent && !call.Request.Headers.ContainsKey("Range");
        if ((response.IsSuccessStatusCode && !isUnaskedPart) || status is HttpStatusCode.NotModified)
            return null;

        var (code, transient, advice) = status switch
        {
            HttpStatusCode.PartialContent => ("unexpected-body", true, "expected the whole, not a part of it"),
            HttpStatusCode.Unauthorized => ("unauthorized", false, "check the credentials that 'auth' refers to"),
            HttpStatusCode.Forbidden => ("forbidden", false, "the credentials are known but not allowed to do this"),
            HttpStatusCode.NotFound or HttpStatusCode.Gone => ("not-found", false, "check 'baseUrl' and the request's 'path'"),
            HttpStatusCode.TooManyRequests => ("rate-limited", true, "lower 'requestsPerSecond' if this happens often"),
            HttpStatusCode.RequestTimeout => ("timeout", true, "the source waited too long for the request"),
            (HttpStatusCode)425 or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
                ("source-unavailable", true, "the source has a fault of its own"),
            >= HttpStatusCode.InternalServerError => ("source-error", false, "the source has a fault that trying again will not cure"),
            >= HttpStatusCode.BadRequest => ("request-refused", false, "check the request's 'path', 'query' and 'body'"),
            _ => ("redirect-refused", false, "expected an answer at this address"),
        };
        return new(new()
        {
            Code = code,
            Message = $"{call.Display} answered {(int)status} {status}: {advice}.{await QuoteAsync(response, call, head, cancellationToken)}",
            IsTransient = transient,
            RetryNotBefore = transient ? RetryAfter.Of(response, now) : null,
            HttpStatus = (int)status,
        });
    }

    /// <summary>The failure behind an exception of the HTTP client.</summary>
    public static StepFailedException Of(HttpRequestException request, SourceCall call)
    {
        for (Exception? inner = request; inner is not null; inner = inner.InnerException)
        {
            if (inner is StepFailedException known)
                return known; // the address guard and the policy for certificates speak from inside the connection
        }

        if (TlsFailures.Of(request, call.BaseAddress.IdnHost, call.Connection.Tls) is { } handshake)
            return new(handshake with { Message = $"{call.Display} could not be asked: {call.Secrets.Mask(handshake.Message)}", ErrorType = request.GetBaseException().GetType().Name });

        var host = call.BaseAddress.Host;
        var (code, message, transient) = request.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => ("source-unavailable", $"the host '{host}' has no address", true),
            HttpRequestError.ConfigurationLimitExceeded => ("response-too-large", "its headers are too long", false),
            _ when request.InnerException is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } =>
                ("source-unavailable", $"the host '{host}' has no address", true),
            _ => ("source-unavailable", $"the connection to '{host}' failed ({(request.InnerException ?? request).Message})", true),
        };
        return new(
            new()
            {
                Code = code,
                Message = $"{call.Display} could not be asked: {call.Secrets.Mask(message)}.",
                IsTransient = transient,
                ErrorType = (request.InnerException ?? request).GetType().Name,
            },
            request);
    }

    static async Task<string> QuoteAsync(HttpResponseMessage response, SourceCall call, ReadOnlyMemory<byte>? head, CancellationToken cancellationToken)
    {
        try
        {
            var text = TextQuote.Of((head is { } read ? read[..Math.Min(read.Length, QuotedBytes)] : await HeadAsync(response, call, cancellationToken)).Span, call.Secrets.Mask);
            return text.Length == 0 ? "" : $" It said: {text}";
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException or InvalidDataException or StepFailedException)
        {
            return ""; // the status says enough
        }
    }

    static async Task<ReadOnlyMemory<byte>> HeadAsync(HttpResponseMessage response, SourceCall call, CancellationToken cancellationToken)
    {
        var buffer = new byte[QuotedBytes];
        var body = await ResponseBody.OpenAsync(response, call.Display, cancellationToken);
        return buffer.AsMemory(0, await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken));
    }
}
