using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>The objects of a Google Cloud Storage bucket below a prefix, over the JSON API (https://cloud.google.com/storage/docs/json_api/v1/objects).</summary>
internal sealed class GcsFiles(SourceSite site, HttpClient http, GcsOptions options) : IRemoteFiles
{
    const int MaxListingBytes = 32 << 20;

    readonly string _bucket = site.Address.Host;
    readonly ObjectPrefix _prefix = ObjectPrefix.Of(site.Address);

    public int Parallel => 8;

    public async Task<string> ProbeAsync(CancellationToken cancellationToken)
    {
        using var page = await ListAsync(null, recursive: true, token: null, most: 1, cancellationToken);
        return $"the bucket '{_bucket}' answers; {(page.RootElement.TryGetProperty("items", out _) ? "there are objects" : "there is no object")} below '{_prefix.Of(null)}'";
    }

    public async IAsyncEnumerable<RemoteFile> ListAsync(string? folder, bool recursive, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            using var page = await ListAsync(folder, recursive, token, most: 1000, cancellationToken);
            if (page.RootElement.TryGetProperty("items", out var items))
            {
                foreach (var item in items.EnumerateArray())
                {
                    if (_prefix.NameOf(item.GetProperty("name").GetString()!) is { } name)
                        yield return FileOf(name, item);
                }
            }

            token = page.RootElement.TryGetProperty("nextPageToken", out var next) ? next.GetString() : null;
        }
        while (token is not null);
    }

    public async Task<Stream> OpenReadAsync(RemoteFile file, long offset, CancellationToken cancellationToken)
    {
        var key = _prefix.KeyOf(file.Name);
        var thing = $"the object '{key}' of the bucket '{_bucket}'";
        var generation = file.ETag!.Split('-')[0];
        using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf($"download/storage/v1/b/{Uri.EscapeDataString(_bucket)}/o/{Uri.EscapeDataString(key)}", $"alt=media&generation={generation}"));
        if (offset > 0)
            request.Headers.Range = new(offset, null);
        var answer = await SendAsync(request, thing, cancellationToken);
        var isRest = answer.StatusCode is HttpStatusCode.PartialContent && answer.Content.Headers.ContentRange?.From == offset;
        var isThatVersion = !answer.Headers.TryGetValues("x-goog-generation", out var versions) || versions.First() == generation;
        if (isThatVersion && (offset == 0 || isRest))
            return new TranslatingStream(await answer.Content.ReadAsStreamAsync(cancellationToken), broken => HttpStoreFailures.OfConnection(broken, site, thing), answer);
        answer.Dispose();
        throw isThatVersion
            ? site.Fail("protocol-error", $"{thing}: asked for the bytes from {offset} on, and got others", isTransient: true)
            : site.Fail("file-changed", $"{thing} was replaced after it was listed", isTransient: false);
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    static RemoteFile FileOf(string name, JsonElement item) => new(
        name,
        long.Parse(item.GetProperty("size").GetString()!, CultureInfo.InvariantCulture),
        item.GetProperty("updated").GetDateTimeOffset(),
        item.GetProperty("generation").GetString())
    {
        Checksum = item.TryGetProperty("md5Hash", out var md5) ? $"md5:{Convert.ToHexStringLower(md5.GetBytesFromBase64())}"
            : item.TryGetProperty("crc32c", out var crc) ? $"crc32c:{Convert.ToHexStringLower(crc.GetBytesFromBase64())}" : null,
    };

    async Task<JsonDocument> ListAsync(string? folder, bool recursive, string? token, int most, CancellationToken cancellationToken)
    {
        var query = $"prefix={Uri.EscapeDataString(_prefix.Of(folder))}&maxResults={most}&fields=nextPageToken,items(name,size,updated,generation,md5Hash,crc32c)";
        if (!recursive)
            query += "&delimiter=%2F";
        if (token is not null)
            query += $"&pageToken={Uri.EscapeDataString(token)}";
        var thing = $"the bucket '{_bucket}'";
        using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf($"storage/v1/b/{Uri.EscapeDataString(_bucket)}/o", query));
        using var answer = await SendAsync(request, thing, cancellationToken);
        try
        {
            await using var body = new BoundedBody(await answer.Content.ReadAsStreamAsync(cancellationToken), MaxListingBytes, thing);
            return await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        }
        catch (JsonException broken)
        {
            throw site.Fail("protocol-error", $"{thing}: the listing is not JSON", isTransient: true, broken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw HttpStoreFailures.OfConnection(fault, site, thing);
        }
    }

    Uri AddressOf(string path, string query)
    {
        var payer = options.UserProject is { } project ? $"&userProject={Uri.EscapeDataString(project)}" : "";
        return new($"{options.Endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{path}?{query}{payer}");
    }

    async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string thing, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer;
        try
        {
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("DataIngestion", "0.1"));
            answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw HttpStoreFailures.OfConnection(fault, site, thing);
        }

        if (answer.IsSuccessStatusCode)
            return answer;
        var (code, advice, transient) = (int)answer.StatusCode switch
        {
            401 => ("unauthorized", "check the credentials that 'auth' refers to", false),
            403 => ("forbidden", "the credentials are known but not allowed to do this (storage.objects.list, storage.objects.get)", false),
            404 when thing.StartsWith("the bucket", StringComparison.Ordinal) => ("not-found", "it does not exist: check 'baseUrl'", false),
            404 => ("file-missing", "that version is gone", false),
            412 or 416 => ("file-changed", "it was replaced after it was listed", false),
            429 => ("rate-limited", "the store asks for fewer requests", true),
            408 or 425 or 500 or 502 or 503 or 504 => ("source-unavailable", "the store has a fault of its own", true),
            _ => ("request-refused", "the store does not accept the request", false),
        };
        var failed = site.Fail(code, $"{thing}: {(int)answer.StatusCode} {answer.StatusCode}: {advice}", transient);
        failed = transient && RetryAfter.Of(answer, site.Time.GetUtcNow()) is { } moment ? new(failed.Failure with { RetryNotBefore = moment, HttpStatus = (int)answer.StatusCode }) : failed;
        answer.Dispose();
        throw failed;
    }
}
