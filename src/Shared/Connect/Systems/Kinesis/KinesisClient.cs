using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>A shard of a stream: a range of hash keys, from its beginning until it is split or merged.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Parents">Shards whose records come before its own.</param>
/// <param name="IsClosed">Whether nothing is written to it any more.</param>
internal sealed record KinesisShard(string Id, IReadOnlyList<string> Parents, bool IsClosed);

/// <summary>The API of Kinesis (JSON 1.1), its requests signed and its refusals in our words.</summary>
internal sealed class KinesisClient(SourceSite site, HttpClient http, Authentications authentications) : IDisposable
{
    const string Expired = "ExpiredIteratorException";
    const string Namespace = "Kinesis_20131202.";

    /// <summary>Bytes that an answer may have: 10 MiB of data, as base64, and what stands around it.</summary>
    const int LongestAnswer = 32 << 20;

    /// <summary>The source.</summary>
    public SourceSite Site => site;

    /// <summary>Asks; the answer is the caller's to dispose.</summary>
    /// <exception cref="StepFailedException">It was refused.</exception>
    public async Task<JsonDocument> AskAsync(string action, JsonObject question, CancellationToken cancellationToken)
    {
        var (answer, failure) = await TryAskAsync(action, question, cancellationToken);
        return answer ?? throw failure!.Exception;
    }

    /// <summary>All shards of a stream that still have records or may get some.</summary>
    public async Task<IReadOnlyList<KinesisShard>> ShardsAsync(string stream, CancellationToken cancellationToken)
    {
        var shards = new List<KinesisShard>();
        string? next = null;
        do
        {
            using var answer = await AskAsync("ListShards", next is null ? new() { ["StreamName"] = stream } : new() { ["NextToken"] = next }, cancellationToken);
            foreach (var shard in answer.RootElement.GetProperty("Shards").EnumerateArray())
            {
                shards.Add(new(
                    shard.GetProperty("ShardId").GetString()!,
                    [.. new[] { TextOf(shard, "ParentShardId"), TextOf(shard, "AdjacentParentShardId") }.OfType<string>()],
                    shard.TryGetProperty("SequenceNumberRange", out var range) && TextOf(range, "EndingSequenceNumber") is not null));
            }

            next = TextOf(answer.RootElement, "NextToken");
        }
        while (next is not null);
        return shards;
    }

    /// <summary>Something to read a shard with from a mark on; good for five minutes.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="mark">Where to begin.</param>
    /// <param name="orLatest">Whether a time that the service's clock has not reached means what comes from now on.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<string> IteratorAsync(string stream, string shard, KinesisMark mark, bool orLatest, CancellationToken cancellationToken)
    {
        var question = new JsonObject { ["StreamName"] = stream, ["ShardId"] = shard };
        if (mark.Sequence is { } sequence)
            (question["ShardIteratorType"], question["StartingSequenceNumber"]) = (mark.Taken > 0 ? "AT_SEQUENCE_NUMBER" : "AFTER_SEQUENCE_NUMBER", sequence);
        else if (mark.Time is { } time)
            (question["ShardIteratorType"], question["Timestamp"]) = ("AT_TIMESTAMP", time.ToUnixTimeMilliseconds() / 1000m);
        else
            question["ShardIteratorType"] = "TRIM_HORIZON";
        var (found, refusal) = await TryAskAsync("GetShardIterator", question, cancellationToken);
        if (refusal is { Type: "InvalidArgumentException" } && mark.Time is not null && orLatest)
        {
            question["ShardIteratorType"] = "LATEST";
            question.Remove("Timestamp");
            (found, refusal) = await TryAskAsync("GetShardIterator", question, cancellationToken);
        }

        using var answer = found ?? throw refusal!.Exception;
        return TextOf(answer.RootElement, "ShardIterator") ?? throw site.Fail("protocol-error", "The answer to GetShardIterator has no 'ShardIterator'.", isTransient: false);
    }

    /// <summary>Records behind an iterator; null when the iterator has expired, with a pause when asked for less.</summary>
    public async Task<(JsonDocument? Records, bool IsThrottled)> RecordsAsync(string iterator, CancellationToken cancellationToken)
    {
        var (answer, refusal) = await TryAskAsync("GetRecords", new() { ["ShardIterator"] = iterator, ["Limit"] = 10_000 }, cancellationToken);
        if (answer is not null || refusal!.Type == Expired)
            return (answer, false);
        return refusal.Exception.Failure.Code == "rate-limited" ? (null, true) : throw refusal.Exception;
    }

    /// <summary>A member that is a text; null otherwise.</summary>
    public static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    public void Dispose() => http.Dispose();

