using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace DataIngestion.Connect;

/// <summary>Signs HTTP requests by AWS Signature Version 4, in headers.</summary>
internal static class SigV4
{
    /// <summary>Payload hash of a body that is not covered by the signature; S3 takes it over TLS.</summary>
    public const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    const string Algorithm = "AWS4-HMAC-SHA256";
    const string S3 = "s3";

    // What intermediaries and handlers behind this one add or change.
    static readonly HashSet<string> NotSigned = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Accept-Encoding", "Connection", "Content-Length", "Expect", "Transfer-Encoding", "User-Agent", "X-Amzn-Trace-Id", "traceparent", "tracestate",
    };

    /// <summary>Signs a request: sets <c>Authorization</c>, <c>X-Amz-Date</c>, and where they apply <c>X-Amz-Security-Token</c> and <c>X-Amz-Content-Sha256</c>.</summary>
    /// <param name="request">Address, headers and body are final.</param>
    /// <param name="credentials">Keys.</param>
    /// <param name="region">Such as <c>us-east-1</c>.</param>
    /// <param name="service">Such as <c>kinesis</c>.</param>
    /// <param name="now">The time as the service has it.</param>
    /// <param name="payloadHash">SHA-256 of the body in lower-case hexadecimal, or <see cref="UnsignedPayload"/>; null has it computed.</param>
    /// <param name="cancellationToken">Stops reading the body.</param>
    public static async ValueTask SignAsync(
        HttpRequestMessage request, AwsCredentials credentials, string region, string service, DateTimeOffset now, string? payloadHash = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(credentials);
        var address = request.RequestUri!;
        payloadHash ??= Hex(SHA256.HashData(request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken) : []));

        request.Headers.Host ??= address.IsDefaultPort ? address.IdnHost : $"{address.IdnHost}:{address.Port}";
        RequestHeader.Set(request, "X-Amz-Date", Stamp(now));
        if (credentials.SessionToken is { } token)
            RequestHeader.Set(request, "X-Amz-Security-Token", token);
        if (service == S3)
            RequestHeader.Set(request, "X-Amz-Content-Sha256", payloadHash);

        IEnumerable<KeyValuePair<string, HeaderStringValues>> headers = [.. request.Headers.NonValidated, .. request.Content?.Headers.NonValidated ?? default];
        var signed = headers.Where(h => !NotSigned.Contains(h.Key)).Select(h => KeyValuePair.Create(h.Key, h.Value.ToString()));
        var path = service == S3 ? Uri.UnescapeDataString(address.AbsolutePath) : Normal(address.AbsolutePath);
        RequestHeader.Set(request, "Authorization", Authorization(request.Method.Method, path, address.Query, signed, payloadHash, credentials, region, service, now));
    }

    /// <summary>The value of <c>Authorization</c>.</summary>
    /// <param name="method">GET, POST …</param>
    /// <param name="path">Path, to be escaped: for S3 as the key reads, for other services as it is sent, which escapes it twice.</param>
    /// <param name="query">Query as it is sent.</param>
    /// <param name="headers">Every header to be signed, <c>Host</c> and <c>X-Amz-Date</c> among them.</param>
    /// <param name="payloadHash">Hash of the body.</param>
    /// <param name="credentials">Keys.</param>
    /// <param name="region">Region.</param>
    /// <param name="service">Service.</param>
    /// <param name="now">Time of <c>X-Amz-Date</c>.</param>
    public static string Authorization(
        string method, string path, string query, IEnumerable<KeyValuePair<string, string>> headers, string payloadHash, AwsCredentials credentials, string region, string service, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        var lines = headers.Select(h => (Name: h.Key.ToLowerInvariant(), Value: Squeeze(h.Value))).OrderBy(h => h.Name, StringComparer.Ordinal).ToList();
        var names = string.Join(';', lines.Select(l => l.Name));
        var request = string.Join('\n', [method, EscapePath(path), CanonicalQuery(query), .. lines.Select(l => $"{l.Name}:{l.Value}"), "", names, payloadHash]);

        var day = now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var scope = $"{day}/{region}/{service}/aws4_request";
        var text = $"{Algorithm}\n{Stamp(now)}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(request)))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + credentials.SecretAccessKey);
        foreach (var part in (string[])[day, region, service, "aws4_request"])
            key = Hmac(key, part);
        return $"{Algorithm} Credential={credentials.AccessKeyId}/{scope}, SignedHeaders={names}, Signature={Hex(Hmac(key, text))}";
    }

    static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    static string Stamp(DateTimeOffset now) => now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    static string EscapePath(string path) => path.Length == 0 ? "/" : string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    // Uri has resolved '.' and '..'; what is left is repeated slashes.
    static string Normal(string path)
    {
        while (path.Contains("//", StringComparison.Ordinal))
            path = path.Replace("//", "/", StringComparison.Ordinal);
        return path;
    }

    static string CanonicalQuery(string query) => string.Join('&', query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.Split('=', 2))
        .Select(part => (Name: Escaped(part[0]), Value: part.Length > 1 ? Escaped(part[1]) : ""))
        .OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal)
        .Select(p => $"{p.Name}={p.Value}"));

    static string Escaped(string part) => Uri.EscapeDataString(Uri.UnescapeDataString(part));

    static string Squeeze(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
