using System.Net.Http.Headers;
using DataIngestion.Storage.Usage;

namespace DataIngestion.Connect;

/// <summary>
/// Counts what is sent to sources, and what they say that they answer, for the invocation that asks (<see cref="UsageScope"/>). What is sent is the
/// request as HTTP/1.1 writes it, without what TLS adds; answers without a length count as none here, and as what landed of them.
/// </summary>
internal sealed class TrafficMeter : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (UsageScope.Current is not { } usage)
            return await base.SendAsync(request, cancellationToken);

        var sent = request.Method.Method.Length + (request.RequestUri?.OriginalString.Length ?? 0) + LengthOf(request.Headers)
            + (request.Content is { } body ? LengthOf(body.Headers) + (body.Headers.ContentLength ?? 0) : 0);
        usage.CountSource(sent, 0); // before it is known whether an answer comes: what is sent is sent
        var response = await base.SendAsync(request, cancellationToken);
        usage.CountSource(0, response.Content.Headers.ContentLength ?? 0);
        return response;
    }

    // Name, colon and space, value, line end.
    static long LengthOf(HttpHeaders headers)
    {
        var length = 0L;
        foreach (var (name, values) in headers.NonValidated)
            length += name.Length + 4 + values.ToString().Length;
        return length;
    }
}