    async Task<(JsonDocument? Answer, Refusal? Refusal)> TryAskAsync(string action, JsonObject question, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var late = new CancellationTokenSource(site.Connection.Limits.AttemptTimeout, site.Time);
        await using var _ = late.Token.Register(limit.Cancel);
        try
        {
            for (var mended = false; ; mended = true)
            {
                using var response = await SendAsync(action, question, limit.Token);
                if (response.IsSuccessStatusCode)
                    return (await ReadAsync(response, limit.Token), null);
                await response.Content.LoadIntoBufferAsync(64 << 10, limit.Token);
                if (mended || Authentication() is not var (way, context) || !await way.MendAsync(response, context, limit.Token))
                    return (null, RefusalOf(action, response.StatusCode, await response.Content.ReadAsStringAsync(limit.Token)));
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw site.Fail("timeout", $"{action} was not answered within {Duration.Format(site.Connection.Limits.AttemptTimeout)}.", isTransient: true);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or SocketException)
        {
            throw fault.InnerException as StepFailedException ?? site.Fail("source-unavailable", $"{action} failed: {fault.Message}", isTransient: true, fault);
        }
        catch (JsonException fault)
        {
            throw site.Fail("protocol-error", $"The answer to {action} is not JSON: {fault.Message}", isTransient: true, fault);
        }
    }

    async Task<HttpResponseMessage> SendAsync(string action, JsonObject question, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, site.Address)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(question.ToJsonString())) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1") } },
        };
        request.Headers.TryAddWithoutValidation("X-Amz-Target", Namespace + action);
        if (Authentication() is var (way, context))
            await way.AuthenticateAsync(request, context, cancellationToken);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    static async Task<JsonDocument> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(LongestAnswer, cancellationToken);
        return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    (IAuthenticationKind Way, AuthenticationContext Context)? Authentication() =>
        site.Connection.Auth is { Kind: { } kind } auth && authentications.Find(kind) is { } way
            ? (way, new(site.Source.Source, auth with { Options = new Dictionary<string, string>(auth.Options) { ["service"] = "kinesis" } }, site.Secrets))
            : null;

    Refusal RefusalOf(string action, HttpStatusCode status, string body)
    {
        var (type, message) = ("", body);
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind is JsonValueKind.Object)
                (type, message) = (TextOf(document.RootElement, "__type")?.Split('#')[^1] ?? "", TextOf(document.RootElement, "message") ?? TextOf(document.RootElement, "Message") ?? "");
        }
        catch (JsonException)
        {
            // A proxy's words are as good.
        }

        var said = $"{action} was refused: {(int)status} {type} {message[..Math.Min(message.Length, 500)]}".TrimEnd();
        return new(type, type switch
        {
            "ProvisionedThroughputExceededException" or "LimitExceededException" or "KMSThrottlingException" or "ThrottlingException" => site.Fail("rate-limited", said, isTransient: true),
            "ResourceNotFoundException" => site.Fail("not-found", $"{said}. Check 'object' and the region.", isTransient: false),
            "ResourceInUseException" => site.Fail("source-unavailable", said, isTransient: true),
            "AccessDeniedException" or "KMSAccessDeniedException" or "KMSDisabledException" or "KMSNotFoundException" or "KMSOptInRequired" or "KMSInvalidStateException" =>
                site.Fail("forbidden", $"{said}. Reading needs kinesis:ListShards, GetShardIterator and GetRecords, and the right to decrypt.", isTransient: false),
            "RequestTimeTooSkewed" or "RequestExpired" => site.Fail("unauthorized", $"{said}. The clock of this machine differs from the service's.", isTransient: false),
            "UnrecognizedClientException" or "InvalidSignatureException" or "SignatureDoesNotMatch" or "IncompleteSignatureException" or "MissingAuthenticationTokenException"
                or "InvalidClientTokenId" or "ExpiredTokenException" or "NotAuthorized" => site.Fail("unauthorized", $"{said}. Check keys and region of 'auth'.", isTransient: false),
            "InvalidArgumentException" or "ValidationException" or "SerializationException" => site.Fail("configuration-invalid", said, isTransient: false),
            _ when status is HttpStatusCode.TooManyRequests => site.Fail("rate-limited", said, isTransient: true),
            _ when status is HttpStatusCode.Unauthorized => site.Fail("unauthorized", said, isTransient: false),
            _ when status is HttpStatusCode.Forbidden => site.Fail("forbidden", said, isTransient: false),
            _ => site.Fail("source-unavailable", said, isTransient: status >= HttpStatusCode.InternalServerError || status is HttpStatusCode.RequestTimeout),
        });
    }

    sealed record Refusal(string Type, StepFailedException Exception);
}
