using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>The links of an instance, as a start over HTTP answers them.</summary>
/// <param name="Id">The instance id.</param>
internal sealed record DurableStartPayload(
    string Id,
    string StatusQueryGetUri,
    string SendEventPostUri,
    string TerminatePostUri,
    string PurgeHistoryDeleteUri,
    string SuspendPostUri,
    string ResumePostUri);

/// <summary>Builds the 202 answer to a start, whose links point at <see cref="DurableManagementEndpoints"/>.</summary>
internal static class DurableStartResponse
{
    /// <summary>Seconds a caller should wait before asking for the status.</summary>
    public const int RetryAfterSeconds = 10;

    static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>The whole answer: 202, <c>Location</c>, <c>Retry-After</c> and the links.</summary>
    /// <param name="request">The request that started the instance; its scheme and host are those of the links.</param>
    /// <param name="query">Appended to each link, such as <c>code=…</c>; null or empty for none.</param>
    public static IResult Accepted(HttpRequest request, string instanceId, string? query = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var payload = Create(new($"{request.Scheme}://{request.Host}"), instanceId, query);
        request.HttpContext.Response.Headers.Location = payload.StatusQueryGetUri;
        request.HttpContext.Response.Headers.RetryAfter = $"{RetryAfterSeconds}";
        return Results.Json(payload, Web, statusCode: StatusCodes.Status202Accepted);
    }

    /// <param name="baseUri">Scheme, host and port the caller used, such as <c>http://127.0.0.1:7071</c>.</param>
    /// <param name="query">Appended to each link, such as <c>code=…</c>; null or empty for none.</param>
    public static DurableStartPayload Create(Uri baseUri, string instanceId, string? query = null)
    {
        ArgumentNullException.ThrowIfNull(baseUri);
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var instance = $"{baseUri.GetLeftPart(UriPartial.Authority)}/runtime/webhooks/durabletask/instances/{Uri.EscapeDataString(instanceId)}";
        return new(
            instanceId,
            Link(instance, null, query),
            Link($"{instance}/raiseEvent/{{eventName}}", null, query),
            Link($"{instance}/terminate", "reason={text}", query),
            Link(instance, null, query),
            Link($"{instance}/suspend", "reason={text}", query),
            Link($"{instance}/resume", "reason={text}", query));
    }

    static string Link(string url, string? own, string? common)
    {
        var query = string.Join('&', new[] { own, common }.Where(part => !string.IsNullOrEmpty(part)));
        return query.Length == 0 ? url : $"{url}?{query}";
    }
}
